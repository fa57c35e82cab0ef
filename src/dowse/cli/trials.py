"""`dowse trials …`: the trials of a job, and one of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dowse.cli import options, words
from dowse.cli.clients import acting, looking, require_data
from dowse.cli.logged import logged_lines
from dowse.cli.summary import best_first
from dowse.cli.terminal import print_document, printable, say
from dowse.cli.trial_rows import trials_table
from dowse.cli.why import account

if TYPE_CHECKING:
    from dowse.runtime.records import LaunchRecord

Document = dict[str, Any]


class Order(Enum):
    NUMBER = "number"
    OBJECTIVE = "objective"


def list_trials(
    job: options.JobName,
    *,
    sort: Annotated[Order, typer.Option("--sort", help="What comes first.")] = Order.NUMBER,
    filter_: options.Filter = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """The trials of a job, by number or the best first."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with looking(settings) as client:
        document, progress = client.job(job), client.progress(job)
        trials = document["trials"] if filter_ is None else client.trials(job, filter=filter_)
    if sort is Order.OBJECTIVE:
        numbers = {trial["number"] for trial in trials}
        best = [trial for trial in best_first(document) if trial["number"] in numbers]
        trials = [*best, *(trial for trial in trials if trial not in best)]
    if as_json:
        print_document({"trials": trials})
    else:
        say(trials_table(trials, progress["metric"], progress["metric_limits"]))


def show_trial(
    job: options.JobName,
    number: options.Number,
    *,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """One trial: its parameters, why they were chosen, what it reported, how it ended."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with looking(settings) as client:
        trial = client.trial(job, number)
        metrics = client.metrics(job, number)
        logged = client.logged(job, number)
        directory = _directory(client.progress(job)["directory"], trial)
    launch = _launch(directory)
    if as_json:
        more = {"metrics": metrics, "logged": logged}
        print_document({**trial, **more, "directory": str(directory), "launch": launch})
        return
    for line in _page(trial, metrics, logged, directory, launch):
        say(printable(line))


def tag_trial(
    job: options.JobName,
    number: options.Number,
    tags: Annotated[
        list[str] | None,
        typer.Argument(metavar="TAG", help="What to mark it with.", show_default=False),
    ] = None,
    *,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="TAG", help="Take this one off; several times."),
    ] = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """Mark a trial for yourself and for filters: `star` is the star of the console."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with acting(settings) as client:
        trial = client.tag_trial(job, number, add=tags or (), remove=remove or ())
    if as_json:
        print_document(trial)
    else:
        say(printable(f"trial {number} of {job}: {_tags(trial)}"))


def _tags(trial: Document) -> str:
    return f"tags {', '.join(trial['tags'])}" if trial["tags"] else "no tags"


def _directory(job_directory: str, trial: Document) -> Path:
    from dowse.domain.trial import AttemptRef

    ref = AttemptRef(trial["job"], trial["number"], trial["attempt"])
    return Path(job_directory, "trials", ref.folder)


def _launch(directory: Path) -> LaunchRecord | None:
    from dowse.runtime import layout
    from dowse.runtime.records import read_launch

    return read_launch(str(directory / layout.LAUNCH))


def _page(
    trial: Document,
    metrics: dict[str, list[Document]],
    logged: Document,
    directory: Path,
    launch: LaunchRecord | None,
) -> Iterator[str]:
    yield _headline(trial)
    yield ""
    for name, value in trial["parameters"].items():
        yield f"  {name} = {value}"
    if trial["why"]:
        yield ""
        yield from account(trial["why"])
    if metrics:
        yield ""
        yield from metrics_table(metrics).splitlines()
    if lines := list(logged_lines(logged)):
        yield ""
        yield from lines
    yield ""
    yield from _times(trial)
    if trial["tags"]:
        yield f"Tags: {', '.join(trial['tags'])}"
    yield f"Output: {trial['output_dir'] or '-'}"
    yield f"Folder: {directory}"
    if launch is not None:
        yield f"Command: {_command(launch)}"


def _headline(trial: Document) -> str:
    line = f"trial {trial['number']} of {trial['job']} {trial['state']}"
    if trial["attempt"] > 1:
        line += f" (attempt {trial['attempt']})"
    if trial["objective"] is not None:
        line += f", {words.short(words.number(trial['objective']))} at step {trial['step']}"
    said = trial["message"] or words.reason(trial["reason"])
    line = f"{line}: {said}" if said else line
    if trial["exit_code"] is not None:
        line += f" [exit code {trial['exit_code']}]"
    elif trial["signal"] is not None:
        line += f" [signal {trial['signal']}]"
    return line


def metrics_table(metrics: dict[str, list[Document]]) -> str:
    """One row for each metric; NaN and infinities count as reports and are neither end."""
    rows = [
        _metric_row(name, [words.number(one["value"]) for one in curve], curve)
        for name, curve in metrics.items()
    ]
    return words.table(["metric", "reports", "last", "at step", "lowest", "highest"], rows)


def _metric_row(name: str, values: Sequence[float], curve: Sequence[Document]) -> list[str]:
    finite = [value for value in values if math.isfinite(value)]
    return [
        name,
        str(len(values)),
        words.short(values[-1]),
        str(curve[-1]["step"]),
        words.short(min(finite, default=None)),
        words.short(max(finite, default=None)),
    ]


def _times(trial: Document) -> Iterator[str]:
    if trial["started_at"] is None:
        return
    line = f"Started: {words.moment(trial['started_at'])}"
    if trial["ended_at"] is not None:
        line += f", ran {words.duration(trial['ended_at'] - trial['started_at'])}"
    yield line


def _command(launch: LaunchRecord) -> str:
    from dowse.runtime.launch import command_line_of

    return command_line_of(launch["argv"], launch["shell"]) or "-"
