"""Environments of what must not get into Dowse's own: each peer, and the runtime of networks.

Made on demand under `benchmarks/peers/.venv/` from pinned requirements, and made anew when these
change.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

_BENCHMARKS = Path(__file__).parents[1]
_HOME = _BENCHMARKS / "peers" / ".venv"


def requirements(name: str) -> Path:
    """The pinned requirements of an environment; `tasks` is that of the networks."""
    if name == "tasks":
        return _BENCHMARKS / "requirements.txt"
    return _BENCHMARKS / "peers" / name / "requirements.txt"


def python(name: str) -> Path:
    """The interpreter of an environment, which is made if it is missing or out of date."""
    home = _HOME / name
    stamp = home / ".made-from"
    wanted = hashlib.sha256(requirements(name).read_bytes()).hexdigest()
    _HOME.mkdir(parents=True, exist_ok=True)
    # Several workers may want the same one; the first makes it.
    with (_HOME / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            _make(name, home)
            stamp.write_text(wanted)
    return home / "bin" / "python"


def _make(name: str, home: Path) -> None:
    print(f"making the environment of {name} …", file=sys.stderr, flush=True)
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    # Everything is pinned; what a peer declares beyond it belongs to variants that are not run.
    install = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps"]
    install += ["--disable-pip-version-check", "-r", str(requirements(name))]
    subprocess.run(install, check=True, stdout=sys.stderr)
