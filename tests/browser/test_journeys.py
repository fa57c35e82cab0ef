"""A day of one server with real programs, in the order in which it happens.

Whatever the programs and their job can name, say or leave behind would run if a page let it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.acceptance.commands import place_in, wait_until
from tests.browser.conftest import TIMEOUT_MS, listen
from tests.browser.served import HOSTILE, LINES, Server, submit_lab
from tests.browser.test_overview import draw

JOB = "/jobs/lab"
FROM_END = "box => box.scrollHeight - box.scrollTop - box.clientHeight"
INJECTED = "main script, main iframe, img[onerror], [onclick]"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with place_in(tmp_path_factory.mktemp("day")) as place:
        found = Server.begun(place)
        try:
            submit_lab(found)
            yield found
        finally:
            found.end()


@pytest.fixture(scope="module")
def visitor(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=server.url, locale="en-US", reduced_motion="reduce", color_scheme="dark"
    )
    context.set_default_timeout(2 * TIMEOUT_MS)
    with server.client() as client:
        context.new_page().goto(client.invite("/jobs"))
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext) -> Iterator[Page]:
    """A page; nothing on it may run, open a window or complain."""
    found = visitor.new_page()
    complaints = listen(found)
    found.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    yield found
    assert found.evaluate("globalThis.__pwned") is None
    assert found.locator(INJECTED).count() == 0
    assert complaints == []
    found.close()


def log_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Log 1")


def test_a_long_log_is_followed_read_and_searched_while_it_is_written(
    page: Page, server: Server
) -> None:
    page.goto(f"{JOB}/trials/1")
    box = log_of(page)
    expect(box).to_contain_text(f"begin {HOSTILE}")
    server.place.flag("log").touch()
    expect(box).to_contain_text("epoch 01999")
    early = box.locator("> div").nth(3).element_handle()
    expect(box).to_contain_text("100 % |##########|")
    assert box.evaluate(FROM_END) < 30
    # What was printed is painted once, however much comes behind it.
    assert early.evaluate("block => block.isConnected")
    text = box.inner_text()
    assert f"epoch {LINES - 1:05d}" in text
    assert " 99 % |" not in text
    assert "\x1b" not in text
    assert box.locator(".sgr-green").first.inner_text().startswith("loss ")

    box.hover()
    page.mouse.wheel(0, -3000)
    follow = page.get_by_role("button", name="Follow")
    expect(follow).to_have_attribute("aria-pressed", "false")
    read = box.evaluate("box => box.scrollTop")
    server.place.flag("more").touch()
    expect(box).to_contain_text("after the wait")
    assert box.evaluate("box => box.scrollTop") == read
    follow.click()
    assert box.evaluate(FROM_END) < 30

    field = page.get_by_label("Find in the log")
    field.fill("epoch 0123")
    card = page.get_by_role("region", name="Log", exact=True)
    expect(card.get_by_role("status")).to_have_text("1 of 10")
    field.press("Enter")
    field.press("Enter")
    expect(card.get_by_role("status")).to_have_text("3 of 10")
    expect(box.locator("mark[data-current]")).to_be_in_viewport()
    field.press("Shift+Enter")
    expect(card.get_by_role("status")).to_have_text("2 of 10")


def test_a_trial_is_run_again_and_varied_and_another_one_is_stopped(
    page: Page, server: Server
) -> None:
    page.goto(f"{JOB}/trials/2")
    expect(page.get_by_role("region", name="Trial 2")).to_contain_text("Failed")
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_role("link", name="Trial 8 was added")).to_be_visible()
    page.goto(f"{JOB}/trials/3")
    page.get_by_role("button", name="Run variation").click()
    form = page.get_by_role("dialog", name="Run a variation of trial 3")
    form.get_by_label("x", exact=True).fill("7")
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_role("alert")).to_contain_text(
        "parameters.x must be a number from 0.0 to 1.0, got 7"
    )
    form.get_by_label("x", exact=True).fill("0.125")
    form.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("link", name="Trial 9 was added").click()
    expect(page.get_by_role("region", name="Trial 9")).to_contain_text("Queued")
    page.get_by_role("button", name="Run again").click()
    refused = page.get_by_role("dialog", name="Trial 9")
    expect(refused).to_contain_text("the job has all of its 9 trials")
    page.keyboard.press("Escape")
    expect(refused).to_have_count(0)

    page.goto(f"{JOB}/trials/1")
    page.get_by_role("button", name="Stop trial").click()
    expect(page.get_by_role("region", name="Trial 1")).to_contain_text("Stopped")
    expect(page.get_by_role("button", name="Stop trial")).to_have_count(0)
    page.goto(f"{JOB}/trials/9")
    told = page.get_by_role("region", name="Trial 9")
    expect(told).to_contain_text("Completed")
    expect(told).to_contain_text("0.125")
    with server.client() as client:
        found = {one["number"]: one for one in client.trials("lab")}
    assert (found[9]["objective"], found[9]["why"]["like"]) == (0.125, 3)
    assert found[8]["parameters"] == found[2]["parameters"]
    assert [found[n]["state"] for n in (1, 2, 8)] == ["stopped", "failed", "succeeded"]


def test_nothing_that_a_program_or_its_job_says_ever_runs(page: Page) -> None:
    page.goto(f"{JOB}/trials/2")
    expect(page.get_by_role("region", name="Trial 2")).to_contain_text(HOSTILE)
    page.goto(f"{JOB}/trials/3")
    page.get_by_role("button", name="View <img").click()
    expect(page.get_by_role("dialog")).to_contain_text(HOSTILE)
    page.keyboard.press("Escape")
    for path in (
        "/jobs",
        JOB,
        f"{JOB}/trials",
        *(f"{JOB}/charts/{kind}" for kind in ("curves", "parallel", "scatter", "slice")),
        f"{JOB}/config",
        f"{JOB}/events",
        f"{JOB}/extend",
        "/compare?t=lab:2,lab:3",
        f"/jobs/new?from=lab&view=split&x={HOSTILE}",
    ):
        page.goto(path)
        expect(page.locator(".skeleton")).to_have_count(0)
        assert page.locator(INJECTED).count() == 0, path
        assert page.evaluate("globalThis.__pwned") is None, path


def test_a_server_that_was_killed_is_found_again_with_what_happened_meanwhile(
    page: Page, server: Server
) -> None:
    page.goto(f"{JOB}/trials")
    rows = page.get_by_role("row")
    expect(rows).to_have_count(10)
    page.evaluate("globalThis.__same = true")
    server.kill()
    expect(page.get_by_text("reconnecting")).to_be_visible()
    expect(page.get_by_text("The server has not answered since")).to_be_visible()
    expect(rows).to_have_count(10)
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("region", name="Progress")).to_contain_text("7 of 9 trials")
    expect(page.get_by_role("alert")).to_have_count(0)
    # The programs go on without a server.
    server.place.flag("go").touch()
    records = server.place.data / "jobs" / "lab" / "trials"
    wait_until(lambda: len(list(records.glob("*/exit.json"))) >= 9, "all programs have ended")
    server.again()
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Progress")).to_contain_text("9 of 9 trials")
    expect(page.get_by_text("The server has not answered")).to_have_count(0)
    assert page.evaluate("globalThis.__same"), "the page was loaded anew"


def test_a_range_that_is_drawn_becomes_a_job_that_runs_is_stopped_and_deleted(
    page: Page, server: Server
) -> None:
    page.goto(JOB)
    draw(page, "x", 0.2, 0.6)
    page.get_by_role("link", name="Use ranges in a new job").click()
    low, high = page.get_by_label("Range of x", exact=True).input_value().split("..")
    page.get_by_label("Further trials").fill("1")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("lab")
    name = page.get_by_role("heading", level=1).inner_text()
    with server.client() as client:
        x = client.spec(name)["parameters"][0]
        assert (x["name"], x["min"], x["max"]) == ("x", float(low), float(high))
        page.get_by_role("button", name="Stop job").click()
        page.get_by_role("dialog").get_by_role("button", name="Stop job").click()
        expect(page.locator(".page-title")).to_contain_text("Cancelled")
        client.delete(name)
    expect(page.get_by_role("heading", name="This job was deleted")).to_be_visible()
