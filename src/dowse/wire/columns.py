"""All trials of a job as columns: what tables and charts of very many trials are drawn from.

Every column has one entry for each entry of `number`. Texts that repeat are codes into `labels`,
-1 where there is none. The forms only describe the answer: building them would take longer than
everything else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeAlias

from dowse.domain.metrics import Goal
from dowse.domain.parameters import Categorical
from dowse.domain.reasons import Reason
from dowse.domain.spec import JobSpec
from dowse.domain.trial import TrialState
from dowse.ports import Summary, TrialRow
from dowse.wire.base import Flag, Form, Number, Value, Whole, number_to_json
from dowse.wire.targets import LimitForm, ObjectiveForm, targets_to_json

STATES = tuple(state.value for state in TrialState)
REASONS = tuple(reason.value for reason in Reason)

Numbers: TypeAlias = tuple[Number | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Trials of a job: all of them, or (not `is_full`) those that changed since an earlier sheet.

    `cursor` says up to where it knows; `removed` are the numbers of those that were deleted.
    """

    job: str
    spec: JobSpec
    cursor: str
    last_event: int
    is_full: bool
    rows: Sequence[TrialRow]
    summaries: Sequence[Summary]
    removed: Sequence[int] = ()


class CodesColumn(Form):
    """Entry i is `labels[codes[i]]`, or nothing where the code is -1."""

    labels: tuple[Value, ...]
    codes: tuple[Whole, ...]


class NumbersColumn(Form):
    """Null where a trial has no such value."""

    values: Numbers


class MetricColumns(Form):
    """What the present attempt reported: how often, last (at `step`), least and greatest.

    Null in all of them where it reported nothing; `min` and `max` are of the finite values.
    """

    reports: tuple[Whole | None, ...]
    last: Numbers
    step: tuple[Whole | None, ...]
    min: Numbers
    max: Numbers


class ColumnsDocument(Form):
    """`full` says that these are all trials; otherwise they replace those of the same numbers, and
    `removed` are gone. `further` has what counts of the other objectives and of metrics with
    limits. `cursor` is the `since` of the next question. `worker` is who runs a trial
    of a study. Texts (`message`, `why`) are asked for trial by trial. `tags` has the numbers of the
    trials that are marked with each.
    """

    job: str
    metric: str
    goal: Goal
    objectives: tuple[ObjectiveForm, ...]
    metric_limits: tuple[LimitForm, ...]
    full: Flag
    cursor: str
    last_event: Whole
    removed: tuple[Whole, ...]
    number: tuple[Whole, ...]
    state: CodesColumn
    reason: CodesColumn
    attempt: tuple[Whole, ...]
    worker: CodesColumn
    objective: Numbers
    further: dict[str, Numbers]
    step: tuple[Whole | None, ...]
    created_at: Numbers
    started_at: Numbers
    ended_at: Numbers
    tags: dict[str, tuple[Whole, ...]]
    parameters: dict[str, NumbersColumn | CodesColumn]
    metrics: dict[str, MetricColumns]


def columns_document(sheet: Sheet) -> dict[str, Any]:
    rows = sheet.rows
    return {
        "job": sheet.job,
        "metric": sheet.spec.objective.metric,
        "goal": sheet.spec.objective.goal.value,
        **targets_to_json(sheet.spec.targets),
        "full": sheet.is_full,
        "cursor": sheet.cursor,
        "last_event": sheet.last_event,
        "removed": list(sheet.removed),
        "number": [row.number for row in rows],
        "state": _codes([row.state for row in rows], STATES),
        "reason": _codes([row.reason for row in rows], REASONS),
        "attempt": [row.attempt for row in rows],
        "worker": _codes([row.client for row in rows], ()),
        "objective": _numbers(row.objective for row in rows),
        "further": {
            name: _numbers(row.further.get(name) for row in rows)
            for name in sheet.spec.targets.named
        },
        "step": [row.step for row in rows],
        "created_at": [row.created_at for row in rows],
        "started_at": [row.started_at for row in rows],
        "ended_at": [row.ended_at for row in rows],
        "tags": _tags(rows),
        "parameters": _parameters(sheet),
        "metrics": _metrics(sheet),
    }


def _tags(rows: Sequence[TrialRow]) -> dict[str, list[int]]:
    """Few trials have any."""
    found: dict[str, list[int]] = {}
    for row in rows:
        for tag in row.tags:
            found.setdefault(tag, []).append(row.number)
    return found


def _parameters(sheet: Sheet) -> dict[str, Any]:
    """In the order of the search space, then what trials from elsewhere have besides."""
    space = {parameter.name: parameter for parameter in sheet.spec.space.parameters}
    names = dict.fromkeys([*space, *(name for row in sheet.rows for name in row.parameters)])
    found = {}
    for name in names:
        values = [row.parameters.get(name) for row in sheet.rows]
        parameter = space.get(name)
        if isinstance(parameter, Categorical):
            found[name] = _codes(values, parameter.choices)
        elif all(value is None or type(value) in (int, float) for value in values):
            found[name] = {"values": _numbers(values)}
        else:
            found[name] = _codes(values, ())
    return found


def _metrics(sheet: Sheet) -> dict[str, Any]:
    places = {row.number: place for place, row in enumerate(sheet.rows)}
    found: dict[str, list[Summary | None]] = {sheet.spec.objective.metric: [None] * len(places)}
    for summary in sheet.summaries:
        if (place := places.get(summary.trial)) is not None:
            if summary.metric not in found:
                found[summary.metric] = [None] * len(places)
            found[summary.metric][place] = summary
    return {metric: _metric(column) for metric, column in found.items()}


def _metric(column: Sequence[Summary | None]) -> dict[str, Any]:
    def values(field: str) -> list[Any]:
        get: Callable[[Summary], Any] = attrgetter(field)
        return [None if one is None else get(one) for one in column]

    return {
        "reports": values("reports"),
        "last": _numbers(values("last")),
        "step": values("step"),
        "min": values("low"),
        "max": values("high"),
    }


def _numbers(values: Iterable[float | None]) -> list[float | str | None]:
    return [
        value if value is None or math.isfinite(value) else number_to_json(value)
        for value in values
    ]


def _codes(values: Sequence[Any], known: Sequence[Any]) -> dict[str, Any]:
    """`known` labels come first and always, so that the codes of two answers are the same."""
    # True and 1 are the same key and not the same label.
    codes: dict[tuple[type, Any], int] = {}
    for label in known:
        codes.setdefault((type(label), label), len(codes))
    found = [
        -1 if value is None else codes.setdefault((type(value), value), len(codes))
        for value in values
    ]
    return {"labels": [label for _, label in codes], "codes": found}
