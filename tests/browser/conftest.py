"""One server with jobs of every kind and one browser for all tests of a worker."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from dowse import wiring
from dowse.config import Settings
from tests.browser import jobs
from tests.browser.chromium import FLAGS, executable

ROOT = Path(__file__).parents[2]
TIMEOUT_MS = 10_000
expect.set_options(timeout=TIMEOUT_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """A server with its jobs; its owner does not work, so that they stay as they are."""

    owner: wiring.Owner

    @property
    def url(self) -> str:
        return self.owner.url

    @property
    def token(self) -> str:
        return self.owner.secrets.token


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("console") / "data")
    owner = wiring.Owner(settings, environ=os.environ, working=False)
    jobs.tuned(owner.store)
    jobs.odd_jobs(owner.store)
    yield Console(owner=owner)
    owner.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        yield found
        found.close()


@pytest.fixture
def context(browser: Browser, console: Console) -> Iterator[BrowserContext]:
    """A browser that has logged in, in English and without motion."""
    found = browser.new_context(
        base_url=console.url, locale="en-US", reduced_motion="reduce", color_scheme="light"
    )
    found.set_default_timeout(TIMEOUT_MS)
    log_in(found, console)
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; whatever it complains of fails the test."""
    found = context.new_page()
    complaints = listen(found)
    yield found
    assert found.evaluate("globalThis.__pwned") is None, "a text has run as a program"
    assert complaints == []


def log_in(context: BrowserContext, console: Console) -> None:
    answer = context.request.post(
        f"{console.url}/login", data={"token": console.token}, headers={"Origin": console.url}
    )
    assert answer.ok


def listen(page: Page) -> list[str]:
    """Errors of the page's programs and of its policy, as they come."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"{error.message}\n{error.stack}"))
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type == "error" and "Failed to load resource" not in said.text
            else None
        ),
    )
    return complaints


def installed() -> Path:
    """The packages of `web`, installed as its lock file says. Raises OSError without npm."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    # Several workers may want them; the first installs them.
    with (Path(tempfile.gettempdir()) / "dowse-web.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build.install()
    return ROOT / "web" / "node_modules"


@pytest.fixture(scope="session")
def axe() -> str:
    """The program of axe-core, which looks for what keeps people out."""
    try:
        packages = installed()
    except OSError as error:
        pytest.skip(f"axe-core comes with npm: {error}")
    return (packages / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
