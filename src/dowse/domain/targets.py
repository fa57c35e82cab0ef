"""What an optimiser is asked for: its objectives, and the limits that a trial must keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dowse.domain.history import Observation
from dowse.domain.metric_limits import MetricLimit, parse_metric_limit
from dowse.domain.metrics import Goal, Objective
from dowse.domain.pareto import Losses, losses
from dowse.errors import InvalidInput, Problem

UNNAMED = "value"
"""The metric of an objective that was given no name."""
MAX_OBJECTIVES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """`objectives` has one entry at least; the first one ranks trials."""

    objectives: tuple[Objective, ...]
    limits: tuple[MetricLimit, ...] = ()

    @property
    def metrics(self) -> tuple[str, ...]:
        """Everything that must be told of a trial, each once."""
        named = [each.metric for each in self.objectives]
        named += [each.metric for each in self.limits]
        return tuple(dict.fromkeys(named))

    @property
    def named(self) -> tuple[str, ...]:
        """The metrics that an observation carries by name, beside its value."""
        named = [each.metric for each in self.objectives[1:]]
        named += [each.metric for each in self.limits]
        return tuple(dict.fromkeys(named))

    def values(self, observation: Observation) -> dict[str, float] | None:
        """The objectives of a trial by name; None where it failed."""
        if observation.value is None:
            return None
        first, *others = (each.metric for each in self.objectives)
        return {first: observation.value} | {name: observation.metrics[name] for name in others}

    def losses(self, observation: Observation) -> Losses | None:
        """The objectives of a trial as what is minimised; None where it failed."""
        values = self.values(observation)
        if values is None:
            return None
        return losses(values.values(), (each.goal for each in self.objectives))

    def kept(self, observation: Observation) -> bool:
        """Whether a trial keeps every limit."""
        return all(each.keeps(observation.metrics.get(each.metric)) for each in self.limits)


def targets(
    goal: Goal | str | None,
    objectives: Mapping[str, Goal | str] | None,
    limits: Iterable[MetricLimit | str],
) -> Targets:
    """From what a caller gives: one unnamed goal, or goals by metric. Raises InvalidInput."""
    if objectives is None:
        found = [Objective(metric=UNNAMED, goal=checked_goal("goal", goal or Goal.MINIMIZE))]
    else:
        if goal is not None:
            raise _refusal("goal", "and objectives cannot both be given; keep one of them")
        found = _objectives(objectives)
    return Targets(objectives=tuple(found), limits=_limits(limits))


def checked_goal(path: str, goal: Goal | str) -> Goal:
    """Raises InvalidInput."""
    try:
        return Goal(goal)
    except ValueError:
        known = ", ".join(each.value for each in Goal)
        raise _refusal(path, f"must be one of {known}, got {goal!r}") from None


def _objectives(given: Mapping[str, Goal | str]) -> list[Objective]:
    if not isinstance(given, Mapping) or not given:
        example = '{"loss": "minimize", "latency": "minimize"}'
        raise _refusal("objectives", f"must name metrics and goals, as {example}; got {given!r}")
    if len(given) > MAX_OBJECTIVES:
        raise _refusal("objectives", f"must be at most {MAX_OBJECTIVES}, got {len(given)}")
    for name in given:
        if not isinstance(name, str) or not name:
            raise _refusal("objectives", f"the name of a metric must be text, got {name!r}")
    return [
        Objective(metric=name, goal=checked_goal(f"objectives.{name}", goal))
        for name, goal in given.items()
    ]


def _limits(given: Iterable[MetricLimit | str]) -> tuple[MetricLimit, ...]:
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise _refusal("limits", f"must be a list such as ['latency <= 20'], got {given!r}")
    found = []
    for each in given:
        if not isinstance(each, MetricLimit | str):
            raise _refusal("limits", f"must hold text such as 'latency <= 20', got {each!r}")
        found.append(parse_metric_limit(each) if isinstance(each, str) else each)
    return tuple(found)


def _refusal(path: str, message: str) -> InvalidInput:
    return InvalidInput([Problem(path=path, message=message)])
