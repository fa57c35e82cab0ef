"""What a trial sends to report its metrics over HTTP.

Read by hand: this is the one document that comes thousands of times a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dowse.domain.metrics import Measurement
from dowse.errors import InvalidInput, Problem
from dowse.wire.base import INFINITE, MINUS_INFINITE, NOT_A_NUMBER

MAX_REPORTS = 10_000
"""Measurements in one request."""
MAX_ID = 128
KEYS = frozenset({"metrics", "step", "time", "id"})
_WORDS = {
    NOT_A_NUMBER: float("nan"),
    INFINITE: float("inf"),
    MINUS_INFINITE: float("-inf"),
}

EXAMPLE: dict[str, Any] = {"metrics": {"accuracy": 0.93, "loss": 0.31}, "step": 3, "id": "e3-1"}
REPORT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["metrics"],
    "additionalProperties": False,
    "properties": {
        "metrics": {
            "type": "object",
            "minProperties": 1,
            "description": "Values by name, each name of 1 to 256 characters.",
            "additionalProperties": {
                "anyOf": [{"type": "number"}, {"enum": sorted(_WORDS)}],
            },
        },
        "step": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1, "default": 0},
        "time": {"type": "number", "description": "Epoch seconds; now when it is left out."},
        "id": {
            "type": "string",
            "minLength": 1,
            "maxLength": MAX_ID,
            "description": "The same id again is the same report again, and counts once.",
        },
    },
}
SCHEMA: dict[str, Any] = {
    "anyOf": [
        REPORT_SCHEMA,
        {
            "type": "object",
            "required": ["reports"],
            "additionalProperties": False,
            "properties": {
                "reports": {"type": "array", "minItems": 1, "items": REPORT_SCHEMA},
            },
        },
    ]
}
ANSWER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["new", "stop"],
    "properties": {
        "new": {"type": "integer", "description": "How many measurements were new."},
        "stop": {"type": "boolean", "description": "Whether the trial was asked to end."},
    },
}


def read_reports(document: Any, *, now: float) -> list[Measurement]:
    """The measurements of one report, or of a batch `{"reports": [...]}`.

    Raises InvalidInput, naming the place and the value; then none of it counts.
    """
    if not isinstance(document, dict):
        raise _wrong("", "must be an object with metrics, or with reports", document)
    if "reports" not in document:
        return _one(document, "", now)
    batch = document["reports"]
    if len(document) > 1:
        other = next(key for key in document if key != "reports")
        raise _wrong(other, "does not go together with reports", document[other])
    if not isinstance(batch, list) or not batch:
        raise _wrong("reports", "must be a list with one report or more", batch)
    found: list[Measurement] = []
    for index, report in enumerate(batch):
        place = f"reports[{index}]"
        if not isinstance(report, dict):
            raise _wrong(place, "must be an object with metrics", report)
        found += _one(report, f"{place}.", now)
        if len(found) > MAX_REPORTS:
            message = f"hold more than {MAX_REPORTS} values; send several requests"
            raise InvalidInput([Problem(path="reports", message=message)])
    return found


def _one(report: dict[str, Any], prefix: str, now: float) -> list[Measurement]:
    if not report.keys() <= KEYS:
        odd = min(report.keys() - KEYS)
        raise _wrong(prefix + odd, f"is not one of {', '.join(sorted(KEYS))}", report[odd])
    metrics = report.get("metrics")
    if not isinstance(metrics, dict) or not metrics:
        raise _wrong(f"{prefix}metrics", "must be an object of values by name", metrics)
    step = report.get("step", 0)
    if type(step) is not int:
        raise _wrong(f"{prefix}step", "must be a whole number", step)
    time = now if "time" not in report else _number(report["time"], f"{prefix}time")
    if not 0 <= time < 1e12:
        raise _wrong(f"{prefix}time", "must be seconds since 1970", report["time"])
    key = report.get("id", "")
    if not isinstance(key, str) or len(key) > MAX_ID or ("id" in report and not key):
        raise _wrong(f"{prefix}id", f"must be text of 1 to {MAX_ID} characters", key)
    try:
        return [
            Measurement(
                metric=name,
                value=_number(value, f"{prefix}metrics.{name}"),
                step=step,
                time=time,
                key=key,
            )
            for name, value in metrics.items()
        ]
    except ValueError as error:
        raise InvalidInput([Problem(path=prefix.rstrip("."), message=str(error))]) from None


def _number(value: Any, place: str) -> float:
    kind = type(value)
    if kind is float:
        number: float = value
        return number
    if kind is str and value in _WORDS:
        return _WORDS[value]
    if kind is int:
        try:
            return float(value)
        except OverflowError:
            pass
    raise _wrong(place, f"must be a number or one of {', '.join(_WORDS)}", value)


def _wrong(place: str, message: str, value: Any) -> InvalidInput:
    return InvalidInput([Problem(path=place, message=f"{message}, got {_shown(value)}")])


def _shown(value: Any) -> str:
    """A value within bounds: what was sent may be long."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"a list of {len(value)}"
    text = repr(value) if not isinstance(value, int) or value < 1 << 64 else "a huge number"
    return text if len(text) <= 200 else f"{text[:200]}…"
