"""Trials that people mark, choose by their values and watch."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import jobs
from tests.browser.conftest import Console
from tests.contracts.store_contract import make_report

JOB = "/jobs/babyweight"


def test_a_star_is_a_tag_that_facets_and_filters_find(page: Page, console: Console) -> None:
    page.goto(f"{JOB}/trials?facets=1")
    row = page.locator("[role=row][data-trial='57']")
    row.get_by_role("button", name="Star trial 57").click()
    expect(row.get_by_role("button", name="Star trial 57")).to_have_attribute(
        "aria-pressed", "true"
    )
    store = console.owner.store
    job = store.job("babyweight")
    assert store.trial(job.id, 57).tags == ("star",)
    tags = page.get_by_role("region", name="Tags")
    tags.get_by_role("button", name="star 1").click()
    expect(page.locator("#filter")).to_have_value('tag = "star"')
    expect(page.locator("[role=row][data-trial]")).to_have_count(1)
    tags.get_by_role("button").click()
    expect(page.locator("#filter")).to_have_value("")
    page.get_by_role("link", name="#57").click()
    page.get_by_role("textbox", name="Add a tag").fill("a,b")
    page.keyboard.press("Enter")
    marks = page.get_by_role("form", name="Tags")
    expect(marks).to_contain_text("must be 1 to 64 letters without commas")
    page.get_by_role("textbox", name="Add a tag").fill("기준 <b>")
    page.keyboard.press("Enter")
    expect(marks).to_contain_text("기준 <b>")
    page.get_by_role("button", name="Take the tag star off").click()
    expect(page.get_by_role("button", name="Star trial 57")).to_have_attribute(
        "aria-pressed", "false"
    )
    assert store.trial(job.id, 57).tags == ("기준 <b>",)
    store.change_tags(job.id, 57, remove=["기준 <b>"])


def test_a_click_on_a_value_keeps_the_trials_that_have_it(page: Page) -> None:
    page.goto(f"{JOB}/trials?facets=1")
    optimizer = page.get_by_role("region", name="optimizer")
    choice = optimizer.get_by_role("button", name=re.compile("^sgd "))
    choice.click()
    expect(page).to_have_url(re.compile(r"brush=optimizer%3A%3Dsgd"))
    expect(choice).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".trials-count")).to_contain_text(" of 63 shown")
    layers = page.get_by_role("region", name="learning_rate").get_by_role("button").nth(5)
    layers.click()
    expect(layers).to_have_attribute("aria-pressed", "true")
    choice.click()
    layers.click()
    expect(page.locator(".trials-count")).to_contain_text("All 63 trials shown")


def test_a_page_that_is_busy_after_a_click_takes_nothing_of_it_back(
    page: Page, console: Console
) -> None:
    store = console.owner.store
    job = store.job("babyweight")
    store.change_tags(job.id, 56, add=["kept"])
    page.goto(f"{JOB}/trials?facets=1")
    tag = page.get_by_role("region", name="Tags").get_by_role("button", name="kept 1")
    field = page.locator("#filter")
    tag.click()
    expect(field).to_have_value('tag = "kept"')
    # Whatever the field meant to do by itself is due before it hears of the click.
    tag.evaluate(
        "(it, ms) => { it.click(); for (const end = Date.now() + ms; Date.now() < end;); }", 400
    )
    page.wait_for_timeout(300)
    expect(field).to_have_value("")
    # What is typed and not sent yet goes first: the click adds to it.
    field.fill("trial > 3")
    page.get_by_role("region", name="Tags").get_by_role("button").click()
    expect(field).to_have_value('trial > 3 and tag = "kept"')
    store.change_tags(job.id, 56, remove=["kept"])


def test_the_page_of_a_trial_is_not_read_anew_with_each_report(
    page: Page, console: Console
) -> None:
    store, asked = console.owner.store, list[str]()
    job = jobs.tuned(store, "watched", trials=2, live=1)
    ref = store.trial(job.id, 3).ref

    def report(step: int) -> None:
        store.record(ref, [make_report(1.5, metric="probe", step=step)], source=f"probe{step}")

    page.goto("/jobs/watched/trials/3")
    expect(page.get_by_role("heading", name="Trial 3")).to_be_visible()
    report(1)
    expect(page.get_by_role("region", name="probe")).to_be_visible()
    page.on("request", lambda request: asked.append(request.url))
    for step in range(2, 5):
        report(step)
        page.wait_for_timeout(300)
    assert [url for url in asked if re.search(r"/trials/3$|/events", url)] == []
    store.delete_job(job.id)


def test_the_advice_of_the_overview_is_that_of_the_api(page: Page, console: Console) -> None:
    page.goto(JOB)
    answer = page.request.get(f"{console.url}/api/v1/jobs/babyweight/advice").json()
    told = [one["message"] for one in answer["advice"] if one["kind"] == "range"]
    advice = page.get_by_role("region", name="Advice")
    for message in told[:3]:
        expect(advice).to_contain_text(message)
    assert told


def test_a_row_of_the_list_says_what_was_saved_and_what_can_be_done(
    page: Page, console: Console
) -> None:
    store = console.owner.store
    job = jobs.tuned(store, "listed", trials=3, live=0)
    page.goto("/jobs?name=listed")
    row = page.get_by_role("row", name=re.compile("listed"))
    answer = page.request.get(f"{console.url}/api/v1/jobs/listed/progress").json()
    best = [one["value"] for one in answer["improvements"]]
    assert best == sorted(best, reverse=True)
    menu = row.get_by_label("What can be done with listed")
    menu.click()
    expect(row.get_by_role("link", name="Outputs of the best trial")).to_have_attribute(
        "href", f"/api/v1/jobs/listed/trials/{answer['best']['number']}/outputs/archive"
    )
    page.keyboard.press("Escape")
    expect(row.get_by_role("link", name="Duplicate")).to_be_hidden()
    menu.click()
    row.get_by_role("button", name="Pause").click()
    menu.click()
    expect(row.get_by_role("button", name="Resume")).to_be_visible()
    row.get_by_role("button", name="Stop job").click()
    page.get_by_role("dialog").get_by_role("button", name="Leave it").click()
    assert store.job("listed").intent.value == "pause"
    store.delete_job(job.id)
    page.goto("/jobs?name=babyweight")
    saved = page.request.get(f"{console.url}/api/v1/jobs/babyweight/savings").json()["share"]
    expect(page.get_by_role("row", name=re.compile("babyweight"))).to_contain_text(
        f"{round(saved * 100)}\u202f%"
    )


def test_a_job_is_shown_in_every_form_with_what_that_form_cannot_say(page: Page) -> None:
    page.goto(f"{JOB}/config")
    form = page.get_by_role("combobox", name="As")
    form.select_option("openbayes")
    told = page.request.get(f"/api/v1{JOB}/document?dialect=openbayes").json()
    expect(page.locator("pre")).to_have_text(told["document"])
    for sentence in told["unsaid"]:
        expect(page.get_by_text(sentence, exact=True)).to_be_visible()
    assert told["unsaid"]
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save").click()
    assert saved.value.suggested_filename == "openbayes.yaml"
    assert saved.value.path().read_text("utf-8") == told["document"]
    odd = page.request.get(f"/api/v1{JOB}/document?dialect=katib")
    assert (odd.status, "there is no dialect 'katib'" in odd.text()) == (422, True)
