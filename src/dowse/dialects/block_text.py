"""A tree of plain values as YAML with a line for each key, as people write job files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dowse.dialects.native.text import Raw, flow, text_of


def block(tree: Mapping[str, Any]) -> str:
    return "\n".join(_mapping(tree, "")) + "\n"


def _mapping(tree: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in tree.items():
        yield from _entry(f"{indent}{text_of(key)}:", value, indent)


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    match value:
        case Mapping() if value:
            yield head
            yield from _mapping(value, indent + "  ")
        case list() if any(isinstance(item, Mapping) for item in value):
            yield head
            for item in value:
                yield from _item(item, indent)
        case _:
            yield f"{head} {flow(value)}"


def _item(item: Any, indent: str) -> Iterator[str]:
    """An entry of a list; the first key of a mapping stands on the line of its dash."""
    if not isinstance(item, Mapping) or not item:
        yield f"{indent}- {flow(item)}"
        return
    lines = list(_mapping(item, indent + "  "))
    yield f"{indent}- {lines[0].strip()}"
    yield from lines[1:]


def number(value: float) -> Raw | float:
    """A whole number without a point, as people write bounds."""
    return Raw(str(int(value))) if value == int(value) and abs(value) < 2**53 else value


def given(**entries: Any) -> dict[str, Any]:
    """Without what is not there: None and empty collections."""
    return {
        key: value for key, value in entries.items() if value is not None and value not in ([], {})
    }
