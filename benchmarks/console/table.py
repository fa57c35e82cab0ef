"""A table of very many trials: how it scrolls, and how soon a filter is answered."""

from __future__ import annotations

from playwright.sync_api import Page

from benchmarks.console.browsing import Frames, chromium, fresh, late, middle, url_of
from benchmarks.console.studies import name_of, served
from benchmarks.report import Row, at_most

TRIALS = 50_000
WHEELS = 60
WHEEL_PX = 900
WHEEL_MS = 16
COUNT = ".trials-count [role=status]"
# Each leaves another number of trials.
FILTERS = ("p0 < 0.5", "p0 < 0.3 and lr > 1e-3", 'optimizer = "adam"', "p1 > 0.9 or p2 < 0.1")


def measure_table(*, quick: bool) -> list[Row]:
    repeats = 1 if quick else 3
    scrolls, answers = list[float](), list[float]()
    with served(TRIALS) as server, chromium() as browser:
        for _ in range(repeats + 1):
            with fresh(browser, server) as page:
                page.goto(f"{url_of(server)}/jobs/{name_of(TRIALS)}/trials")
                page.wait_for_selector("[role=grid] [data-trial]")
                scrolls.append(late(_scroll(page)))
                answers.append(middle([_answered(page, text) for text in FILTERS]))
    return [
        at_most(f"table of {TRIALS:,} trials, 95 % of frames", middle(scrolls[1:]), "ms", 40),
        at_most(f"filter over {TRIALS:,} trials", middle(answers[1:]), "ms", 100),
    ]


def _scroll(page: Page) -> list[float]:
    """Milliseconds of the frames while the table is scrolled far down and up again."""
    grid = page.locator("[role=grid]")
    grid.hover()
    with Frames(page) as frames:
        for step in range(WHEELS):
            page.mouse.wheel(0, WHEEL_PX if step < WHEELS * 2 / 3 else -WHEEL_PX)
            page.wait_for_timeout(WHEEL_MS)
    if not page.evaluate("document.querySelector('[role=grid]').scrollTop"):
        raise RuntimeError("the table did not scroll")
    return frames


def _answered(page: Page, text: str) -> float:
    """Milliseconds from the filter's being in the address to the rows that it leaves."""
    asked = "([selector, text]) => __watch.answered(selector, text)"
    return float(page.evaluate(asked, [COUNT, text]))
