"""The tree that a filter is parsed to, before anybody knows what its names stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from dowse.domain.conditions import Comparison
from dowse.errors import InvalidInput, Location, Problem


@dataclass(frozen=True, slots=True)
class FieldName:
    """What a filter calls a column.

    A quoted name is never one of the fields that everything has, so that a parameter called `step`
    can be meant. `space` is `params` or the like, where the filter says so; `step` stands behind
    `@step=`. `column` is where it begins in the text, from 1.
    """

    name: str
    column: int
    is_quoted: bool = False
    space: str | None = None
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it is written."""

    text: str
    column: int
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Matches:
    """The value contains the text (`~`), or begins with it or equals it (`:`), in either case."""

    field: FieldName
    given: Given
    is_anywhere: bool


@dataclass(frozen=True, slots=True)
class Compares:
    """`comparison` is never IN or NOT_IN."""

    field: FieldName
    comparison: Comparison
    given: Given


@dataclass(frozen=True, slots=True)
class IsIn:
    field: FieldName
    options: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class IsMissing:
    field: FieldName


@dataclass(frozen=True, slots=True)
class Negated:
    part: Filter


@dataclass(frozen=True, slots=True)
class Every:
    """No part at all holds for everything."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Filter, ...]


Filter: TypeAlias = Matches | Compares | IsIn | IsMissing | Negated | Every | AnyOf


def fields(tree: Filter) -> Iterator[FieldName]:
    """The names in the order of the text; a name that stands twice comes twice."""
    match tree:
        case Negated(part=part):
            yield from fields(part)
        case Every(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from fields(part)
        case _:
            yield tree.field


def refuse(column: int, message: str) -> NoReturn:
    """`message` says what is wrong there and what would be right."""
    place = Location(file="filter", line=1, column=column)
    raise InvalidInput([Problem(path="filter", message=message, location=place)])
