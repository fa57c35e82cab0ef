"""`metric` and `goal`: what is optimised, and which of a trial's reports counts."""

from __future__ import annotations

import re

from dowse.dialects.located import Mapping
from dowse.dialects.native import keys
from dowse.dialects.reader import Field, Places, Table
from dowse.domain.metrics import MAX_METRIC_NAME, Goal, Objective, Use

GOALS = {goal.value: goal for goal in Goal}
_USES = {"last": Use.LAST, "best": Use.BEST}
_MEAN = re.compile(r"mean_of_last_([1-9]\d{0,8})\Z", re.ASCII)
_USE = "last, best or {mean_of_last: 5}"


def read_objective(root: Table, places: Places) -> tuple[Objective | None, str | None]:
    """The objective, and the pattern that finds it in standard output."""
    field = root.required("metric", "name the number that the program reports, such as accuracy")
    if field is None:
        _goal(root, None, places)
        return None, None
    if not isinstance(field.node, Mapping):
        name = _name(field)
        goal = _goal(root, None, places)
        return (Objective(metric=name, goal=goal) if name and goal else None), None
    table = Table(field.node, field.path, field.log)
    table.refuse_unknown(keys.METRIC)
    named = table.required("name", "the name under which the program reports the metric")
    name = _name(named) if named else None
    goal = _goal(root, table.get("goal"), places)
    counted = read_use(table.get("use"))
    shown = table.get("pattern")
    places.put("metric.stdout", shown)
    pattern = shown.text("a regular expression with the group (?P<value>...)") if shown else None
    if name is None or goal is None or counted is None:
        return None, pattern
    use, window = counted
    return Objective(metric=name, goal=goal, use=use, window=window), pattern


def _name(field: Field) -> str | None:
    name = field.words("the name of a metric")
    if name is not None and (problem := name_problem(name)) is not None:
        field.error(problem)
        return None
    return name


def name_problem(name: str) -> str | None:
    """What is wrong with the name of a metric."""
    if not name.strip():
        return "must be the name of a metric, got one that is empty"
    if len(name) > MAX_METRIC_NAME:
        return f"must have at most {MAX_METRIC_NAME} characters, got {len(name)}"
    return None


def _goal(root: Table, inner: Field | None, places: Places) -> Goal | None:
    outer = root.get("goal")
    if inner is not None and outer is not None:
        inner.error("and the goal at the top cannot both be given; keep one of them")
        return None
    field = inner or outer or root.required("goal", "write maximize or minimize")
    places.put("goal", field)
    return field.choice(GOALS) if field else None


def read_use(field: Field | None) -> tuple[Use, int] | None:
    """Which reports count, and how many of them; None when that cannot be read."""
    if field is None:
        return Use.LAST, 1
    if isinstance(field.node, Mapping):
        table = Table(field.node, field.path, field.log)
        table.refuse_unknown(["mean_of_last"])
        count = table.required("mean_of_last", "the number of reports")
        window = count.integer(low=1) if count else None
        return (Use.MEAN_OF_LAST, window) if window else None
    text = field.text(_USE)
    if text is None:
        return None
    if text in _USES:
        return _USES[text], 1
    if mean := _MEAN.match(text):
        return Use.MEAN_OF_LAST, int(mean.group(1))
    field.error(f"must be {_USE}, got {field.node}")
    return None
