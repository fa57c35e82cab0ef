"""Bringing home what a job left: the best trial's files, and the job's own log.

    <to>/artifacts/…               what the trial left beside its named outputs, its log included
    <to>/named-outputs/<name>/…    its named outputs
    <to>/hd-artifacts/             the log of the job

The folders are those of `az ml job download`.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dowse.domain.metric_limits import MetricLimit
from dowse.errors import InvalidInput, NotFound, Problem
from dowse.sdk.client import Client

Document = dict[str, Any]

ARTIFACTS = "artifacts"
NAMED = "named-outputs"
OF_THE_JOB = "hd-artifacts"
EVENTS = "events.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """What was written. `elsewhere` is a job directory that the server cannot read."""

    job: str
    trial: int | None
    folder: Path
    files: tuple[Path, ...]
    elsewhere: str | None = None


def download(
    client: Client,
    job: str,
    *,
    to: Path,
    output_name: str | None = None,
    everything: bool = False,
    trial: int | None = None,
    on_file: Callable[[Path], None] = lambda path: None,
) -> Download:
    """Save the files of a trial, by default the best, below `to`.

    Without `output_name`: the artifacts and the job's log; with `everything` the named outputs
    too. Files of the same names are replaced. Raises NotFound when there is no such trial or
    output, or no trial has a result yet.
    """
    if output_name is not None and everything:
        raise InvalidInput("name one output or ask for everything, not both")
    number = _best(client, job) if trial is None else trial
    listing = client.outputs(job, number)
    wanted = list(_wanted(job, listing, output_name=output_name, everything=everything))
    saved: list[Path] = []
    for file in wanted:
        target = _target(to, file)
        _save(target, client.output_file(job, number, file["path"], output=file["output"]))
        saved.append(target)
        on_file(target)
    if output_name is None:
        target = to / OF_THE_JOB / EVENTS
        _save(target, _event_lines(client, job))
        saved.append(target)
        on_file(target)
    elsewhere = listing["elsewhere"]
    return Download(job=job, trial=number, folder=to, files=tuple(saved), elsewhere=elsewhere)


def no_best(client: Client, job: str) -> str:
    """Why a job has no best trial."""
    progress = client.progress(job)
    objectives = [one["metric"] for one in progress["objectives"]]
    if len(objectives) > 1:
        return (
            f"{job} optimises {' and '.join(objectives)}: it has a front, and no single best trial"
        )
    limits = progress["metric_limits"]
    if limits and any(one["objective"] is not None for one in client.trials(job)):
        kept = " and ".join(str(MetricLimit(**one)) for one in limits)
        return f"no trial of {job} keeps {kept} yet"
    return f"no trial of {job} has a result yet"


def _best(client: Client, job: str) -> int:
    best = client.progress(job)["best"]
    if best is None:
        raise NotFound(f"{no_best(client, job)}; name a trial")
    number: int = best["number"]
    return number


def _wanted(
    job: str, listing: Document, *, output_name: str | None, everything: bool
) -> Iterator[Document]:
    if output_name is not None and output_name not in listing["outputs"]:
        known = ", ".join(listing["outputs"]) or "none"
        raise NotFound(f"{job} has no output {output_name!r}; there are {known}")
    for file in listing["files"]:
        if everything or file["output"] == output_name:
            yield file


def _target(to: Path, file: Document) -> Path:
    """Raises InvalidInput for a path that would leave the folder: the server may be anybody's."""
    path: str = file["path"]
    output: str | None = file["output"]
    if not _leads_down(path) or (output is not None and ("/" in output or not _leads_down(output))):
        message = f"leads out of the folder, got {path!r} of {output!r} from the server"
        raise InvalidInput([Problem(path="path", message=message)])
    return (to / ARTIFACTS if output is None else to / NAMED / output) / path


def _leads_down(path: str) -> bool:
    names = path.split("/")
    return not any(name in ("", ".", "..") or "\\" in name or "\0" in name for name in names)


def _save(target: Path, pieces: Iterator[bytes]) -> None:
    """Whole or not at all. Raises InvalidInput when it cannot be written there."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        os.replace(partial, target)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        why = error.strerror or str(error)
        raise InvalidInput(
            [Problem(path=str(target), message=f"cannot be written: {why}")]
        ) from None


def _event_lines(client: Client, job: str) -> Iterator[bytes]:
    seen = 0
    while batch := client.events(job, after=seen):
        for event in batch:
            yield json.dumps(event).encode() + b"\n"
        seen = batch[-1]["number"]
