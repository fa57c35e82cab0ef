"""What a page costs that shows a job at work."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, CDPSession

from benchmarks.console.browsing import chromium, fresh, url_of
from benchmarks.foundation.command import scratch
from benchmarks.report import Row, at_most
from benchmarks.service.load import Load, Reporter
from benchmarks.service.programs import Door, waiting_trials
from benchmarks.service.servers import dowse_server

REPORTS_PER_S = 100
TRIALS = 8
SETTLE_MS = 3_000
PATHS = {"overview": "", "trials": "/trials", "curves": "/charts/curves"}


def measure_live(*, quick: bool) -> list[Row]:
    seconds = 3.0 if quick else 8.0
    rows = []
    with (
        scratch() as folder,
        dowse_server(folder) as server,
        waiting_trials(server, folder, TRIALS) as doors,
        chromium() as browser,
        _reporting(doors) as load,
    ):
        for name, path in PATHS.items():
            with fresh(browser, server) as page:
                page.goto(f"{url_of(server)}/jobs/load{path}")
                page.wait_for_selector("h1")
                page.wait_for_timeout(SETTLE_MS)
                rows.append(_row(name, _share(browser, load, seconds)))
    return rows


def _row(name: str, share: float) -> Row:
    return at_most(
        f"{name} of a job at {REPORTS_PER_S} reports a second, of a core", 100 * share, "%", 20
    )


def _share(browser: Browser, load: Load, seconds: float) -> float:
    """The share of a core that the renderers use. Raises RuntimeError when reports lag behind."""
    session = browser.new_browser_cdp_session()
    before, stored, began = _renderers_s(session), load.stored, time.perf_counter()
    time.sleep(seconds)
    lasted = time.perf_counter() - began
    rate = (load.stored - stored) / lasted
    if rate < 0.9 * REPORTS_PER_S:
        raise RuntimeError(f"only {rate:.0f} reports a second came through")
    return (_renderers_s(session) - before) / lasted


def _renderers_s(session: CDPSession) -> float:
    """CPU seconds of the processes of pages so far."""
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return float(sum(one["cpuTime"] for one in found if one["type"] == "renderer"))


@contextmanager
def _reporting(doors: Sequence[Door]) -> Iterator[Load]:
    """The trials report in turns, so many times a second together, from a thread."""
    load, over = Load(), threading.Event()
    failures: list[Exception] = []

    def run() -> None:
        reporters = [Reporter(door, batch=1) for door in doors]
        due = time.perf_counter()
        try:
            while True:
                reporter = reporters[load.stored % len(reporters)]
                reporter.send()
                while not reporter.receive(load):
                    pass
                due += 1 / REPORTS_PER_S
                if over.wait(max(0.0, due - time.perf_counter())):
                    return
        except (OSError, RuntimeError) as error:
            failures.append(error)
        finally:
            for reporter in reporters:
                reporter.socket.close()

    thread = threading.Thread(target=run, name="reports")
    thread.start()
    try:
        yield load
    finally:
        over.set()
        thread.join()
    if failures:
        raise failures[0]
