"""Earlier studies as JSON: in an optimizer's state, and once to the suggester's process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, ValidationError

from dowse.domain.expected import Expected
from dowse.domain.history import Ending, Observation
from dowse.domain.metrics import Goal
from dowse.domain.source import Source
from dowse.domain.space import SearchSpace
from dowse.errors import InvalidInput
from dowse.wire.base import Form, Number, Value, Whole, problems_of, read
from dowse.wire.parameters import ParameterForm, form_of_parameter, parameter_of_form


class ObservationForm(Form):
    number: Whole
    parameters: dict[str, Value]
    ending: Ending
    value: Number | None = None
    metrics: dict[str, Number] = Field(default_factory=dict)
    expected: Expected | None = None


class SourceForm(Form):
    name: str
    parameters: tuple[ParameterForm, ...]
    constraints: tuple[str, ...] = ()
    goal: Goal
    trust: Number = Field(default=1.0, gt=0.0, le=1.0)
    observations: tuple[ObservationForm, ...] = ()


class SourcesForm(Form):
    sources: tuple[SourceForm, ...]


def form_of_source(source: Source) -> SourceForm:
    """Raises pydantic's ValidationError for what JSON cannot say."""
    return SourceForm(
        name=source.name,
        parameters=tuple(form_of_parameter(p) for p in source.space.parameters),
        constraints=tuple(relation.text for relation in source.space.relations),
        goal=source.goal,
        trust=source.trust,
        observations=tuple(ObservationForm.model_validate(o) for o in source.observations),
    )


def source_of_form(form: SourceForm) -> Source:
    """Raises InvalidInput for parameters or constraints that cannot be."""
    return Source(
        name=form.name,
        space=SearchSpace(
            tuple(parameter_of_form(parameter) for parameter in form.parameters), form.constraints
        ),
        goal=form.goal,
        observations=tuple(observation_of_form(each) for each in form.observations),
        trust=form.trust,
    )


def observation_of_form(form: ObservationForm) -> Observation:
    return Observation(**dict(form))


def sources_to_json(sources: Sequence[Source]) -> list[dict[str, Any]]:
    """Raises InvalidInput for what JSON cannot say, such as a choice that is not finite."""
    try:
        return [form_of_source(source).to_json() for source in sources]
    except ValidationError as error:
        raise InvalidInput(problems_of(error, {})) from None


def sources_from_json(documents: Sequence[Mapping[str, Any]]) -> tuple[Source, ...]:
    """The inverse. Raises InvalidInput."""
    form = read(SourcesForm, {"sources": list(documents)})
    return tuple(source_of_form(each) for each in form.sources)
