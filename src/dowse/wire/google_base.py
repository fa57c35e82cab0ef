"""What all of Google's JSON shares: camel case, times as RFC 3339, 64-bit numbers as text.

What has no value is left out, as their services do.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError
from pydantic.alias_generators import to_camel

from dowse.errors import InvalidInput
from dowse.wire.base import Number, problems_of

_DURATION = re.compile(r"(\d{1,12})(\.\d{1,9})?s")
_WHOLE = re.compile(r"-?\d{1,19}")


class GoogleForm(BaseModel):
    """Base of the messages; an unknown key is refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        protected_namespaces=(),
    )

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def to_text(self) -> str:
        """The same as text, several times faster."""
        return self.model_dump_json(by_alias=True, exclude_none=True)


def timestamp(time: float) -> str:
    """Epoch seconds as `2026-11-21T00:44:34.250000Z`."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def duration(seconds: float) -> str:
    """Seconds as `3s` or `0.25s`."""
    return f"{seconds:.6f}".rstrip("0").rstrip(".") + "s"


def _read_whole(value: object) -> object:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise ValueError('must be a whole number, as "100" or as 100')
    return value


def _read_duration(value: object) -> object:
    if isinstance(value, float):
        return value
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise ValueError('must be a time in seconds such as "3.5s"')
    return float(value[:-1])


Int64: TypeAlias = Annotated[
    int, BeforeValidator(_read_whole), PlainSerializer(str, return_type=str)
]
Time: TypeAlias = Annotated[float, PlainSerializer(timestamp, return_type=str)]
Duration: TypeAlias = Annotated[
    float, BeforeValidator(_read_duration), PlainSerializer(duration, return_type=str)
]
Double: TypeAlias = Number


AnyGoogleForm = TypeVar("AnyGoogleForm", bound=GoogleForm)


def read(form: type[AnyGoogleForm], document: object) -> AnyGoogleForm:
    """Raises InvalidInput with every problem of `document`, each with its path and value."""
    try:
        return form.model_validate(document)
    except ValidationError as error:
        raise InvalidInput(problems_of(error, document)) from None
