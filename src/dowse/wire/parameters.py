"""Parameters and their conditions as JSON."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import Field

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter
from dowse.domain.scales import Normal, Scale
from dowse.errors import InvalidInput, Problem
from dowse.wire.base import Form, Number, Value, Whole


class PriorForm(Form):
    mu: Number
    sigma: Number


class ConditionForm(Form):
    parent: str
    comparison: Comparison
    values: tuple[Value, ...]


class DoubleForm(Form):
    kind: Literal["double"] = "double"
    name: str
    min: Number
    max: Number
    scale: Scale = Scale.LINEAR
    step: Number | None = None
    origin: Number | None = None
    prior: PriorForm | None = None
    when: ConditionForm | None = None


class IntegerForm(Form):
    kind: Literal["integer"] = "integer"
    name: str
    min: Whole
    max: Whole
    scale: Scale = Scale.LINEAR
    step: Whole = 1
    when: ConditionForm | None = None


class DiscreteForm(Form):
    kind: Literal["discrete"] = "discrete"
    name: str
    choices: tuple[Value, ...]
    scale: Scale | None = None
    texts: tuple[str, ...] | None = None
    when: ConditionForm | None = None


class CategoricalForm(Form):
    kind: Literal["categorical"] = "categorical"
    name: str
    choices: tuple[Value, ...]
    texts: tuple[str, ...] | None = None
    when: ConditionForm | None = None


ParameterForm: TypeAlias = Annotated[
    DoubleForm | IntegerForm | DiscreteForm | CategoricalForm, Field(discriminator="kind")
]


def form_of_parameter(parameter: Parameter) -> ParameterForm:
    match parameter:
        case Double():
            return DoubleForm.model_validate(parameter)
        case Integer():
            return IntegerForm.model_validate(parameter)
        case Discrete():
            return DiscreteForm.model_validate(parameter)
        case Categorical():
            return CategoricalForm.model_validate(parameter)
    assert_never(parameter)


def parameter_of_form(form: ParameterForm) -> Parameter:
    """Raises InvalidInput where the domain refuses the parameter."""
    values = dict(form) | {"when": _condition(form.name, form.when)}
    del values["kind"]
    match form:
        case DoubleForm():
            prior = form.prior and Normal(form.prior.mu, form.prior.sigma)
            return Double(**values | {"prior": prior})
        case IntegerForm():
            return Integer(**values)
        case DiscreteForm():
            return Discrete(**values)
        case CategoricalForm():
            return Categorical(**values)
    assert_never(form)


def _condition(name: str, form: ConditionForm | None) -> Condition | None:
    if form is None:
        return None
    try:
        return Condition(form.parent, form.comparison, form.values)
    except ValueError as error:
        raise InvalidInput([Problem(path=f"{name}.when", message=str(error))]) from None
