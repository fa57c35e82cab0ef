"""The state of an Optimizer as JSON: what continues a search after its program has ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, ValidationError

from dowse.domain.history import Observation
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal, Objective
from dowse.domain.parameters import Value as DomainValue
from dowse.domain.source import Source
from dowse.domain.space import SearchSpace
from dowse.domain.spec import AlgorithmSpec
from dowse.domain.targets import UNNAMED, Targets
from dowse.errors import InvalidInput, Problem
from dowse.wire.base import VERSION, Form, Free, Value, Whole, problems_of, read
from dowse.wire.parameters import ParameterForm, form_of_parameter, parameter_of_form
from dowse.wire.sources import ObservationForm, SourceForm, form_of_source, source_of_form
from dowse.wire.spec import AlgorithmForm
from dowse.wire.targets import LimitForm


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingTrial:
    """A suggestion whose result is not known yet."""

    number: int
    parameters: Mapping[str, DomainValue]
    why: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimizerState:
    """All that an optimizer knows. `asked` counts suggestions; `numbered` counts trials, which
    include those it was only told of.
    """

    space: SearchSpace
    targets: Targets
    algorithm: AlgorithmSpec
    seed: int = 0
    asked: int = 0
    numbered: int = 0
    observations: tuple[Observation, ...] = ()
    pending: tuple[PendingTrial, ...] = ()
    sources: tuple[Source, ...] = ()
    note: Mapping[str, Any] | None = None

    @property
    def goal(self) -> Goal:
        """That of the first objective."""
        return self.targets.objectives[0].goal


class TargetForm(Form):
    metric: str
    goal: Goal


class PendingForm(Form):
    number: Whole
    parameters: dict[str, Value]
    why: Free = Field(default_factory=dict)


class StateForm(Form):
    version: Literal[1] = VERSION
    parameters: tuple[ParameterForm, ...]
    constraints: tuple[str, ...] = ()
    goal: Goal
    objectives: tuple[TargetForm, ...] = ()
    limits: tuple[LimitForm, ...] = ()
    algorithm: AlgorithmForm
    seed: Whole = 0
    asked: Whole = 0
    numbered: Whole = 0
    observations: tuple[ObservationForm, ...] = ()
    pending: tuple[PendingForm, ...] = ()
    sources: tuple[SourceForm, ...] = ()
    note: Free | None = None


def state_to_json(state: OptimizerState) -> dict[str, Any]:
    """Raises InvalidInput for what JSON cannot say, such as a choice that is not finite."""
    try:
        return StateForm(
            parameters=tuple(form_of_parameter(p) for p in state.space.parameters),
            constraints=tuple(relation.text for relation in state.space.relations),
            goal=state.goal,
            objectives=tuple(
                TargetForm(metric=each.metric, goal=each.goal) for each in state.targets.objectives
            ),
            limits=tuple(LimitForm.model_validate(each) for each in state.targets.limits),
            algorithm=AlgorithmForm.model_validate(state.algorithm),
            seed=state.seed,
            asked=state.asked,
            numbered=state.numbered,
            observations=tuple(ObservationForm.model_validate(o) for o in state.observations),
            pending=tuple(PendingForm.model_validate(p) for p in state.pending),
            sources=tuple(form_of_source(source) for source in state.sources),
            note=None if state.note is None else dict(state.note),
        ).to_json()
    except ValidationError as error:
        raise InvalidInput(problems_of(error, {})) from None


def state_from_json(document: Mapping[str, Any]) -> OptimizerState:
    """Raises InvalidInput, also for a form of another version or one that contradicts itself."""
    version = document.get("version") if isinstance(document, Mapping) else None
    if version != VERSION:
        message = f"must be {VERSION}, the form that this Dowse reads, got {version!r}"
        raise InvalidInput([Problem(path="version", message=message)])
    form = read(StateForm, document)
    numbers = [each.number for each in form.observations]
    numbers += [each.number for each in form.pending]
    if len(set(numbers)) != len(numbers) or any(not 1 <= n <= form.numbered for n in numbers):
        message = f"must each be unique and lie between 1 and {form.numbered}, got {numbers[:20]}"
        raise InvalidInput([Problem(path="number", message=f"trial numbers {message}")])
    return OptimizerState(
        space=SearchSpace(
            tuple(parameter_of_form(parameter) for parameter in form.parameters), form.constraints
        ),
        targets=_targets_of(form),
        algorithm=AlgorithmSpec(**dict(form.algorithm)),
        seed=form.seed,
        asked=form.asked,
        numbered=form.numbered,
        observations=tuple(Observation(**dict(each)) for each in form.observations),
        pending=tuple(PendingTrial(**dict(each)) for each in form.pending),
        sources=tuple(source_of_form(each) for each in form.sources),
        note=form.note,
    )


def _targets_of(form: StateForm) -> Targets:
    """A form without objectives is of a time when there was one, without a name."""
    objectives = form.objectives or (TargetForm(metric=UNNAMED, goal=form.goal),)
    return Targets(
        objectives=tuple(Objective(**dict(each)) for each in objectives),
        limits=tuple(MetricLimit(**dict(each)) for each in form.limits),
    )
