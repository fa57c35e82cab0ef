"""A tree of plain values as YAML that reads back as the same values."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dowse.dialects.scalars import meaning

_PLAIN = re.compile(r"[A-Za-z_/.][A-Za-z0-9_./+=@%-]*(?: [A-Za-z0-9_./+=@%-]+)*\Z")

_BOOLEANS_1_1 = ("y", "n", "yes", "no", "on", "off")
"""Text to us, booleans to tools of the older YAML."""


class Raw(str):
    """Text that is written as it is, without quotes."""

    __slots__ = ()


def dump(tree: Mapping[str, Any]) -> str:
    """One line for each key; the entries of `parameters` have a line each."""
    lines: list[str] = []
    for key, value in tree.items():
        if key == "parameters":
            lines.append("parameters:")
            lines += [f"  {text_of(name)}: {flow(entry)}" for name, entry in value.items()]
        else:
            lines.append(f"{text_of(key)}: {flow(value)}")
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    """A value on one line."""
    match value:
        case Raw():
            return str(value)
        case str():
            return text_of(value)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _number(value)
        case Mapping():
            pairs = [f"{text_of(key)}: {flow(item)}" for key, item in value.items()]
            return "{" + ", ".join(pairs) + "}"
        case Sequence():
            return "[" + ", ".join(flow(item) for item in value) + "]"
    raise TypeError(f"{value!r} has no place in a document")


def _number(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"


def text_of(text: str) -> str:
    """Text that reads back as text, in quotes where it needs them."""
    if _PLAIN.match(text) and meaning(text) == text and text.lower() not in _BOOLEANS_1_1:
        return text
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=not text.isprintable())
