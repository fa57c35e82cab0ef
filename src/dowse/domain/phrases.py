"""Values as people read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


def short(value: Any) -> str:
    """Six digits are enough to tell results apart; documents have them all."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


def parameters(values: Mapping[str, Any]) -> str:
    return "  ".join(f"{name}={short(value)}" for name, value in values.items())


def reason(text: str | None) -> str:
    """`search_space_exhausted` → `search space exhausted`."""
    if text == "user":
        return "on request"
    return (text or "").replace("_", " ")


def plainly(complaint: str) -> str:
    """What a library complains of that checks values, in our words: `must be greater than 0`."""
    said = complaint.removeprefix("Value error, ")
    return re.sub(r"\AInput should be ", "must be ", said)
