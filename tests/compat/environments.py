"""Environments of the real clients, made once from pinned requirements and kept.

They lie in `.venv/clients`, beside the tests' own environment, and are made anew when their
requirements change.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).parent / "requirements"
HOME = Path(__file__).parents[2] / ".venv" / "clients"


def python(name: str) -> Path:
    """The interpreter of the environment that `requirements/<name>.txt` describes."""
    home = HOME / name
    stamp = home / ".made-from"
    requirements = REQUIREMENTS / f"{name}.txt"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    HOME.mkdir(parents=True, exist_ok=True)
    # Several test runs may want the same one; the first makes it.
    with (HOME / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            _make(home, requirements)
            stamp.write_text(wanted)
    return home / "bin" / "python"


def _make(home: Path, requirements: Path) -> None:
    """Pip comes from the tests' own environment, and only modules that are imported are compiled:
    both together take three quarters of the time.
    """
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    install = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install"]
    install += ["--quiet", "--no-deps", "--no-compile", "--disable-pip-version-check"]
    subprocess.run([*install, "--require-hashes", "-r", str(requirements)], check=True)
