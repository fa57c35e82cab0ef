"""Trials as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dowse.cli import words
from dowse.cli.terminal import printable

Document = dict[str, Any]


def trials_table(trials: Sequence[Document], metric: str) -> str:
    """One row for each trial; the reason stands in the last column."""
    if not trials:
        return "no trials yet"
    names = list(dict.fromkeys(name for trial in trials for name in trial["parameters"]))
    header = ["trial", "state", printable(metric), "step", *map(printable, names), "reason"]
    return words.table(header, [_row(trial, names) for trial in trials], "")


def _row(trial: Document, names: Sequence[str]) -> list[str]:
    objective = trial["objective"]
    return [
        str(trial["number"]),
        trial["state"],
        "-" if objective is None else words.short(words.number(objective)),
        words.short(trial["step"]),
        *(printable(words.short(trial["parameters"].get(name))) for name in names),
        _reason(trial),
    ]


def _reason(trial: Document) -> str:
    """A trial that is paused says what it waits for."""
    if trial["state"] == "paused":
        return printable(trial["message"])
    return words.reason(trial["reason"])
