"""What finished trials say, as JSON."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator

from dowse.wire.base import Form, Number, Value, Whole


def _word(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


Word: TypeAlias = Annotated[str, BeforeValidator(_word)]
"""A word of a closed list; the analyses own the lists."""


class ParameterImportanceDocument(Form):
    name: str
    share: Number
    low: Number
    high: Number
    trials: Whole
    first: Number | None
    total: Number | None


class _FoundImportance(Form):
    method: Word
    reason: str
    trials: Whole
    failed: Whole
    parameters: tuple[ParameterImportanceDocument, ...]


class ImportanceDocument(_FoundImportance):
    """`parameters` stand in the order of their shares, the greatest first."""

    metric: str


class DependencePointDocument(Form):
    """Null where no such configuration exists."""

    values: tuple[Value, ...]
    mean: Number | None
    low: Number | None
    high: Number | None


class _FoundDependence(Form):
    parameters: tuple[str, ...]
    axes: tuple[tuple[Value, ...], ...]
    points: tuple[DependencePointDocument, ...]
    trials: Whole


class DependenceDocument(_FoundDependence):
    """`points` run over all combinations of `axes`, the last parameter changing fastest."""

    metric: str


class ForecastDocument(Form):
    trials: Whole
    gain: Number
    chance: Number


class ConvergenceDocument(Form):
    verdict: Word
    message: str
    trials: Whole
    bound: Number | None
    tolerance: Number | None
    left: Whole | None
    forecast: tuple[ForecastDocument, ...]


def importance_to_json(found: object, *, metric: str) -> dict[str, Any]:
    return {"metric": metric, **_FoundImportance.model_validate(found).to_json()}


def dependence_to_json(found: object, *, metric: str) -> dict[str, Any]:
    return {"metric": metric, **_FoundDependence.model_validate(found).to_json()}


def convergence_to_json(found: object) -> dict[str, Any]:
    return ConvergenceDocument.model_validate(found).to_json()
