"""Going on with a job: what must agree, and what its trials are in the space of the next one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dowse.domain.history import Observation
from dowse.domain.job import Job, JobState
from dowse.domain.metrics import Objective
from dowse.domain.parameters import Categorical, Discrete, Parameter, Value, is_number
from dowse.domain.scales import Scale
from dowse.domain.space import SearchSpace, is_active
from dowse.domain.spec import JobSpec
from dowse.errors import Problem

HOW_TO_CHANGE = "dowse extend changes ranges and parameters"


def unfit(job: Job, spec: JobSpec) -> str | None:
    """What keeps a job from being gone on with; None when nothing does."""
    if spec.is_external:
        return f"{job.name} is a study: ask it for more trials instead"
    if job.state.is_final:
        return None
    if job.state is JobState.PAUSED:
        return (
            f"{job.name} is paused: dowse resume {job.name} goes on with it; a new job can "
            "continue it once it is over"
        )
    return f"{job.name} is {job.state.value}: a new job can continue it once it is over"


def objective_problems(name: str, asked: Objective, before: Objective) -> Iterator[Problem]:
    """Where the objective is another one than that of the job `name`."""
    if asked.metric != before.metric:
        message = f"must be {before.metric!r} as in {name}, got {asked.metric!r}"
        yield Problem(path="metric", message=message)
    if asked.goal is not before.goal:
        message = f"must be {before.goal.value} as in {name}, got {asked.goal.value}"
        yield Problem(path="goal", message=message)


def space_problems(name: str, asked: SearchSpace, before: SearchSpace) -> Iterator[Problem]:
    """Where the parameters are others than those of the job `name`. Spelling and order may be."""
    for parameter in asked.parameters:
        if parameter.name not in before.names:
            known = ", ".join(before.names)
            message = f"is no parameter of {name}, which tunes {known}; {HOW_TO_CHANGE}"
            yield Problem(path=parameter.name, message=message)
        elif _plain(parameter) != _plain(before[parameter.name]):
            was, became = _described(before[parameter.name], parameter)
            message = f"must be {was} as in {name}, got {became}; {HOW_TO_CHANGE}"
            yield Problem(path=parameter.name, message=message)
    if missing := [each for each in before.names if each not in asked.names]:
        message = f"lacks {', '.join(missing)}, which {name} tunes; {HOW_TO_CHANGE}"
        yield Problem(path="parameters", message=message)
    if {each.text for each in asked.relations} != {each.text for each in before.relations}:
        were = "; ".join(each.text for each in before.relations) or "none"
        yield Problem(path="constraints", message=f"must be those of {name}: {were}")


def _plain(parameter: Parameter) -> Parameter:
    if isinstance(parameter, Discrete | Categorical):
        return replace(parameter, texts=None)
    return parameter


def _described(was: Parameter, became: Parameter) -> tuple[str, str]:
    """Both in words; scales and conditions only where they are not the same."""
    ends = [(_scale(each), f", when {each.condition}") for each in (was, became)]
    same = [ends[0][part] == ends[1][part] for part in (0, 1)]
    first, second = (
        each.describe() + "".join(end for end, equal in zip(own, same, strict=True) if not equal)
        for each, own in zip((was, became), ends, strict=True)
    )
    return first, second


def _scale(parameter: Parameter) -> str:
    scale = None if isinstance(parameter, Categorical) else parameter.scale
    return "" if scale is None else f" on a {Scale(scale).value.replace('_', ' ')} scale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """Earlier trials in a new space: those that are trials of the same program there, in their
    order and with their places in `own`, and whether any is not.
    """

    own: tuple[tuple[int, Observation], ...]
    others: bool


def translated(
    observations: Sequence[Observation],
    *,
    before: SearchSpace,
    space: SearchSpace,
    fixed: Mapping[str, Value],
) -> Translated:
    """Ranges may differ: a point outside the new ones is a result of the same program.

    An earlier trial is a trial of the new space when it has a value for each of its active
    parameters, its own or a fixed one, and what it had of a parameter that is left out is what
    that one is fixed to.
    """
    own = []
    for place, each in enumerate(observations):
        parameters = _translated(each.parameters, before=before, space=space, fixed=fixed)
        if parameters is not None:
            own.append((place, replace(each, parameters=parameters)))
    return Translated(own=tuple(own), others=len(own) < len(observations))


def _translated(
    had: Mapping[str, Value],
    *,
    before: SearchSpace,
    space: SearchSpace,
    fixed: Mapping[str, Value],
) -> dict[str, Value] | None:
    gone = [name for name in had if name not in space.names]
    if any(name not in fixed or fixed[name] != had[name] for name in gone):
        return None
    known = {**{name: v for name, v in fixed.items() if name not in before.names}, **had}
    found: dict[str, Value] = {}
    for parameter in space.in_dependency_order():
        if not is_active(parameter, found):
            continue
        if parameter.name not in known or not _speaks_of(parameter, known[parameter.name]):
            return None
        found[parameter.name] = known[parameter.name]
    return {name: found[name] for name in space.names if name in found}


def _speaks_of(parameter: Parameter, value: Value) -> bool:
    """Whether a value can be placed among those of a parameter, if only beside its range."""
    if isinstance(parameter, Categorical):
        return parameter.contains(value)
    return is_number(value)
