"""What does not go with several objectives, or with limits on metrics."""

from __future__ import annotations

from collections.abc import Iterator

from dowse.domain.targets import Targets
from dowse.errors import Problem

_INSTEAD = "leave it out; limits.patience ends a job that finds nothing better any more"


def conflicts(
    targets: Targets, *, stops: bool, learns: bool, target: bool, improvement: bool
) -> Iterator[Problem]:
    """`stops`, `learns`, `target` and `improvement` say whether a job has early stopping, learns
    from other jobs, and ends by these limits.
    """
    if targets.is_plain:
        return
    names = ", ".join(each.metric for each in targets.objectives)
    if targets.is_several and stops:
        yield Problem(
            path="early_stopping",
            message=f"compares curves of one metric, and {names} are optimised: leave it out, or "
            "optimise one metric and give the others limits (metric_limits)",
        )
    if targets.is_several and target:
        message = f"is a value of one metric, and {names} are optimised: {_INSTEAD}"
        yield Problem(path="limits.target", message=message)
    if improvement:
        message = f"is foreseen for one metric without limits on others: {_INSTEAD}"
        yield Problem(path="limits.improvement", message=message)
    if learns:
        message = "needs a single objective without limits on metrics: leave it out"
        yield Problem(path="learn_from", message=message)
