"""The installed `dowse` as a child process, on a data directory of its own."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT_S = 300.0
"""Nothing that is measured here takes so long; what does has failed."""

DOWSE = [str(Path(sys.executable).with_name("dowse"))]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a child process took: its standard output, and its CPU time in seconds."""

    output: str
    cpu_s: float


def environment(**more: str) -> dict[str, str]:
    """The caller's, without settings of Dowse that would change what is measured."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("DOWSE_")}
    return {**plain, "OMP_NUM_THREADS": "1", **more}


def measured(words: Sequence[str], *, cwd: Path | None = None) -> Usage:
    """Run a command to its end. Raises RuntimeError with what it said when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        words,
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}: {done.stderr}")
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Usage(output=done.stdout, cpu_s=cpu_s)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for everything of one measurement."""
    folder = Path(tempfile.mkdtemp(prefix="dowse-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_words(file: Path, name: str, data_dir: Path) -> list[str]:
    """The command that runs a job file in the foreground and prints its document."""
    options = ["--name", name, "--data-dir", str(data_dir), "--python", sys.executable]
    return [*DOWSE, "run", str(file), "--json", "--quiet", *options]


def run_job(file: Path, name: str, data_dir: Path) -> dict[str, Any]:
    """The document of a job that was run to its end, however it ended."""
    done = subprocess.run(
        run_words(file, name, data_dir),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    try:
        document: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise RuntimeError(f"dowse run ended with {done.returncode}: {done.stderr}") from None
    return document
