"""What an optimiser may be told of the studies before it, in the forms that programs have it in.

    Optimizer(space, sources={"last week": earlier_optimizer})
    Optimizer(space, sources=[earlier.state()])
    Optimizer(space, sources=[(earlier_space, [({"lr": 0.1}, 0.3), ({"lr": 2.0}, None)])])

An optimiser is its `state()` here. In a list of results None stands for a failed trial; their goal
is that of the new study, or the third member of the tuple.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, SupportsFloat, TypeAlias

from dowse.domain import foreign
from dowse.domain.history import Ending, Observation
from dowse.domain.metrics import Goal
from dowse.domain.source import Source
from dowse.domain.space import SearchSpace
from dowse.errors import InvalidInput, Problem

Result: TypeAlias = tuple[Mapping[str, Any], SupportsFloat | None]


class Stateful(Protocol):
    """An optimiser, as far as it matters here."""

    def state(self) -> dict[str, Any]: ...


Earlier: TypeAlias = (
    Source
    | Stateful
    | Mapping[str, Any]
    | tuple[SearchSpace, Iterable[Result]]
    | tuple[SearchSpace, Iterable[Result], Goal | str]
)
"""One earlier study."""


def sources_of(given: object, goal: Goal) -> tuple[Source, ...]:
    """Sources from a list of earlier studies, or from a mapping of names to them.

    Raises InvalidInput, with the place in `sources`.
    """
    if isinstance(given, Mapping) and "version" not in given:
        if odd := [name for name in given if not isinstance(name, str) or not name]:
            raise _refusal("sources", f"the names must be text, got {odd[0]!r}")
        return tuple(_source(one, name, f"sources[{name!r}]", goal) for name, one in given.items())
    if isinstance(given, Mapping | str | bytes) or not isinstance(given, Sequence):
        message = "must be a list of earlier studies, or a mapping of names to them"
        raise _refusal("sources", f"{message}, got {type(given).__name__}")
    return tuple(
        _source(one, f"source {i + 1}", f"sources[{i}]", goal) for i, one in enumerate(given)
    )


def _source(given: object, name: str, path: str, goal: Goal) -> Source:
    if isinstance(given, Source):
        return given
    try:
        return _read(given, name, goal)
    except InvalidInput as error:
        problems = [
            Problem(path=f"{path}.{each.path}".rstrip("."), message=each.message)
            for each in error.problems
        ]
        raise InvalidInput(problems) from None


def _read(given: object, name: str, goal: Goal) -> Source:
    state = getattr(given, "state", None)
    document = state() if callable(state) else given
    if isinstance(document, Mapping):
        return _of_state(document, name)
    match given:
        case (SearchSpace() as space, Iterable() as results):
            return _of_results(space, results, goal, name)
        case (SearchSpace() as space, Iterable() as results, Goal() | str() as own):
            return _of_results(space, results, _goal(own), name)
    message = (
        "must be an Optimizer, its state(), or (space, [(parameters, value), …]), "
        f"got {type(given).__name__}"
    )
    raise _refusal("", message)


def _of_state(document: Mapping[str, Any], name: str) -> Source:
    from dowse.wire.optimizer_state import state_from_json

    state = state_from_json(document)
    return Source(name=name, space=state.space, goal=state.goal, observations=state.observations)


def _of_results(space: SearchSpace, results: Iterable[object], goal: Goal, name: str) -> Source:
    problems: list[Problem] = []
    observations: list[Observation] = []
    for number, result in enumerate(results, start=1):
        try:
            observations.append(_observation(space, number, result))
        except InvalidInput as error:
            problems += (
                Problem(path=f"results[{number - 1}].{p.path}".rstrip("."), message=p.message)
                for p in error.problems
            )
    if problems:
        raise InvalidInput(problems)
    return Source(name=name, space=space, goal=goal, observations=tuple(observations))


def _observation(space: SearchSpace, number: int, result: object) -> Observation:
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise _refusal("", f"must be (parameters, value), got {result!r}")
    parameters, value = foreign.configuration(space, result[0]), result[1]
    told = None if value is None else foreign.number(value)
    ending = Ending.FAILED if told is None else Ending.MEASURED
    return Observation(number=number, parameters=parameters, ending=ending, value=told)


def _goal(given: Goal | str) -> Goal:
    try:
        return Goal(given)
    except ValueError:
        known = ", ".join(each.value for each in Goal)
        raise _refusal("goal", f"must be one of {known}, got {given!r}") from None


def _refusal(path: str, message: str) -> InvalidInput:
    return InvalidInput([Problem(path=path, message=message)])
