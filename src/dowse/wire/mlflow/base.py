"""What the forms of all MLflow requests share.

Its clients speak protocol buffers as JSON: unknown keys are ignored, whole numbers may be text,
and a run is named twice, as `run_id` and by the older `run_uuid`.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypeVar

from pydantic import BeforeValidator, ConfigDict

from dowse.wire.base import Form, read

MAX_WHOLE = 2**63 - 1


def _whole(value: object) -> object:
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_WHOLE:
        raise ValueError("must be a whole number of 64 bits")
    return value


Int64: TypeAlias = Annotated[int, BeforeValidator(_whole)]
Milliseconds: TypeAlias = Int64
"""Since the epoch."""


class Request(Form):
    """Base of all requests."""

    model_config = ConfigDict(extra="ignore")


class OfRun(Request):
    """A request about one run."""

    run_id: str = ""
    run_uuid: str = ""

    @property
    def run(self) -> str:
        return self.run_id or self.run_uuid


class KeyValue(Request):
    key: str
    value: str = ""


AnyRequest = TypeVar("AnyRequest", bound=Request)


def request(form: type[AnyRequest], document: object) -> AnyRequest:
    """Raises InvalidInput with every problem, each with its path and value."""
    return read(form, document)
