"""A document as a small immutable tree in which every node knows where it was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from dowse.errors import InvalidInput, Location, Problem

MAX_DEPTH = 32
MAX_BYTES = 256 * 1024

Plain: TypeAlias = bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Scalar:
    """`raw` is the text as written, without quotes; `value` is what it means.

    `quoted` says that it was meant as text: in quotes, or a block of text.
    """

    value: Plain
    raw: str
    quoted: bool
    location: Location | None

    @property
    def kind(self) -> str:
        match self.value:
            case None:
                return "nothing"
            case bool():
                return "a boolean"
            case int() | float():
                return "a number"
            case _:
                return "text"

    def __str__(self) -> str:
        if self.value is None:
            return "null"
        shown = self.raw if len(self.raw) <= 60 else self.raw[:57] + "..."
        return repr(shown) if self.quoted or isinstance(self.value, str) else shown


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    location: Location | None
    kind = "a list"

    def __str__(self) -> str:
        return "a list" if self.items else "an empty list"


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    value: Node
    location: Location | None


@dataclass(frozen=True, slots=True)
class Mapping:
    entries: tuple[Entry, ...]
    location: Location | None
    kind = "a mapping"

    def get(self, key: str) -> Node | None:
        return next((entry.value for entry in self.entries if entry.key == key), None)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(entry.key for entry in self.entries)

    def __str__(self) -> str:
        shown = ", ".join(self.keys[:6]) + (", ..." if len(self.entries) > 6 else "")
        return f"a mapping with {shown}" if shown else "an empty mapping"


Node: TypeAlias = Scalar | Sequence | Mapping


def refuse(location: Location | None, message: str, path: str = "") -> InvalidInput:
    return InvalidInput([Problem(path=path, message=message, location=location)])


def nested(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def check_depth(depth: int, location: Location | None) -> None:
    if depth > MAX_DEPTH:
        raise refuse(location, f"is nested deeper than {MAX_DEPTH} levels")


def duplicate_problems(root: Node) -> Iterator[Problem]:
    """Every key that a mapping holds twice, with both of its lines."""
    waiting: list[tuple[str, Node]] = [("", root)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, Sequence):
            waiting += [(f"{path}[{i}]", item) for i, item in enumerate(node.items)][::-1]
        elif isinstance(node, Mapping):
            first: dict[str, Entry] = {}
            for entry in node.entries:
                earlier = first.setdefault(entry.key, entry)
                if earlier is not entry:
                    yield _twice(nested(path, entry.key), earlier, entry)
            waiting += [(nested(path, e.key), e.value) for e in node.entries][::-1]


def _twice(path: str, earlier: Entry, later: Entry) -> Problem:
    lines = (
        f": first on line {earlier.location.line}, again on line {later.location.line}"
        if earlier.location and later.location
        else ""
    )
    return Problem(
        path=path, message=f"is given twice{lines}; keep one of them", location=later.location
    )
