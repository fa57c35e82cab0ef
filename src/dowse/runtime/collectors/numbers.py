"""Numbers as programs write them: JSON's, and the names of those that JSON does not have."""

from __future__ import annotations

import math
import re

_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_NAMED = {
    "nan": math.nan,
    "inf": math.inf,
    "infinity": math.inf,
    "-inf": -math.inf,
    "-infinity": -math.inf,
    "+inf": math.inf,
    "+infinity": math.inf,
    "-nan": math.nan,
    "+nan": math.nan,
}
_LONGEST = 400
"""Characters; Python refuses to read whole numbers of more than 4300 digits."""


def number_of(value: object) -> float | None:
    """The number that a JSON value stands for; None when it stands for none.

    Text is read too, for shell programs and hypertune quote their numbers. True is no number.
    """
    if isinstance(value, str):
        return _read(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def whole_or_number_of(value: object) -> float | None:
    """As `number_of`, but a whole number stays exact: steps go beyond 2^53."""
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,30}", value.strip(), re.ASCII):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return number_of(value)


def _read(text: str) -> float | None:
    if len(text) <= _LONGEST and _PLAIN.fullmatch(text):
        return float(text)
    return _NAMED.get(text.lower())
