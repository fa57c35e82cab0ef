"""What all JSON forms share: strict reading, odd numbers as words, problems with paths.

JSON has no NaN and no infinities. Where a number is expected they are the words "NaN",
"Infinity" and "-Infinity"; in objects without a fixed form (options, a suggester's account, the
numbers of a verdict) these three words are therefore always numbers, never text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    Strict,
    ValidationError,
)

from dowse.domain.phrases import plainly
from dowse.errors import InvalidInput, Problem

VERSION: Final = 1
"""Of the whole JSON form. A reader refuses any other."""

NOT_A_NUMBER = "NaN"
INFINITE = "Infinity"
MINUS_INFINITE = "-Infinity"

_NUMBERS = {NOT_A_NUMBER: math.nan, INFINITE: math.inf, MINUS_INFINITE: -math.inf}


def number_to_json(value: float) -> float | str:
    """A number as JSON can say it."""
    if math.isfinite(value):
        return value
    if math.isnan(value):
        return NOT_A_NUMBER
    return INFINITE if value > 0 else MINUS_INFINITE


def _read_number(value: object) -> object:
    if isinstance(value, str):
        if value in _NUMBERS:
            return _NUMBERS[value]
        raise ValueError(f"must be a number or one of {', '.join(_NUMBERS)}")
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return value


def _read_value(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("must be finite: JSON cannot tell this value from its name")
    return value


def free_to_json(value: Any) -> Any:
    """Any tree of mappings, lists, tuples and scalars as JSON can say it.

    Raises TypeError for anything else, such as a NumPy array.
    """
    match value:
        case None | bool() | str():
            return value
        case int():
            return int(value)
        case float():
            return number_to_json(float(value))
        case Mapping():
            if odd := [key for key in value if not isinstance(key, str)]:
                raise TypeError(f"the keys of a JSON object are text, got {odd[0]!r}")
            return {key: free_to_json(inner) for key, inner in value.items()}
        case list() | tuple():
            return [free_to_json(inner) for inner in value]
    raise TypeError(f"JSON has no form for {type(value).__name__}: {value!r}")


def free_from_json(value: Any) -> Any:
    """The inverse of `free_to_json`, but for tuples, which come back as lists."""
    match value:
        case str():
            return _NUMBERS.get(value, value)
        case Mapping():
            return {key: free_from_json(inner) for key, inner in value.items()}
        case list() | tuple():
            return [free_from_json(inner) for inner in value]
    return value


def _read_free(value: object) -> object:
    return free_from_json(free_to_json(value))


def to_text(document: object) -> str:
    """JSON on one line. ASCII only, so that no text, however broken, fails to be stored."""
    return json.dumps(document, allow_nan=False, separators=(",", ":"))


Whole: TypeAlias = Annotated[int, Strict()]
Flag: TypeAlias = Annotated[bool, Strict()]
Number: TypeAlias = Annotated[
    float, BeforeValidator(_read_number), PlainSerializer(number_to_json, return_type=float | str)
]
Value: TypeAlias = Annotated[
    Annotated[bool, Strict()] | Annotated[int, Strict()] | Annotated[float, Strict()] | str,
    BeforeValidator(_read_value),
]
Free: TypeAlias = Annotated[
    dict[str, Any], BeforeValidator(_read_free), PlainSerializer(free_to_json)
]


class Form(BaseModel):
    """Base of all JSON forms: unknown keys are refused, fields are read from domain values too."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, from_attributes=True, protected_namespaces=()
    )

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


AnyForm = TypeVar("AnyForm", bound=Form)


def read(form: type[AnyForm], document: object) -> AnyForm:
    """Raises InvalidInput with every problem of `document`, each with its path and value."""
    try:
        return form.model_validate(document)
    except ValidationError as error:
        raise InvalidInput(problems_of(error, document)) from None


def problems_of(error: ValidationError, document: object) -> list[Problem]:
    return [_problem(found, document) for found in error.errors()]


def _problem(found: Any, document: object) -> Problem:
    path = _path(found["loc"], document)
    if found["type"] == "extra_forbidden":
        return Problem(path=path, message="is not a key of this form")
    if found["type"] == "missing":
        return Problem(path=path, message="is missing")
    text = plainly(found["msg"])
    message = f"{text[0].lower()}{text[1:]}, got {found['input']!r}"
    return Problem(path=path, message=message)


def _path(location: tuple[int | str, ...], document: object) -> str:
    """`parameters[0].min`; pydantic's own step into a member of a union is left out."""
    path, place = "", document
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
            place = place[step] if isinstance(place, list) and step < len(place) else None
            continue
        if isinstance(place, Mapping) and step not in place and place.get("kind") == step:
            continue
        path += f".{step}" if path else step
        place = place.get(step) if isinstance(place, Mapping) else None
    return path
