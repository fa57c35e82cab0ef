"""`dowse doctor`: whether this machine has what Dowse needs, and what to do where it has not."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from dowse.cli import options, words
from dowse.cli.exits import ExitCode
from dowse.cli.terminal import GREEN, RED, YELLOW, paint, print_document, say
from dowse.errors import InvalidInput

if TYPE_CHECKING:
    from dowse.config import Settings

OK, WARN, FAIL = "ok", "warn", "fail"
COLOURS = {OK: GREEN, WARN: YELLOW, FAIL: RED}
OLDEST_PYTHON = (3, 11)
ASK_PYTHON_S = 20.0
COMFORT = 5
"""Below so many times the least free space, a warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`advice` says what to do; it is empty where nothing is wrong."""

    name: str
    verdict: str
    message: str
    advice: str = ""


def doctor(*, as_json: options.Json = False, data_dir: options.DataDir = None) -> None:
    """Check this machine: Python, disk, processes, GPUs, the interpreter of the trials."""
    found = list(findings(data_dir))
    if as_json:
        print_document({"checks": [asdict(finding) for finding in found]})
    else:
        for finding in found:
            verdict = paint(finding.verdict.ljust(4), COLOURS[finding.verdict], sys.stdout)
            say(f"{verdict}  {finding.name}: {finding.message}")
            if finding.advice:
                say(f"      {finding.advice}")
    if any(finding.verdict == FAIL for finding in found):
        raise typer.Exit(ExitCode.FAILED)


def findings(data_dir: Path | None) -> Iterator[Finding]:
    yield check_python(sys.version_info[:3])
    try:
        settings = options.settings_for(data_dir)
    except InvalidInput as error:
        for problem in error.problems:
            yield Finding(
                name="settings",
                verdict=FAIL,
                message=str(problem),
                advice="unset it, or give it a value that fits",
            )
        return
    yield from (check(settings) for check in CHECKS)


def check_python(version: tuple[int, ...]) -> Finding:
    message = f"{'.'.join(map(str, version))} on {platform.system()} {platform.machine()}"
    if version >= OLDEST_PYTHON:
        return Finding(name="Python", verdict=OK, message=message)
    advice = f"install Python {'.'.join(map(str, OLDEST_PYTHON))} or newer"
    return Finding(name="Python", verdict=FAIL, message=message, advice=advice)


def check_data_directory(settings: Settings) -> Finding:
    place = nearest_existing(settings.data_dir)
    state = "exists" if place == settings.data_dir else "is made when it is first needed"
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        message = f"{settings.data_dir} {state}"
        return Finding(name="data directory", verdict=OK, message=message)
    return Finding(
        name="data directory",
        verdict=FAIL,
        message=f"{settings.data_dir} cannot be written: {place} is not a folder of yours",
        advice="choose another one with --data-dir or DOWSE_DATA_DIR",
    )


def check_disk(settings: Settings) -> Finding:
    free_mb = shutil.disk_usage(nearest_existing(settings.data_dir)).free // 1_000_000
    message = f"{free_mb:,} MB free; no trial is started below {settings.min_free_mb:,} MB"
    if free_mb < settings.min_free_mb:
        advice = "free some space, or lower DOWSE_MIN_FREE_MB"
        return Finding(name="disk", verdict=FAIL, message=message, advice=advice)
    if free_mb < COMFORT * settings.min_free_mb:
        advice = "each trial gets a copy of its code: free some space"
        return Finding(name="disk", verdict=WARN, message=message, advice=advice)
    return Finding(name="disk", verdict=OK, message=message)


def check_file_system(settings: Settings) -> Finding:
    from dowse.store.filesystem import SHARED, file_system

    kind = file_system(nearest_existing(settings.data_dir))
    if kind in SHARED:
        return Finding(
            name="file system",
            verdict=FAIL,
            message=f"{settings.data_dir} lies on {kind}, which other machines can write to",
            advice="choose a data directory on a disk of this machine",
        )
    return Finding(name="file system", verdict=OK, message=kind or "its kind cannot be told here")


def check_processes(_: Settings) -> Finding:
    missing = [
        what
        for what, there in (
            ("/proc", Path("/proc/self/stat").exists()),
            ("pidfd", _has_pidfd()),
        )
        if not there
    ]
    if not missing:
        return Finding(name="processes", verdict=OK, message="/proc and pidfd are there")
    return Finding(
        name="processes",
        verdict=WARN,
        message=f"without {' and '.join(missing)}, processes are followed by plain means",
        advice="children that leave their session may outlive a trial that is ended",
    )


def _has_pidfd() -> bool:
    if not hasattr(os, "pidfd_open"):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


def check_gpus(settings: Settings) -> Finding:
    from dowse.executors.gpus import find_gpus

    gpus = find_gpus() if settings.gpus is None else settings.gpus
    message = f"{words.counted(len(gpus), 'GPU')}: {', '.join(gpus)}" if gpus else "no GPU found"
    if gpus or not shutil.which("nvidia-smi"):
        return Finding(name="GPUs", verdict=OK, message=message)
    advice = (
        "nvidia-smi is there and lists none: look at its own output, or name them in DOWSE_GPUS"
    )
    return Finding(name="GPUs", verdict=WARN, message=message, advice=advice)


def check_owner(settings: Settings) -> Finding:
    from dowse import wiring

    client = wiring.connect(settings)
    if client is None:
        return Finding(name="owner", verdict=OK, message="none runs; dowse run starts one")
    with client:
        health = client.health()
    message = f"process {health['pid']}, version {health['version']}"
    import dowse

    if health["version"] == dowse.__version__:
        return Finding(name="owner", verdict=OK, message=message)
    advice = f"this is version {dowse.__version__}: end that process, its trials go on"
    return Finding(name="owner", verdict=WARN, message=message, advice=advice)


def check_interpreter(settings: Settings) -> Finding:
    """Of trials whose job names none."""
    from dowse.runtime.launch import choose_interpreter

    python = choose_interpreter(
        job=None,
        code_root=os.getcwd(),
        flag=settings.python,
        environ=os.environ,
        python3_on_path=shutil.which("python3") is not None,
        own=sys.executable,
    )
    try:
        answer = subprocess.run(
            [python, "-c", "import sys; print(sys.version.split()[0], sys.executable)"],
            capture_output=True,
            check=True,
            encoding="utf-8",
            timeout=ASK_PYTHON_S,
        ).stdout.split()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as error:
        return Finding(
            name="interpreter of trials",
            verdict=FAIL,
            message=f"{python} does not run: {error}",
            advice="name one with --python, DOWSE_PYTHON, or python: in the job",
        )
    message = f"{python} ({' '.join(answer)})"
    return Finding(name="interpreter of trials", verdict=OK, message=message)


def nearest_existing(path: Path) -> Path:
    """`path` itself, or the nearest folder above it that this user sees."""
    return next(place for place in (path, *path.parents) if os.path.exists(place))


CHECKS: tuple[Callable[[Settings], Finding], ...] = (
    check_data_directory,
    check_disk,
    check_file_system,
    check_processes,
    check_gpus,
    check_owner,
    check_interpreter,
)
