"""Values as people read them."""

from __future__ import annotations

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
