"""The sources of the console: their types, and the tests of the modules that need no browser."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import installed

WEB = Path(__file__).parents[2] / "web"
pytestmark = pytest.mark.skipif(
    shutil.which("npm") is None,
    reason="THE SOURCES OF THE CONSOLE ARE NOT TESTED: there is no npm; install node",
)


@pytest.mark.parametrize("verb", ["check", "test"])
def test_the_sources_of_the_console_hold(verb: str) -> None:
    installed()
    done = subprocess.run(
        ["npm", "run", "--silent", verb],
        cwd=WEB,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
