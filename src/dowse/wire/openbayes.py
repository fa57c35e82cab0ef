"""What openbayestool sends of a trial: metrics to append, parameters to set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field

from dowse.domain.annotations import Annotation, AnnotationKind
from dowse.domain.metrics import Measurement
from dowse.errors import InvalidInput, Problem
from dowse.wire.base import Form, Number, Value, read

MAX_CLOCK_DIFFERENCE_S = 600.0
"""The client sends the local time of wherever it runs, without its zone."""


class Report(Form):
    model_config = ConfigDict(extra="ignore")

    value: Number
    created_at: str = ""


class Update(Form):
    """One request; the client sends one of the two."""

    model_config = ConfigDict(extra="ignore")

    metrics: dict[str, tuple[Report, ...]] = Field(default_factory=dict)
    parameters: dict[str, Value | None] = Field(default_factory=dict)


def read_update(document: object) -> Update:
    """Raises InvalidInput with every problem, each with its path and value."""
    return read(Update, document)


def measurements_of(update: Update, *, now: float) -> tuple[Measurement, ...]:
    """In the order in which they stand; the client has no steps."""
    return tuple(
        _measurement(name, report, now)
        for name, reports in update.metrics.items()
        for report in reports
    )


def _measurement(name: str, report: Report, now: float) -> Measurement:
    key = f"{report.created_at}:{report.value!r}" if report.created_at else ""
    time = _moment(report.created_at, now)
    try:
        return Measurement(metric=name, value=report.value, time=time, key=key)
    except ValueError as error:
        raise InvalidInput([Problem(path=f"metrics.{name[:80]}", message=str(error))]) from None


def _moment(created_at: str, now: float) -> float:
    """When it was reported: as the client says, unless its clock is one of another place."""
    try:
        said = datetime.fromisoformat(created_at).timestamp()
    except (ValueError, OverflowError):
        return now
    return said if abs(said - now) <= MAX_CLOCK_DIFFERENCE_S else now


def annotations_of(update: Update) -> tuple[Annotation, ...]:
    """A later value replaces an earlier one; an empty one clears the parameter."""
    found = []
    for key, value in update.parameters.items():
        text = None if value is None or value == "" else _text(value)
        try:
            found.append(Annotation(kind=AnnotationKind.PARAMETER, key=key, value=text))
        except ValueError as error:
            path = f"parameters.{key[:80]}"
            raise InvalidInput([Problem(path=path, message=str(error))]) from None
    return tuple(found)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def problem_body(message: str) -> Mapping[str, str]:
    """What the client prints nothing of, but a person with curl reads."""
    return {"message": message}
