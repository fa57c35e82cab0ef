"""The page of a job: what it says, and that all its views follow one filter."""

from __future__ import annotations

import csv
import io
from typing import Any

from playwright.sync_api import Page, expect

JOB = "/jobs/babyweight"
PROBE = """(name) => {
    const { summary, size, facts } = __charts[name]();
    return { summary, size, ...facts };
}"""


def probe(page: Page, name: str) -> dict[str, Any]:
    """What a chart holds; a canvas cannot be read otherwise."""
    expect(page.locator(f"[data-chart={name}] canvas").first).to_be_visible()
    found: dict[str, Any] = page.evaluate(PROBE, name)
    return found


def open_job(page: Page, search: str = "") -> None:
    page.goto(JOB + search)
    expect(
        page.get_by_text("63 trials").or_(page.get_by_text("of 63 trials")).first
    ).to_be_visible()
    # It comes last, and moves what stands below it.
    expect(page.get_by_role("region", name="Advice").get_by_role("listitem").first).to_be_visible()


def axis(page: Page, name: str) -> tuple[float, float, float]:
    """Where an axis stands on the page: x, top, bottom."""
    hold = page.get_by_role("slider", name=f"Range of {name}")
    hold.scroll_into_view_if_needed()
    box = hold.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"], box["y"] + box["height"]


def draw(page: Page, name: str, low: float, high: float) -> None:
    """Draw a range on an axis, from and to as shares of its height."""
    x, top, bottom = axis(page, name)
    page.mouse.move(x, bottom - high * (bottom - top))
    page.mouse.down()
    page.mouse.move(x, bottom - low * (bottom - top), steps=5)
    page.mouse.up()


def test_a_job_is_told_in_four_figures_and_its_best_trial(page: Page) -> None:
    open_job(page)
    best = probe(page, "convergence")
    assert best["points"] + best["without"] == 63
    expect(page.get_by_role("region", name="Progress")).to_contain_text("60 of 200 trials")
    expect(page.get_by_role("link", name=f"Trial {best['best']}", exact=True).first).to_be_visible()
    card = page.get_by_role("region", name="Best trial")
    for name in ("learning_rate", "weight_decay", "optimizer"):
        expect(card).to_contain_text(name)
    timeline = probe(page, "timeline")
    assert timeline["bars"] == 63
    expect(page.get_by_role("region", name="Parameter importance")).to_contain_text("%")


def test_a_range_that_is_drawn_is_a_filter_of_every_view(page: Page) -> None:
    open_job(page)
    draw(page, "learning_rate", 0.3, 0.6)
    chip = page.locator(".chip")
    expect(chip).to_contain_text("learning_rate")
    shown = probe(page, "parallel")["shown"]
    assert 0 < shown < 63
    assert "brush=learning_rate" in page.url
    expect(page.get_by_text(f"{shown} of 63 trials")).to_be_visible()
    # The address alone brings it back.
    page.reload()
    expect(chip).to_contain_text("learning_rate")
    assert probe(page, "parallel")["shown"] == shown
    expect(page.get_by_role("link", name="Use ranges in a new job")).to_be_visible()
    page.get_by_role("button", name="Remove the range of learning_rate").click()
    expect(chip).to_have_count(0)
    assert probe(page, "parallel")["shown"] == 63


def test_labels_are_brushed_whole_and_ranges_by_keys(page: Page) -> None:
    open_job(page)
    draw(page, "optimizer", 0.0, 0.3)
    expect(page.locator(".chip")).to_contain_text("adamw")
    hold = page.get_by_role("slider", name="Range of dropout")
    hold.focus()
    page.keyboard.press("ArrowUp")
    before = hold.get_attribute("aria-valuetext")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("PageDown")
    assert hold.get_attribute("aria-valuetext") != before
    expect(page.locator(".chip")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator(".chip")).to_have_count(1)


def test_axes_are_moved_by_dragging_and_by_keys_turned_and_hidden(page: Page) -> None:
    open_job(page)
    names = [one["name"] for one in probe(page, "parallel")["axes"]]
    title = page.get_by_role("button", name="dropout linear")
    title.scroll_into_view_if_needed()
    box = title.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] - 400, box["y"] + 8, steps=6)
    page.mouse.up()
    moved = [one["name"] for one in probe(page, "parallel")["axes"]]
    assert moved == ["dropout", *[name for name in names if name != "dropout"]]
    title.focus()
    page.keyboard.press("Alt+ArrowRight")
    assert [one["name"] for one in probe(page, "parallel")["axes"]][1] == "dropout"
    page.get_by_text("Axes", exact=True).click()
    page.get_by_label("layers", exact=True).uncheck()
    assert "layers" not in [one["name"] for one in probe(page, "parallel")["axes"]]
    page.get_by_role("button", name="As at first").click()
    assert [one["name"] for one in probe(page, "parallel")["axes"]] == names


def test_a_filter_in_words_says_what_is_wrong_and_where(page: Page) -> None:
    open_job(page)
    field = page.get_by_label("Filter")
    field.fill("learning_rat < 1")
    expect(page.get_by_text("did you mean 'learning_rate'?")).to_contain_text("column 1")
    assert probe(page, "parallel")["shown"] == 63
    field.fill("status = stopped and learning_rate < 1e-2")
    page.wait_for_url("**/*f=status*")
    shown = probe(page, "parallel")["shown"]
    assert 0 < shown < 30


def test_a_chart_is_a_table_too_and_is_saved_in_three_forms(page: Page) -> None:
    open_job(page)
    page.get_by_role("button", name="Convergence as a table").click()
    table = page.get_by_role("region", name="Convergence as a table")
    expect(table.get_by_role("row")).to_have_count(64)
    card = page.locator("[data-chart=convergence]")
    saved = {}
    for form in ("CSV", "SVG", "PNG"):
        card.locator("summary").click()
        with page.expect_download() as download:
            card.get_by_role("button", name=form).click()
        saved[form] = download.value.path().read_bytes()
    rows = list(csv.reader(io.StringIO(saved["CSV"].decode())))
    assert (rows[0], len(rows)) == (["Trial", "Status", "val_loss"], 64)
    assert saved["SVG"].startswith(b"<svg ")
    assert saved["SVG"].count(b"<path") > 5
    assert saved["PNG"].startswith(b"\x89PNG")


def test_what_lies_under_the_pointer_is_told_and_leads_on(page: Page) -> None:
    open_job(page)
    found = probe(page, "convergence")
    x, y = found["bestAt"]
    page.locator("[data-chart=convergence] canvas").hover(position={"x": x, "y": y})
    expect(page.locator(".tip")).to_contain_text(f"Trial {found['best']}")
    page.locator("[data-chart=convergence] canvas").click(position={"x": x, "y": y})
    page.wait_for_url(f"**/trials/{found['best']}")


def test_odd_jobs_look_calm(page: Page) -> None:
    page.goto("/jobs/without-trials")
    expect(page.get_by_text("No trial has begun yet")).to_be_visible()
    page.goto("/jobs/without-metric")
    expect(page.get_by_text("no trial reported val_loss")).to_be_visible()
    assert probe(page, "convergence")["without"] == 2
    page.goto("/jobs/sixty-parameters")
    assert len(probe(page, "parallel")["axes"]) == 61
    page.goto("/jobs/no-such-job")
    expect(page.get_by_role("alert")).to_contain_text("There is no such thing here")


def test_stopping_a_job_is_asked_back_and_a_paused_one_goes_on(page: Page) -> None:
    page.goto("/jobs/sixty-parameters")
    page.get_by_role("button", name="Stop job").click()
    expect(page.get_by_role("dialog")).to_contain_text("Stop this job for good?")
    page.get_by_role("button", name="Leave it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_the_filter_goes_along_to_the_trials_and_one_of_them(page: Page) -> None:
    open_job(page, "?f=status+%3D+failed")
    page.get_by_role("link", name="Trials 63").click()
    expect(page.get_by_text("1 of 63 shown")).to_be_visible()
    page.get_by_role("link", name="#17").click()
    expect(page.get_by_role("region", name="Trial 17")).to_contain_text("Failed")
    expect(page.get_by_role("region", name="Parameters")).to_contain_text("learning_rate")
