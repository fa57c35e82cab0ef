"""What a job asks of its trials, in words: objectives, limits, and which limits a trial breaks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from dowse.cli import words
from dowse.cli.terminal import printable

Document = dict[str, Any]


def is_several(progress: Document) -> bool:
    return len(progress["objectives"]) > 1


def objectives_words(progress: Document) -> str:
    """`accuracy, highest first`; of several `accuracy (highest) and latency_ms (lowest)`."""
    found = [(one["metric"], _best_end(one["goal"])) for one in progress["objectives"]]
    if len(found) == 1:
        return f"{printable(found[0][0])}, {found[0][1]} first"
    return " and ".join(f"{printable(metric)} ({end})" for metric, end in found)


def _best_end(goal: str) -> str:
    return "highest" if goal == "maximize" else "lowest"


def limits_words(limits: Sequence[Document]) -> str:
    """`latency_ms <= 50 and size >= 3`."""
    return printable(" and ".join(limit_words(one) for one in limits))


def limit_words(limit: Document) -> str:
    if limit["at_most"] is not None:
        return f"{limit['metric']} <= {words.short(words.number(limit['at_most']))}"
    return f"{limit['metric']} >= {words.short(words.number(limit['at_least']))}"


def broken(trial: Document, limits: Sequence[Document]) -> list[str]:
    """The limits that a trial with a value does not keep."""
    if trial["objective"] is None:
        return []
    return [limit_words(one) for one in limits if _excess(trial, one) > 0.0]


def _excess(trial: Document, limit: Document) -> float:
    value = words.number(trial["further"].get(limit["metric"], "NaN"))
    if math.isnan(value):
        return math.inf
    if limit["at_most"] is not None:
        return value - words.number(limit["at_most"])
    return words.number(limit["at_least"]) - value


def further_names(trials: Sequence[Document], metric: str) -> list[str]:
    """The metrics besides the first that trials have values of."""
    named = dict.fromkeys(name for trial in trials for name in trial["further"])
    return [name for name in named if name != metric]


def further_cells(trial: Document, names: Sequence[str]) -> list[str]:
    return [
        words.short(words.number(trial["further"][name])) if name in trial["further"] else "-"
        for name in names
    ]
