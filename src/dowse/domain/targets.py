"""What an optimiser is asked for: its objectives, and the limits that a trial must keep."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dowse.domain.history import Ending, Observation
from dowse.domain.metric_limits import MetricLimit, parse_metric_limit
from dowse.domain.metrics import Goal, Measurement, Objective
from dowse.domain.pareto import Losses, losses
from dowse.domain.trial import Trial, TrialState
from dowse.errors import InvalidInput, Problem

UNNAMED = "value"
"""The metric of an objective that was given no name."""
MAX_OBJECTIVES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """`objectives` has one entry at least; the first one ranks trials."""

    objectives: tuple[Objective, ...]
    limits: tuple[MetricLimit, ...] = ()

    def __post_init__(self) -> None:
        if messages := contradictions(self.limits):
            raise InvalidInput([Problem(path="limits", message=one) for one in messages])

    @property
    def is_several(self) -> bool:
        """Whether there is no single best, but a front."""
        return len(self.objectives) > 1

    @property
    def is_plain(self) -> bool:
        """Whether one value says all there is to say of a trial."""
        return not self.is_several and not self.limits

    @property
    def metrics(self) -> tuple[str, ...]:
        """Everything that must be told of a trial, each once."""
        named = [each.metric for each in self.objectives]
        named += [each.metric for each in self.limits]
        return tuple(dict.fromkeys(named))

    def goal_of(self, metric: str) -> Goal:
        """Which values of it are the better ones: of a limit, those within it."""
        for each in self.objectives:
            if each.metric == metric:
                return each.goal
        kept = next(each for each in self.limits if each.metric == metric)
        return Goal.MAXIMIZE if kept.at_most is None else Goal.MINIMIZE

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
        return not self.broken(observation.metrics)

    def broken(self, further: Mapping[str, float]) -> list[MetricLimit]:
        """The limits that a trial with these values does not keep."""
        return [each for each in self.limits if not each.keeps(further.get(each.metric))]

    def counted(self, reports: Mapping[str, Sequence[Measurement]]) -> dict[str, Measurement]:
        """The report of each metric that counts, where there is one. Of a metric that has only a
        limit it is the last.
        """
        rules = {each.metric: each for each in self.objectives}
        found = {
            name: rules.get(name, Objective(metric=name, goal=Goal.MINIMIZE)).value_of(
                reports.get(name, ())
            )
            for name in self.metrics
        }
        return {name: report for name, report in found.items() if report is not None}

    def observed(self, trial: Trial) -> Observation:
        """What the end of a trial says: without a value of every metric, only that it failed."""
        measured = (
            trial.state is not TrialState.FAILED
            and trial.objective is not None
            and all(name in trial.further for name in self.named)
        )
        return Observation(
            number=trial.number,
            parameters=trial.parameters,
            ending=Ending.MEASURED if measured else Ending.FAILED,
            value=trial.objective if measured else None,
            metrics={name: trial.further[name] for name in self.named} if measured else {},
            expected=trial.expected if measured else None,
        )


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


def contradictions(limits: Sequence[MetricLimit]) -> list[str]:
    """Where no trial could keep all limits."""
    found = []
    for name in dict.fromkeys(each.metric for each in limits):
        own = [each for each in limits if each.metric == name]
        most = min((e.at_most for e in own if e.at_most is not None), default=math.inf)
        least = max((e.at_least for e in own if e.at_least is not None), default=-math.inf)
        if least > most:
            message = f"cannot be kept together: {name} >= {least:g} and {name} <= {most:g}"
            found.append(message)
    return found


def _refusal(path: str, message: str) -> InvalidInput:
    return InvalidInput([Problem(path=path, message=message)])
