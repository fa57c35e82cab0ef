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
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    install = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps"]
    install += ["--disable-pip-version-check", "--require-hashes", "-r", str(requirements)]
    subprocess.run(install, check=True)
