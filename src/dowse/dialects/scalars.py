"""What a plain scalar means: the core schema of YAML 1.2, plus numbers as people type them."""

from __future__ import annotations

import math
import re

from dowse.dialects.located import Plain, Scalar
from dowse.errors import Location

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9](?:_?[0-9])*\Z", re.ASCII)
_BASED = re.compile(r"0(?:x[0-9a-fA-F]+|o[0-7]+)\Z", re.ASCII)
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?)(?:[eE][-+]?[0-9]+)?\Z",
    re.ASCII,
)
_INFINITY = re.compile(r"([-+]?)\.(?:inf|Inf|INF)\Z")
_NAN = frozenset({".nan", ".NaN", ".NAN"})

# Beyond this, int() costs quadratic time and no bound of a parameter needs it.
_MAX_DIGITS = 64


def meaning(raw: str) -> Plain:
    """The value of an unquoted scalar; text that is nothing else is text."""
    if raw in _NULLS:
        return None
    if raw in _TRUE:
        return True
    if raw in _FALSE:
        return False
    return raw if (value := number(raw)) is None else value


def number(raw: str) -> int | float | None:
    """The number that a text spells, or None.

    `1e-3`, `.5` and `5000.` are floats; `1_000` is a number, with which the reader warns.
    """
    if _INTEGER.match(raw):
        digits = raw.replace("_", "")
        return int(digits) if len(digits) <= _MAX_DIGITS else float(digits)
    if _BASED.match(raw) and len(raw) <= _MAX_DIGITS:
        return int(raw, 0)
    if _FLOAT.match(raw):
        return float(raw.replace("_", ""))
    if infinite := _INFINITY.match(raw):
        return -math.inf if infinite.group(1) == "-" else math.inf
    return math.nan if raw in _NAN else None


def from_value(value: Plain, location: Location | None) -> Scalar:
    """The scalar of a Python value, spelled as Python spells it."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**_MAX_DIGITS:
        value = math.inf if value > 0 else -math.inf
    raw = value if isinstance(value, str) else "" if value is None else repr(value)
    return Scalar(value, raw, isinstance(value, str), location)
