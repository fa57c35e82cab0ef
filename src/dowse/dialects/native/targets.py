"""`objectives` and `metric_limits`: several metrics to optimise, and what trials must keep."""

from __future__ import annotations

from typing import TypeAlias

from dowse.dialects.located import Mapping
from dowse.dialects.native import keys
from dowse.dialects.native.metric import GOALS, name_problem, read_objective, read_use
from dowse.dialects.reader import Field, Places, Table
from dowse.domain.metric_limits import MetricLimit, parse_metric_limit
from dowse.domain.metrics import Objective
from dowse.domain.targets import MAX_OBJECTIVES, contradictions
from dowse.errors import InvalidInput

_OBJECTIVES = "a mapping such as {accuracy: maximize, latency_ms: minimize}"

Objectives: TypeAlias = tuple[Objective, ...]


def read_objectives(root: Table, places: Places) -> tuple[Objectives | None, str | None]:
    """What is optimised, and the pattern that finds it in standard output."""
    field, pattern = root.get("objectives"), root.get("pattern")
    if field is None:
        if pattern is not None:
            pattern.error("belongs under metric; only beside objectives it stands by itself")
        objective, shown = read_objective(root, places)
        return None if objective is None else (objective,), shown
    places.put("metric", field)
    places.put("goal", field)
    before = root.log.error_count
    if root.get("metric") is not None:
        field.error("and metric cannot both be given; keep one of them")
    if (goal := root.get("goal")) is not None:
        goal.error("belongs to each objective, as in objectives: {accuracy: maximize}")
    places.put("metric.stdout", pattern)
    text = pattern.text("a regular expression with the group (?P<value>...)") if pattern else None
    table = field.table(_OBJECTIVES)
    read = [_objective(name, each) for name, each in table or ()]
    if table is not None and not 1 <= len(read) <= MAX_OBJECTIVES:
        field.error(f"must hold 1 to {MAX_OBJECTIVES} metrics, got {len(read)}")
    found = tuple(each for each in read if each is not None)
    return None if root.log.error_count > before else found, text


def _objective(name: str, field: Field) -> Objective | None:
    if (problem := name_problem(name)) is not None:
        field.error(problem)
        return None
    if not isinstance(field.node, Mapping):
        goal = field.choice(GOALS)
        return Objective(metric=name, goal=goal) if goal else None
    table = Table(field.node, field.path, field.log)
    table.refuse_unknown(keys.OBJECTIVE)
    given = table.required("goal", "write maximize or minimize")
    goal = given.choice(GOALS) if given else None
    counted = read_use(table.get("use"))
    if goal is None or counted is None:
        return None
    use, window = counted
    return Objective(metric=name, goal=goal, use=use, window=window)


def read_metric_limits(field: Field | None) -> tuple[MetricLimit, ...] | None:
    """None when something is wrong with them."""
    if field is None:
        return ()
    items = field.items("a list of limits such as [latency_ms <= 50]")
    read = [_limit(item) for item in items or ()]
    found = tuple(each for each in read if each is not None)
    for message in contradictions(found):
        field.error(message)
    wrong = items is None or len(found) < len(read) or contradictions(found)
    return None if wrong else found


def _limit(item: Field) -> MetricLimit | None:
    made = _in_full(item) if isinstance(item.node, Mapping) else _in_short(item)
    if made is not None and (problem := name_problem(made.metric)) is not None:
        item.error(problem)
        return None
    return made


def _in_short(item: Field) -> MetricLimit | None:
    text = item.text("a limit such as latency_ms <= 50")
    try:
        return None if text is None else parse_metric_limit(text)
    except InvalidInput as error:
        item.error(error.problems[0].message)
        return None


def _in_full(item: Field) -> MetricLimit | None:
    table = item.table()
    assert table is not None
    table.refuse_unknown(keys.METRIC_LIMIT)
    named = table.required("metric", "the name of the metric")
    metric = named.words("the name of a metric") if named else None
    most, least = table.get("at_most"), table.get("at_least")
    if (most is None) is (least is None):
        item.error("needs either at_most or at_least, a number")
        return None
    bounds = [None if each is None else each.finite() for each in (most, least)]
    if metric is None or bounds == [None, None]:
        return None
    at_most, at_least = (None if each is None else float(each) for each in bounds)
    return MetricLimit(metric=metric, at_most=at_most, at_least=at_least)
