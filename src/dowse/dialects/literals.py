"""Single values of a document that every trial gets as they are written."""

from __future__ import annotations

import math

from dowse.dialects.reader import Field
from dowse.domain.spec import Literal


def literal(field: Field, what: str = "text, a number or a boolean") -> Literal | None:
    scalar, text = field.scalar(what), field.text(what)
    if scalar is None or scalar.value is None or text is None:
        return None
    if isinstance(scalar.value, float) and not math.isfinite(scalar.value):
        field.error(f"must be finite, got {scalar}")
        return None
    return Literal(scalar.value, text)
