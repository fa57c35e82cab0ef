"""The charts of a job: what each holds, how it is changed, and that the address keeps it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TIMEOUT_MS, Console, listen, log_in
from tests.browser.test_accessibility import ASK, RULES
from tests.browser.test_overview import probe

CHARTS = "/jobs/babyweight/charts"
KINDS = ("curves", "parallel", "scatter", "scatter3d", "slice", "contour", "importance", "pareto")
# What the server works out takes a while on a busy machine; these tests look at the pages.
MODEL = "**/api/v1/jobs/*/dependence*"
NO_MODEL = {
    "type": "refused",
    "title": "Refused",
    "status": 409,
    "detail": "too few results for a model",
    "problems": [],
}


def asked(page: Page) -> dict[str, str]:
    """The query of the address."""
    return {key: value[0] for key, value in parse_qs(urlsplit(page.url).query).items()}


def test_curves_are_drawn_smoothed_and_pinned_with_side_metrics_below(page: Page) -> None:
    page.goto(f"{CHARTS}/curves")
    found = probe(page, "curves")
    # Trial 17 failed and reported all the same; every one of the 63 has a line.
    assert (found["lines"], found["metric"], found["band"] > 1) == (63, "val_loss", True)
    assert probe(page, "curves-mae")["lines"] == 63
    expect(page.get_by_text("63 drawn of 63").first).to_be_visible()
    best = found["raised"][-1]
    plot = page.get_by_role("group", name="val_loss. Up and down")
    plot.focus()
    page.keyboard.press("ArrowDown")
    expect(plot.get_by_role("status")).to_contain_text(f"Trial {best}")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_contain_text(f"Trial {best}")
    page.get_by_label("Smoothing 0.00").fill("0.6")
    page.get_by_text("time", exact=True).click()
    page.get_by_role("button", name="Median band").click()
    kept = {"pin": str(best), "smooth": "0.6", "over": "time", "band": "0"}
    assert asked(page) == kept
    page.reload()
    assert probe(page, "curves")["band"] == 0
    assert probe(page, "curves")["domain"]["x"][1] > 100


def test_a_line_under_the_pointer_is_told_and_a_drag_zooms(page: Page) -> None:
    page.goto(f"{CHARTS}/curves")
    probe(page, "curves")
    over = page.locator("[data-chart=curves] .u-over")
    over.scroll_into_view_if_needed()
    box = over.bounding_box()
    assert box is not None
    for up in range(40):
        page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] - 5 - up * 4)
        if page.locator(".tip").count():
            break
    expect(page.locator(".tip")).to_contain_text("val_loss")
    ticks = page.locator("[data-chart=curves] canvas").first
    before = ticks.screenshot()
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 420, box["y"] + 300, steps=4)
    page.mouse.up()
    assert ticks.screenshot() != before
    # A drag is no click: nothing is pinned by it.
    assert "pin" not in asked(page)


def test_any_two_values_stand_against_each_other_and_the_address_says_which(page: Page) -> None:
    page.goto(f"{CHARTS}/scatter")
    found = probe(page, "scatter")
    assert (found["shown"], found["axes"]) == (63, ["learning_rate", "val_loss ↓"])
    assert found["scales"] == ["log", "linear"]
    # Failed and running trials have no result: they are on the rail and counted.
    assert found["without"] == 4
    expect(page.get_by_text("4 without a value stand beside the axes")).to_be_visible()
    page.get_by_role("combobox", name="Across").select_option("optimizer")
    page.get_by_role("combobox", name="Up").select_option(label="mae")
    page.get_by_role("combobox", name="Colour by").select_option("hidden")
    page.get_by_role("combobox", name="Size").select_option("*duration")
    page.get_by_role("button", name="mae: log scale").click()
    kept = {"x": "optimizer", "y": "*.mae", "c": "hidden", "s": "*duration", "ys": "log"}
    assert asked(page) == kept
    page.reload()
    found = probe(page, "scatter")
    assert (found["axes"], found["scales"]) == (["optimizer", "mae"], ["linear", "log"])


def test_trials_inside_a_line_are_chosen_and_can_be_kept(page: Page) -> None:
    page.goto(f"{CHARTS}/scatter?f=status+%3D+completed")
    found = probe(page, "scatter")
    canvas = page.locator("[data-chart=scatter] canvas").first
    box = canvas.bounding_box()
    assert box is not None
    middle = sorted(x for _, x, _ in found["at"])[len(found["at"]) // 2] + 0.5
    left = sum(x < middle for _, x, _ in found["at"])
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    for x, y in ((middle, 2), (middle, box["height"] - 2), (2, box["height"] - 2)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=3)
    page.mouse.up()
    expect(page.locator(".chosen")).to_contain_text(f"{left} chosen")
    assert "sel" in asked(page)
    page.get_by_role("button", name="Show only these").click()
    page.wait_for_url("**/*f=trial+in*")
    assert probe(page, "scatter")["shown"] == left
    page.get_by_role("button", name="Unselect").click()
    assert "sel" not in asked(page)


def test_points_are_visited_by_keys_and_lead_to_their_trial(page: Page) -> None:
    page.goto(f"{CHARTS}/scatter")
    probe(page, "scatter")
    page.get_by_role("group", name="Scatter. Arrow keys").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".tip")).to_contain_text("learning_rate")
    page.keyboard.press("Enter")
    page.wait_for_url("**/trials/*")


def test_a_cube_is_turned_by_keys_and_pointer_and_stands_still_in_the_address(page: Page) -> None:
    page.goto(f"{CHARTS}/scatter3d")
    found = probe(page, "scatter3d")
    assert (found["shown"], found["without"]) == (63, 4)
    assert found["axes"] == ["learning_rate", "weight_decay", "val_loss"]
    page.get_by_role("group", name="3-D scatter. Drag").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.wait_for_url("**/*view=330%2C27*")
    canvas = page.locator("[data-chart=scatter3d] canvas")
    canvas.hover(position={"x": 300, "y": 100})
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 100, steps=4)
    page.mouse.up()
    page.wait_for_url("**/*view=15%2C27*")
    page.get_by_role("button", name="XY", exact=True).click()
    page.reload()
    assert probe(page, "scatter3d")["view"] == {"turn": 0, "tilt": 90, "zoom": 1}


def test_slices_show_each_parameter_on_its_own_scale(page: Page) -> None:
    page.goto(f"{CHARTS}/slice")
    panels = {one["name"]: one["scale"] for one in probe(page, "slice")["panels"]}
    assert len(panels) == 7
    assert (panels["learning_rate"], panels["dropout"]) == ("log", "linear")
    page.goto("/jobs/sixty-parameters/charts/slice")
    assert len(probe(page, "slice")["panels"]) == 24
    page.get_by_role("button", name="24 of 60 parameters; show all").click()
    assert len(probe(page, "slice")["panels"]) == 60


def test_contours_come_from_the_model_or_say_that_they_do_not(page: Page) -> None:
    axes = [[1e-5, 1e-3, 1e-1], [0.0, 0.3, 0.6]]
    points = [
        {"values": [x, y], "mean": i + j, "low": i + j - 1, "high": i + j + 2}
        for i, x in enumerate(axes[0])
        for j, y in enumerate(axes[1])
    ]
    names = ["learning_rate", "dropout"]
    known = {"parameters": names, "axes": axes, "points": points, "trials": 59}
    page.route(MODEL, lambda route: route.fulfill(json=known))
    page.goto(f"{CHARTS}/contour?y=dropout")
    expect(page.get_by_text("The model that has learned from 59 trials")).to_be_visible()
    found = probe(page, "contour")
    assert (found["axes"], found["grid"], found["ends"]) == (names, [3, 3], [0, 4])
    page.get_by_text("uncertainty").click()
    assert probe(page, "contour")["ends"] == [3, 3]
    page.get_by_text("from trials").click()
    expect(page.get_by_text("No model: the mean of the results")).to_be_visible()
    page.unroute(MODEL)
    page.route(MODEL, lambda route: route.fulfill(status=409, json=NO_MODEL))
    page.goto(f"{CHARTS}/contour?x=optimizer&y=batch_size")
    expect(page.get_by_text("too few results for a model")).to_be_visible()
    found = probe(page, "contour")
    assert (found["grid"], found["isSmooth"]) == ([3, 5], False)


def test_a_front_is_drawn_of_an_objective_and_a_metric_against_it(page: Page) -> None:
    page.goto(f"{CHARTS}/pareto")
    expect(page.get_by_text("This job has one objective")).to_be_visible()
    page.get_by_label("Weigh another metric against it").select_option("*.mae")
    # Both fall together: the best trial beats all others, until the metric is to be great.
    assert len(probe(page, "pareto")["front"]) == 1
    page.locator(".segmented").get_by_text("maximize").click()
    found = probe(page, "pareto")
    assert found["objectives"] == [["val_loss", "minimize"], ["mae", "maximize"]]
    assert len(found["front"]) == found["shown"]
    assert found["shown"] + found["without"] == 63
    assert 0 < probe(page, "hypervolume")["share"] <= 1
    assert asked(page) == {"against": "mae", "goal": "maximize"}


def test_statuses_and_the_best_share_are_one_filter_of_all_charts(page: Page) -> None:
    page.goto(f"{CHARTS}/scatter")
    all_shown = probe(page, "scatter")["shown"]
    page.get_by_role("button", name="Stopped early").click()
    page.wait_for_url("**/*status=*")
    shown = probe(page, "scatter")["shown"]
    assert 0 < shown < all_shown
    page.get_by_label("Share of the best trials").fill("20")
    page.wait_for_url("**/*top=20*")
    page.get_by_role("link", name="Slices").click()
    assert 0 < probe(page, "slice")["shown"] < shown
    page.get_by_label("Filter").fill("learning_rate > 5")
    expect(page.get_by_text("The filter leaves no trial")).to_be_visible()
    page.locator(".calm").get_by_role("button", name="Clear").click()
    assert probe(page, "slice")["shown"] == all_shown


def test_keys_change_between_charts_and_their_tables(page: Page) -> None:
    page.goto(f"{CHARTS}/scatter")
    probe(page, "scatter")
    page.keyboard.press("t")
    table = page.get_by_role("region", name="Scatter as a table")
    expect(table.get_by_role("row")).to_have_count(64)
    page.keyboard.press("5")
    page.wait_for_url("**/charts/slice")
    page.goto(f"{CHARTS}/no-such-chart")
    expect(page.get_by_text('There is no chart "no-such-chart"')).to_be_visible()


@pytest.mark.parametrize("kind", ["curves", "scatter3d"])
def test_every_chart_is_saved_as_a_picture_and_as_rows(page: Page, kind: str) -> None:
    page.goto(f"{CHARTS}/{kind}?top=30")
    probe(page, kind)
    card = page.locator(f"[data-chart={kind}]")
    saved = {}
    for form in ("CSV", "SVG", "PNG"):
        card.locator("summary").click()
        with page.expect_download() as download:
            card.get_by_role("button", name=form).click()
        saved[form] = download.value.path().read_bytes()
    rows = list(csv.reader(io.StringIO(saved["CSV"].decode())))
    assert rows[0][:2] == ["Trial", "Status"]
    assert len(rows) > 15
    assert saved["SVG"].count(b"<path") > 10
    assert saved["PNG"].startswith(b"\x89PNG")


def test_odd_jobs_have_calm_charts(page: Page) -> None:
    page.goto("/jobs/without-trials/charts")
    expect(page.get_by_text("There is nothing to draw yet")).to_be_visible()
    for job in ("without-metric", "one-category"):
        for kind in KINDS:
            page.goto(f"/jobs/{job}/charts/{kind}")
            expect(page.locator(".calm-title, [data-chart]").first).to_be_visible()


@contextmanager
def opened(browser: Browser, console: Console, **options: Any) -> Iterator[Page]:
    context = browser.new_context(
        base_url=console.url, locale="en-US", reduced_motion="reduce", **options
    )
    context.set_default_timeout(TIMEOUT_MS)
    log_in(context, console)
    page = context.new_page()
    page.route(MODEL, lambda route: route.fulfill(status=409, json=NO_MODEL))
    complaints = listen(page)
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_chart_keeps_anybody_out_or_is_wider_than_a_telephone(
    browser: Browser, console: Console, axe: str, theme: Any
) -> None:
    found = []
    width = 360 if theme == "dark" else 1280
    viewport = {"width": width, "height": 720}
    with opened(browser, console, color_scheme=theme, viewport=viewport) as page:
        for kind in KINDS:
            page.goto(f"{CHARTS}/{kind}?status=completed&c=optimizer&against=mae")
            expect(page.locator(".chart-bar")).to_be_visible()
            expect(page.locator(".skeleton")).to_have_count(0)
            page.evaluate(f"() => {{ {axe} }}")
            for one in page.evaluate(ASK, RULES[theme])["violations"]:
                found += [f"{kind}: {one['id']}: {node['html'][:160]}" for node in one["nodes"][:3]]
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(f"{kind} is {wide} px wide")
    assert found == []
