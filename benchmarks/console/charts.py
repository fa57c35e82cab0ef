"""How soon charts of many trials are painted, and how they follow the hand."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from benchmarks.console.browsing import (
    Frames,
    chromium,
    fresh,
    late,
    measured_ms,
    middle,
    url_of,
)
from benchmarks.console.studies import name_of, served
from benchmarks.report import Row, at_most
from benchmarks.service.servers import DowseServer

TRIALS = 10_000
CURVES = 1_000
POINTS = 100
MOVES = 60
MOVE_MS = 16


def measure_parallel(*, quick: bool) -> list[Row]:
    repeats = 1 if quick else 9  # Of three, the median moves by a quarter.
    firsts, drags, pages = list[float](), list[float](), list[float]()
    with served(TRIALS) as server, chromium() as browser:
        for _ in range(repeats + 1):
            with fresh(browser, server) as page:
                page.goto(f"{_charts(server, TRIALS)}/parallel")
                firsts.append(measured_ms(page, "painted parallel"))
                drags.append(late(_drag(page)))
            pages.append(_overview(browser, server))
    name = f"parallel coordinates, {TRIALS:,} trials x 8 parameters"
    return [
        at_most(f"{name}, first painting", middle(firsts[1:]), "ms", 250),
        at_most(f"{name}, 95 % of frames of a drag", middle(drags[1:]), "ms", 100),
        Row(
            name=f"{name}, first painting beside all of the overview",
            value=middle(pages[1:]),
            unit="ms",
        ),
    ]


def _overview(browser: Browser, server: DowseServer) -> float:
    with fresh(browser, server) as page:
        page.goto(f"{url_of(server)}/jobs/{name_of(TRIALS)}")
        return measured_ms(page, "painted parallel")


def _drag(page: Page) -> list[float]:
    """Milliseconds of the frames while a range is drawn on an axis, back and forth."""
    hold = page.get_by_role("slider", name="Range of lr")
    hold.scroll_into_view_if_needed()
    box = hold.bounding_box()
    if box is None:
        raise RuntimeError("the axis of lr is not on the page")
    x, top, height = box["x"] + box["width"] / 2, box["y"], box["height"]
    page.mouse.move(x, top + 0.2 * height)
    page.mouse.down()
    with Frames(page) as frames:
        for step in range(MOVES):
            share = 0.3 + 0.6 * abs(1 - 2 * step / MOVES)
            page.mouse.move(x, top + share * height)
            page.wait_for_timeout(MOVE_MS)
    page.mouse.up()
    return frames


def measure_curves(*, quick: bool) -> list[Row]:
    repeats = 1 if quick else 3
    found = []
    with served(CURVES, reports=POINTS) as server, chromium() as browser:
        for _ in range(repeats + 1):
            with fresh(browser, server) as page:
                page.goto(f"{_charts(server, CURVES)}/curves")
                found.append(measured_ms(page, "painted curves"))
    name = f"{CURVES:,} curves x {POINTS} points, first painting"
    return [at_most(name, middle(found[1:]), "ms", 250)]


def _charts(server: DowseServer, trials: int) -> str:
    return f"{url_of(server)}/jobs/{name_of(trials)}/charts"
