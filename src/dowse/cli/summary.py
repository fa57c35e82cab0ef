"""The end of a foreground command: what came out, where it lies, how to go on."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dowse.cli import words
from dowse.cli.asked import (
    broken,
    further_cells,
    further_names,
    is_several,
    limits_words,
    objectives_words,
)
from dowse.cli.following import Rest
from dowse.cli.options import how_to
from dowse.cli.terminal import BOLD, GREEN, RED, YELLOW, paint, printable, say

if TYPE_CHECKING:
    from dowse.config import Settings

Document = dict[str, Any]
SHOWN = 5
"""So many of the best trials."""
COLOURS = {"succeeded": GREEN, "failed": RED, "paused": YELLOW, "cancelled": YELLOW}


def show_summary(rest: Rest, settings: Settings) -> None:
    job, progress = rest.job, rest.progress
    say(headline(job))
    best = best_first(job)
    if best:
        say()
        for line in (
            front_lines(job, progress) if is_several(progress) else _best_lines(best, progress)
        ):
            say(line)
    elif job["state"] == "succeeded":
        say()
        say(without_result(job["trials"], progress))
    say()
    say(places(rest))
    say(next_steps(rest, settings))


def _best_lines(best: list[Document], progress: Document) -> Iterator[str]:
    results = words.counted(len(best), "result")
    yield f"Best of {results}{_within(progress)} by {objectives_words(progress)}:"
    yield results_table(best[:SHOWN], progress["metric"])


def front_lines(job: Document, progress: Document) -> Iterator[str]:
    """The trials that no other one beats in every objective; nothing while there is none."""
    by_number = {trial["number"]: trial for trial in job["trials"]}
    front = [by_number[number] for number in job["front"]]
    if front:
        results = words.counted(len(job["ranking"]), "result")
        count = words.counted(len(front), "trial")
        said = f"{count} of {results}{_within(progress)}"
        yield f"{said} on the front of {objectives_words(progress)}:"
        yield results_table(front, progress["metric"])


def _within(progress: Document) -> str:
    limits = progress["metric_limits"]
    return f" within {limits_words(limits)}" if limits else ""


def headline(job: Document) -> str:
    """`digits succeeded: all 24 trials are done`."""
    state = paint(str(job["state"]), COLOURS.get(job["state"], BOLD), sys.stdout)
    said = job["message"] or words.reason(job["reason"])
    return printable_line(f"{job['name']} {state}", said)


def printable_line(head: str, said: str) -> str:
    return f"{head}: {printable(said)}" if said else head


def best_first(job: Document) -> list[Document]:
    """The trials that count, in the service's order: it alone knows how to break ties."""
    by_number = {trial["number"]: trial for trial in job["trials"]}
    return [by_number[number] for number in job["ranking"]]


def without_result(trials: list[Document], progress: Document) -> str:
    """Why a job that went as asked has no best trial, such as a time limit that ended them all."""
    limits = progress["metric_limits"]
    measured = [trial for trial in trials if broken(trial, limits)]
    if measured:
        said = f"None of {words.counted(len(measured), 'result')} keeps {limits_words(limits)}:"
        return f"{said}\n{results_table(measured[-SHOWN:], progress['metric'])}"
    metric = " and ".join(one["metric"] for one in progress["objectives"])
    ends = Counter(
        f"{trial['state']} ({words.reason(trial['reason'])})" if trial["reason"] else trial["state"]
        for trial in trials
    )
    counts = ", ".join(f"{count} {end}" for end, count in ends.items())
    return f"No trial left a finite value of {printable(metric)}: {counts}"


def results_table(trials: list[Document], metric: str) -> str:
    """Number, objective, step and one column for each parameter that any of them has."""
    names = list(dict.fromkeys(name for trial in trials for name in trial["parameters"]))
    further = further_names(trials, metric)
    rows = [
        [
            str(trial["number"]),
            words.short(words.number(trial["objective"])),
            *further_cells(trial, further),
            words.short(trial["step"]),
            *(printable(words.short(trial["parameters"].get(name))) for name in names),
        ]
        for trial in trials
    ]
    shown = map(printable, (metric, *further))
    return words.table(["trial", *shown, "step", *map(printable, names)], rows)


def places(rest: Rest) -> str:
    """Where outputs and logs lie."""
    lines = []
    best = rest.job["best"]
    if best is not None and best["output_dir"]:
        lines.append(f"Output of trial {best['number']}: {best['output_dir']}")
    lines.append(f"Trials and logs: {rest.progress['directory']}/trials")
    if best is not None:
        lines.append(f"Train with the best: {printable(arguments(best, rest.spec))}")
    return "\n".join(lines)


def arguments(trial: Document, spec: Document) -> str:
    """A trial's values as one would type them after the program's name: spelled as it got them."""
    from dowse.runtime.tuned import tuned_words
    from dowse.wire.documents import trial_from_json
    from dowse.wire.spec import spec_from_json

    return shlex.join(tuned_words(spec_from_json(spec), trial_from_json(trial)))


def next_steps(rest: Rest, settings: Settings) -> str:
    """What a person would type now."""
    job = rest.job
    name = shlex.quote(job["name"])
    if job["state"] == "paused":
        return f"Go on: {how_to(settings, f'resume {name}')}"
    first = job["ranking"][0] if job["ranking"] else None
    shown = next((one for one in job["trials"] if first in (None, one["number"])), None)
    lines = [f"Look closer: {how_to(settings, f'jobs show {name}')}"]
    if shown is not None:
        command = f"trials logs {name} {shown['number']}"
        lines.append(f"What it printed: {how_to(settings, command)}")
    return "\n".join(lines)
