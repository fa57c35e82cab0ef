"""The table of trials, and the ways from it and back: by pointer, by keys, while trials arrive."""

from __future__ import annotations

import random
import time
from urllib.parse import unquote

from playwright.sync_api import Page, expect

from dowse.domain.job import Job
from dowse.ports import Store
from tests.browser import jobs
from tests.browser.conftest import Console

TRIALS = "/jobs/babyweight/trials"
ROWS = "rows => rows.map(row => [Number(row.dataset.trial), row.getBoundingClientRect().top])"
FOCUS = """() => {
    const found = document.activeElement;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(found);
    const isRinged = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
    const isSeen = isRinged || boxShadow !== 'none';
    return found === document.body || isSeen ? '' : found.outerHTML.slice(0, 120);
}"""


def test_trials_that_were_ticked_are_compared_and_taken_out_again(page: Page) -> None:
    page.goto(f"{TRIALS}?f=status+%3D+completed")
    page.get_by_role("columnheader", name="learning_rate").get_by_role("button").click()
    page.wait_for_url("**/*sort=*learning_rate*")
    boxes = page.get_by_role("checkbox", name="Choose trial")
    boxes.nth(0).check()
    boxes.nth(2).check()
    expect(page.get_by_role("button", name="Compare 2")).to_be_enabled()
    # Keys work on, though the focus is on a box.
    page.keyboard.press("c")
    page.wait_for_url("**/compare*")
    chosen = unquote(page.url).partition("t=")[2].split(",")
    table = page.get_by_role("region", name="Compare trials")
    for one in chosen:
        expect(
            table.get_by_role("link", name=f"#{one.partition(':')[2]}", exact=True)
        ).to_be_visible()
    expect(table.get_by_role("row", name="learning_rate")).to_be_visible()
    expect(
        page.get_by_role("region", name="Logs").get_by_text("It has printed nothing")
    ).to_have_count(2)
    page.get_by_role("button", name="Take out").first.click()
    expect(table.get_by_role("columnheader")).to_have_count(2)


def test_one_goes_from_the_jobs_to_a_trial_and_back_by_keys_alone(page: Page) -> None:
    page.goto("/jobs")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("babyw")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Trials 63")).to_be_visible()
    unseen = []
    while "Trials" not in page.evaluate("document.activeElement.textContent.slice(0, 6)"):
        page.keyboard.press("Tab")
        unseen.append(page.evaluate(FOCUS))
        assert len(unseen) < 20
    page.keyboard.press("Enter")
    expect(page.get_by_text("All 63 trials shown")).to_be_visible()
    page.keyboard.press("f")
    page.keyboard.type("status = failed")
    expect(page.get_by_text("1 of 63 shown")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/trials/17*")
    expect(page.get_by_role("region", name="Trial 17")).to_contain_text("Failed")
    # Chromium that is driven has no keys of its own, such as Alt and the arrow.
    page.go_back()
    expect(page.get_by_text("1 of 63 shown")).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Tab")
        unseen.append(page.evaluate(FOCUS))
    assert set(unseen) == {""}


def arrive(store: Store, job: Job, number: int) -> None:
    configuration = jobs.values(random.Random(number), 0.5)
    # Better than all before: it belongs on top.
    jobs.run_trial(store, job, number, configuration, at=time.time(), value=0.1 - number / 1e6)


def test_nothing_moves_under_the_pointer_while_trials_arrive(page: Page, console: Console) -> None:
    store = console.owner.store
    job = jobs.tuned(store, "arriving", trials=40, live=0)
    page.goto("/jobs/arriving/trials")
    rows = page.locator("[data-trial]")
    expect(page.get_by_text("All 40 trials shown")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="live")).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => null)")
    rows.nth(4).hover()
    before = rows.evaluate_all(ROWS)
    arrive(store, job, 41)
    arrive(store, job, 42)
    waiting = page.get_by_role("button", name="2 new trials")
    expect(waiting).to_be_visible()
    assert rows.evaluate_all(ROWS) == before
    waiting.click()
    assert [number for number, _ in rows.evaluate_all(ROWS)][:2] == [42, 41]
    expect(waiting).to_have_count(0)

    page.mouse.move(5, 5)
    arrive(store, job, 43)
    # Nobody reads here now: it comes at once.
    expect(rows.first).to_have_attribute("data-trial", "43")

    rows.nth(4).hover()
    page.mouse.wheel(0, 400)
    page.mouse.move(5, 5)
    arrive(store, job, 44)
    expect(page.get_by_role("button", name="1 new trial")).to_be_visible()

    store.delete_job(job.id)
    expect(page.get_by_role("heading", name="This job was deleted")).to_be_visible()
    page.get_by_role("link", name="To the jobs").click()
    expect(page.get_by_role("heading", name="Jobs")).to_be_visible()
