"""A Chromium for the tests of the console: the one that is there, else Debian's, installed."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# As root it has no sandbox; the others keep it from looking for hosts that nobody asked for.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOW = "install one (apt-get install chromium), or name one in CHROMIUM"


def executable() -> str:
    """Where Chromium is. Where none can be had the tests are skipped, and in CI they fail."""
    if found := _found() or _installed():
        return found
    message = f"NO PAGE OF THE CONSOLE IS TESTED: there is no Chromium; {HOW}"
    if os.environ.get("CI"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def _found() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def _installed() -> str | None:
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return None
    # Several workers may want it; the first installs it.
    with (Path(tempfile.gettempdir()) / "dowse-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if found := _found():
            return found
        print("installing Debian's chromium (a minute)", flush=True)
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            done = subprocess.run(
                ["apt-get", "-qq", *words], env=environ, capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                print(done.stderr[-2000:], flush=True)
    return _found()
