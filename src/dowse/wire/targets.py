"""What is asked for, as JSON: objectives, and limits on metrics."""

from __future__ import annotations

from typing import Any

from dowse.domain.metrics import Goal, Use
from dowse.domain.targets import Targets
from dowse.wire.base import Form, Whole


class ObjectiveForm(Form):
    metric: str
    goal: Goal
    use: Use = Use.LAST
    window: Whole = 1


class LimitForm(Form):
    """One of the two is given."""

    metric: str
    at_most: float | None = None
    at_least: float | None = None


def targets_to_json(targets: Targets) -> dict[str, Any]:
    """`objectives` and `metric_limits`."""
    return {
        "objectives": [ObjectiveForm.model_validate(one).to_json() for one in targets.objectives],
        "metric_limits": [LimitForm.model_validate(one).to_json() for one in targets.limits],
    }
