"""How soon a job is there to be read, and how much program that takes."""

from __future__ import annotations

import gzip

from playwright.sync_api import Browser, Response

from benchmarks.console.browsing import chromium, fresh, late, middle, there_ms, url_of
from benchmarks.console.studies import name_of, served
from benchmarks.report import Row, at_most
from benchmarks.service.servers import DowseServer

SETTLE_MS = 1_500

# The best trial, the figures and the first chart stand there in the same frame.
MEANINGFUL = ("[data-chart=convergence] canvas", ".kpis")
ALL = ("[data-chart=convergence] canvas", "[data-chart=parallel] canvas", "[data-chart=timeline]")


def measure_size(*, quick: bool) -> list[Row]:
    pages = {"the list of jobs": "/jobs", "a job": f"/jobs/{name_of(10)}"}
    with served(10) as server, chromium() as browser:
        sizes = {name: _script_kb(browser, server, path) for name, path in pages.items()}
    return [
        at_most(f"initial JavaScript of {name}, gzip", size, "KB", 120)
        for name, size in sizes.items()
    ]


def _script_kb(browser: Browser, server: DowseServer, path: str) -> float:
    """KB of all programs that a page loads by itself, each compressed by gzip."""
    sent: list[Response] = []

    def note(response: Response) -> None:
        sent.append(response)

    with fresh(browser, server) as page:
        page.on("response", note)
        page.goto(url_of(server) + path)
        page.wait_for_selector("h1")
        page.wait_for_timeout(SETTLE_MS)
        scripts = [one.body() for one in sent if one.request.resource_type == "script"]
    return sum(len(gzip.compress(body, 6)) for body in scripts) / 1024


def measure_opening(*, quick: bool) -> list[Row]:
    repeats = 2 if quick else 5
    small, large = 1_000, 50_000
    with served(small, large) as server, chromium() as browser:

        def opened(size: int, selectors: tuple[str, ...]) -> list[float]:
            found = []
            # The first one warms up the server.
            for _ in range(repeats + 1):
                with fresh(browser, server) as page:
                    address = f"{url_of(server)}/jobs/{name_of(size)}"
                    found.append(there_ms(page, address, *selectors) / 1000)
            return found[1:]

        first, whole = opened(small, MEANINGFUL), opened(large, ALL)
    return [
        at_most(f"first meaningful paint, {small:,} trials", middle(first), "s", 1.0),
        Row(name=f"first meaningful paint, {small:,} trials, 95 %", value=late(first), unit="s"),
        at_most(f"overview of {large:,} trials, all charts", middle(whole), "s", 2.0),
    ]
