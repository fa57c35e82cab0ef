"""What is optimised, and what trials must keep, as the native form has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dowse.domain.metric_limits import MetricLimit, parse_metric_limit
from dowse.domain.metrics import Objective, Use
from dowse.errors import InvalidInput


def objectives_tree(objectives: Sequence[Objective]) -> dict[str, Any]:
    return {
        each.metric: each.goal.value
        if each.use is Use.LAST
        else {"goal": each.goal.value, "use": use_tree(each)}
        for each in objectives
    }


def use_tree(objective: Objective) -> Any:
    if objective.use is Use.MEAN_OF_LAST:
        return {"mean_of_last": objective.window}
    return objective.use.value


def limit_tree(limit: MetricLimit) -> Any:
    """As text where that reads back, else in full: a name may hold anything."""
    if limit.at_most is not None:
        sign, key, bound = "<=", "at_most", limit.at_most
    else:
        assert limit.at_least is not None
        sign, key, bound = ">=", "at_least", limit.at_least
    for text in (str(limit), f"{limit.metric} {sign} {bound!r}"):
        if _says(text, limit):
            return text
    return {"metric": limit.metric, key: bound}


def _says(text: str, limit: MetricLimit) -> bool:
    try:
        return parse_metric_limit(text) == limit
    except InvalidInput:
        return False
