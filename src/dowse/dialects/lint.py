"""Advice about a job that is valid: few things, and only those that cost people their trials."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dowse.dialects.folklore import folklore
from dowse.domain.metrics import Goal, Objective
from dowse.domain.parameters import Double, Integer
from dowse.domain.scales import Scale
from dowse.domain.spec import JobSpec
from dowse.errors import Problem, Severity

TRIALS_PER_PARAMETER = 10
"""Fewer trials than this for each parameter do not use the search to the full (Google's rule)."""

_LEARNING = ("auto", "bayesian")
BAYESIAN_TRIALS_OF_AZURE = 20
"""Azure's advice for each parameter; it gives none for its other kinds of sampling."""

MAX_PARALLEL_SHARE = 4
"""With more than a fourth of all trials at once, most are chosen without results to learn from."""

WIDE_RATIO = 1_000
"""From here on, a linear scale spends nearly all trials on the upper tenth of the range."""

_GOOD_WHEN_HIGH = re.compile(r"(?:^|[^a-z])(?:acc|accuracy|auc|f1|precision|recall|r2)(?:[^a-z]|$)")
_GOOD_WHEN_LOW = re.compile(r"(?:^|[^a-z])(?:loss|error|rmse|mse|mae|logloss)(?:[^a-z]|$)")


def lint(spec: JobSpec) -> tuple[Problem, ...]:
    """Warnings whose paths are those of the domain: `limits.trials`, `lr.scale`, `goal`."""
    return tuple(
        Problem(path=path, message=message, severity=Severity.WARNING)
        for path, message in (
            *_trials(spec),
            *_parallel(spec),
            *_scales(spec),
            *_goal(spec),
            *_limits_with_stopping(spec),
            *folklore(spec),
        )
    )


def _trials(spec: JobSpec) -> Iterator[tuple[str, str]]:
    searched = [parameter for parameter in spec.space.parameters if parameter.levels != 1]
    each = _trials_per_parameter(spec)
    wanted = each * len(searched)
    if spec.limits.trials is None or spec.limits.trials >= wanted or spec.continues is not None:
        return
    if spec.space.is_finite and _combinations(spec) <= spec.limits.trials:
        return
    yield (
        "limits.trials",
        f"allows {_counted(spec.limits.trials, 'trial')} for "
        f"{_counted(len(searched), 'parameter')}; "
        f"{wanted} or more ({each} for each) use the search to the full",
    )


def _trials_per_parameter(spec: JobSpec) -> int:
    if spec.dialect != "azure_ml":
        return TRIALS_PER_PARAMETER
    return BAYESIAN_TRIALS_OF_AZURE if spec.algorithm.name == "bayesian" else 0


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _combinations(spec: JobSpec) -> int:
    count = 1
    for parameter in spec.space.parameters:
        count *= parameter.levels or 1
    return count


def _parallel(spec: JobSpec) -> Iterator[tuple[str, str]]:
    trials, parallel = spec.limits.trials, spec.limits.parallel
    if trials is None or parallel <= 1:
        return
    if parallel > trials:
        message = f"allows {parallel} at once, but there will be {_counted(trials, 'trial')}"
        yield "limits.parallel", message
    elif (
        spec.continues is None
        and spec.algorithm.name in _LEARNING
        and parallel * MAX_PARALLEL_SHARE > trials
    ):
        fewer = trials // MAX_PARALLEL_SHARE
        better = f"{fewer} or fewer learn more" if fewer > 1 else "one at a time learns more"
        yield (
            "limits.parallel",
            f"runs {parallel} of {trials} trials at once, so that most are chosen without the "
            f"others' results; {better}",
        )


def _scales(spec: JobSpec) -> Iterator[tuple[str, str]]:
    for parameter in spec.space.parameters:
        if isinstance(parameter, Double | Integer) and _is_wide_and_linear(parameter):
            yield (
                f"{parameter.name}.scale",
                f"is linear over a range from {parameter.min!r} to {parameter.max!r}; "
                "a log scale searches every order of magnitude alike",
            )


def _is_wide_and_linear(parameter: Double | Integer) -> bool:
    if parameter.scale != Scale.LINEAR:
        return False
    if isinstance(parameter, Double) and parameter.prior is not None:
        return False
    return parameter.min > 0 and parameter.max / parameter.min >= WIDE_RATIO


def _goal(spec: JobSpec) -> Iterator[tuple[str, str]]:
    for objective in spec.objectives:
        yield from _goal_of(objective)


def _goal_of(objective: Objective) -> Iterator[tuple[str, str]]:
    name, goal = objective.metric.lower(), objective.goal
    high, low = bool(_GOOD_WHEN_HIGH.search(name)), bool(_GOOD_WHEN_LOW.search(name))
    if high == low:
        return
    if goal is Goal.MINIMIZE and high:
        yield "goal", f"minimizes {objective.metric!r}, which is usually maximized"
    if goal is Goal.MAXIMIZE and low:
        yield "goal", f"maximizes {objective.metric!r}, which is usually minimized"


def _limits_with_stopping(spec: JobSpec) -> Iterator[tuple[str, str]]:
    own = {objective.metric for objective in spec.objectives}
    others = [each.metric for each in spec.metric_limits if each.metric not in own]
    if spec.stopping is not None and others:
        names = " and ".join(dict.fromkeys(others))
        yield (
            "metric_limits",
            f"need {names} of every trial: one that is stopped before it reported it counts as "
            "failed; report it from the first step on",
        )
