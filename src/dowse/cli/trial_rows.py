"""Trials as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dowse.cli import words
from dowse.cli.asked import broken, further_cells, further_names
from dowse.cli.terminal import printable

Document = dict[str, Any]


def trials_table(trials: Sequence[Document], metric: str, limits: Sequence[Document] = ()) -> str:
    """One row for each trial; the reason, or the limit that it breaks, stands last."""
    if not trials:
        return "no trials yet"
    names = list(dict.fromkeys(name for trial in trials for name in trial["parameters"]))
    further = further_names(trials, metric)
    shown = map(printable, (metric, *further))
    header = ["trial", "state", *shown, "step", *map(printable, names), "reason"]
    rows = [_row(trial, names, further, limits) for trial in trials]
    return words.table(header, rows, "")


def _row(
    trial: Document,
    names: Sequence[str],
    further: Sequence[str],
    limits: Sequence[Document],
) -> list[str]:
    objective = trial["objective"]
    return [
        str(trial["number"]),
        trial["state"],
        "-" if objective is None else words.short(words.number(objective)),
        *further_cells(trial, further),
        words.short(trial["step"]),
        *(printable(words.short(trial["parameters"].get(name))) for name in names),
        _reason(trial, limits),
    ]


def _reason(trial: Document, limits: Sequence[Document]) -> str:
    """A trial that is paused says what it waits for."""
    if trial["state"] == "paused":
        return printable(trial["message"])
    if trial["reason"] is None and (found := broken(trial, limits)):
        return f"breaks {printable(' and '.join(found))}"
    return words.reason(trial["reason"])
