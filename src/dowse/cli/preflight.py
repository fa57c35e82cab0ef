"""`dowse run --preflight`: one trial through the normal path, and whether its metric arrives."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dowse.cli import words
from dowse.cli.clients import looking
from dowse.cli.exits import ExitCode, code_of_job
from dowse.cli.foreground import stay
from dowse.cli.terminal import print_document, printable, say, tell_problems

if TYPE_CHECKING:
    from dowse.cli.jobfile import JobFile
    from dowse.config import Settings
    from dowse.sdk.client import Client

Document = dict[str, Any]
LAST_LINES = 15
"""Of the program's output, shown when the metric did not arrive."""


def run_preflight(job_file: JobFile, settings: Settings, *, as_json: bool, quiet: bool) -> ExitCode:
    """Everything happens in a directory that is removed; also a job directory lies there."""
    reading = job_file.read()
    if not quiet:
        tell_problems(reading.warnings)
    known = [str(warning) for warning in reading.warnings]
    with tempfile.TemporaryDirectory(prefix="dowse-preflight-") as folder:
        if reading.spec.launch.job_dir is not None:
            job_file = dataclasses.replace(job_file, job_dir=str(Path(folder, "job-dir")))
        there = dataclasses.replace(settings, data_dir=Path(folder, "data"))

        def begin(client: Client) -> tuple[str, int]:
            return client.submit(job_file.request(trials=1))["job"]["name"], 0

        rest = stay(there, begin, quiet=quiet, known_warnings=known)
        if not rest.job["trials"]:
            say("no trial was started")
            return code_of_job(rest.job["state"])
        with looking(there) as client:
            found = _findings(client, rest.job, rest.progress["metric"])
    if as_json:
        print_document(found)
    else:
        _show(found)
    return ExitCode.SUCCEEDED if found["ok"] else ExitCode.FAILED


def _findings(client: Client, job: Document, metric: str) -> Document:
    trial = job["trials"][0]
    metrics = client.metrics(job["name"], trial["number"])
    return {
        "ok": trial["state"] == "succeeded",
        "metric": metric,
        "state": trial["state"],
        "message": trial["message"],
        "parameters": trial["parameters"],
        "objective": trial["objective"],
        "metrics": {name: len(curve) for name, curve in metrics.items()},
        "log": _last_lines(client, job["name"], trial["number"]),
    }


def _last_lines(client: Client, name: str, number: int) -> list[str]:
    from dowse.errors import NotFound

    try:
        text: str = client.log(name, number)["text"]
    except NotFound:  # The program could not even be started.
        return []
    return text.splitlines()[-LAST_LINES:]


def _show(found: Document) -> None:
    arrived = ", ".join(
        f"{printable(name)} ({words.counted(count, 'report')})"
        for name, count in found["metrics"].items()
    )
    if found["ok"]:
        say(f"ok: {found['metric']} arrived: {words.short(words.number(found['objective']))}")
    else:
        say(f"trial 1 {found['state']}: {printable(found['message'])}")
    say(f"Metrics that arrived: {arrived or 'none'}")
    if not found["ok"] and found["log"]:
        say("The program's last lines:")
        for line in found["log"]:
            say(f"  {printable(line)}")
