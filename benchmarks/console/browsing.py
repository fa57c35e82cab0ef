"""A headless Chromium, and what its pages tell about their own speed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.service.servers import DowseServer
from tests.browser.chromium import FLAGS, executable

TIMEOUT_MS = 120_000
VIEW = {"width": 1440, "height": 900}
# The charts of the peer are drawn by WebGL, which a machine without a screen computes.
WEBGL = "--enable-unsafe-swiftshader"

WATCH = (Path(__file__).parent / "watch.js").read_text(encoding="utf-8")
"""A program that runs in each page before its own; it says what it is there for."""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=[*FLAGS, WEBGL])
        yield browser
        browser.close()


def url_of(server: DowseServer) -> str:
    return f"http://127.0.0.1:{server.port}"


@contextlib.contextmanager
def fresh(browser: Browser, server: DowseServer | None = None) -> Iterator[Page]:
    """A page of a browser that has kept nothing; where a server is given, it has logged in."""
    context = browser.new_context(viewport=VIEW, locale="en-US")  # type: ignore[arg-type]
    context.set_default_timeout(TIMEOUT_MS)
    context.add_init_script(WATCH)
    if server is not None:
        log_in(context, server)
    try:
        yield context.new_page()
    finally:
        context.close()


def log_in(context: BrowserContext, server: DowseServer) -> None:
    url = url_of(server)
    answer = context.request.post(
        f"{url}/login", data={"token": server.token}, headers={"Origin": url}
    )
    if not answer.ok:
        raise RuntimeError(f"the login was refused: {answer.status} {answer.text()}")


def there_ms(page: Page, address: str, *selectors: str) -> float:
    """Milliseconds from asking for a page until all of these are there and painted."""
    page.goto(address, wait_until="commit")
    return float(page.evaluate("selectors => __watch.there(selectors)", list(selectors)))


def measured_ms(page: Page, name: str) -> float:
    """What the page itself noted under a name in the browser's timeline, once it has."""
    return float(page.evaluate("name => __watch.measured(name)", name))


class Frames:
    """Records how long the frames of a page take while something happens to it."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def __enter__(self) -> list[float]:
        self._page.evaluate("__watch.frames()")
        self._found: list[float] = []
        return self._found

    def __exit__(self, *_: object) -> None:
        self._found += self._page.evaluate("__watch.stop()")


def late(times: Sequence[float]) -> float:
    """What 95 % of them do not exceed."""
    return sorted(times)[round(0.95 * (len(times) - 1))]


def middle(times: Sequence[float]) -> float:
    return median(times)
