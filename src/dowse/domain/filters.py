"""Which rows of a table a filter keeps: `learning_rate < 1e-2 and val_loss.min < 1.2`.

One language for trials and for jobs, in the API, the CLI and the console. A table says which
columns it has and of which kind; a filter is bound to them once and then asked about every row. A
comparison with a missing value never holds, and one with NaN only as `!=` and `= nan`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from typing import Any, TypeAlias, assert_never

from dowse.domain.conditions import Comparison
from dowse.domain.filter_grammar import LOOSE
from dowse.domain.filter_tree import (
    AnyOf,
    Compares,
    Every,
    FieldName,
    Filter,
    Given,
    IsIn,
    IsMissing,
    Matches,
    Negated,
    refuse,
)


class ColumnKind(Enum):
    NUMBER = "number"
    DURATION = "duration"  # seconds; written 90, 90s, 5m, 1.5h or 2d
    TEXT = "text"
    MIXED = "mixed"  # labels: texts, numbers and booleans
    TEXTS = "texts"  # several of each row, such as its tags


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. `space` is empty for a field that everything has.

    `aspect` is what of a metric's reports is meant; `step` is at which step, None for none.
    """

    space: str
    name: str
    aspect: str = ""
    step: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The columns that a filter can speak of; words alone are looked for in the field `loose`.

    In `metrics` every name has the aspects; a bare metric is its last report.
    """

    fields: Mapping[str, ColumnKind]
    spaces: Mapping[str, Mapping[str, ColumnKind]] = field(default_factory=dict)
    loose: str | None = None


ASPECTS = ("last", "min", "max", "reports", "step")
METRICS = "metrics"
SHOWN = 8
Predicate: TypeAlias = Callable[[int], bool]
Read: TypeAlias = Callable[[Column], Sequence[Any]]

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_ODD = {"nan": math.nan, "inf": math.inf, "+inf": math.inf, "-inf": -math.inf}
_UNITS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_ORDER: Mapping[Comparison, Callable[[float, float], bool]] = {
    Comparison.LESS: lambda one, other: one < other,
    Comparison.LESS_OR_EQUAL: lambda one, other: one <= other,
    Comparison.GREATER: lambda one, other: one > other,
    Comparison.GREATER_OR_EQUAL: lambda one, other: one >= other,
}


def kept(tree: Filter, schema: Schema, read: Read, count: int) -> list[int]:
    """The places, of `count`, of the rows that a filter keeps. Raises InvalidInput with the column.

    `read` gives the values of a column, None where one is missing; each is read once.
    """
    columns: dict[Column, Sequence[Any]] = {}

    def values(column: Column) -> Sequence[Any]:
        if column not in columns:
            columns[column] = read(column)
        return columns[column]

    holds = _Binder(schema, values).bound(tree)
    return [place for place in range(count) if holds(place)]


class _Binder:
    def __init__(self, schema: Schema, read: Read) -> None:
        self._schema = schema
        self._read = read

    def bound(self, tree: Filter) -> Predicate:
        match tree:
            case Every(parts=parts):
                bound = [self.bound(part) for part in parts]
                return lambda place: all(holds(place) for holds in bound)
            case AnyOf(parts=parts):
                bound = [self.bound(part) for part in parts]
                return lambda place: any(holds(place) for holds in bound)
            case Negated(part=part):
                inner = self.bound(part)
                return lambda place: not inner(place)
            case IsMissing(field=name):
                values = self._read(self.column(name)[0])
                return lambda place: values[place] in (None, [])
            case Compares() | Matches() | IsIn():
                return self.clause(tree)
            case _:
                assert_never(tree)

    def clause(self, tree: Compares | Matches | IsIn) -> Predicate:
        column, kind = self.column(tree.field)
        test = self.test(tree, kind)
        values = self._read(column)
        if kind is ColumnKind.TEXTS:
            if isinstance(tree, Compares) and tree.comparison is Comparison.NOT_EQUAL:
                return lambda place: all(test(one) for one in values[place])
            return lambda place: any(test(one) for one in values[place])
        return lambda place: values[place] is not None and test(values[place])

    def test(self, tree: Compares | Matches | IsIn, kind: ColumnKind) -> Callable[[Any], bool]:
        match tree:
            case Matches(given=given, is_anywhere=is_anywhere):
                return _matching(given, kind, is_anywhere=is_anywhere)
            case IsIn(options=options):
                tests = [_equality(one, kind) for one in options]
                return lambda value: any(test(value) for test in tests)
            case Compares(comparison=Comparison.EQUAL, given=given):
                return _equality(given, kind)
            case Compares(comparison=Comparison.NOT_EQUAL, given=given):
                equal = _equality(given, kind)
                return lambda value: not equal(value)
            case Compares(field=name, comparison=comparison, given=given):
                return _ordering(name, comparison, given, kind)
            case _:
                assert_never(tree)

    def column(self, name: FieldName) -> tuple[Column, ColumnKind]:
        found = self._found(name)
        if name.step is None:
            return found
        column, _ = found
        if column.space != METRICS or column.aspect != "last":
            refuse(name.column, f"{name.name!r} is no metric: only a metric has a value at a step")
        return Column(METRICS, column.name, "", name.step), ColumnKind.NUMBER

    def _found(self, name: FieldName) -> tuple[Column, ColumnKind]:
        if name.name == LOOSE and not name.is_quoted:
            if self._schema.loose is None:
                refuse(name.column, "a name alone says nothing: write a condition such as lr < 1")
            return Column("", self._schema.loose), self._schema.fields[self._schema.loose]
        if name.space is None and not name.is_quoted and name.name in self._schema.fields:
            return Column("", name.name), self._schema.fields[name.name]
        for space, columns in self._schema.spaces.items():
            if name.space in (None, space) and (found := _in_space(space, columns, name.name)):
                return found
        return self._refuse_unknown(name)

    def _refuse_unknown(self, name: FieldName) -> tuple[Column, ColumnKind]:
        spaces = self._schema.spaces
        names = [one for space in spaces for one in spaces[space] if name.space in (None, space)]
        if name.space is None:
            names = [*names, *self._schema.fields]
        what = f"there is no field {name.name!r}"
        if near := get_close_matches(name.name, names, n=1):
            refuse(name.column, f"{what}; did you mean {near[0]!r}?")
        shown = ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
        refuse(name.column, f"{what}; there are {shown}" if names else what)


def _in_space(
    space: str, columns: Mapping[str, ColumnKind], name: str
) -> tuple[Column, ColumnKind] | None:
    """The longest name that fits: a metric may be called `loss.min` itself."""
    if name in columns:
        return Column(space, name, "last" if space == METRICS else ""), columns[name]
    stem, _, aspect = name.rpartition(".")
    if space == METRICS and stem in columns and aspect in ASPECTS:
        return Column(space, stem, aspect), ColumnKind.NUMBER
    return None


def _number(given: Given, kind: ColumnKind) -> float | None:
    """The number that a value is; None for any other text."""
    text = given.text
    if _NUMBER.fullmatch(text):
        return float(text)
    if (odd := _ODD.get(text.lower())) is not None:
        return odd
    if kind is ColumnKind.DURATION and text[-1:] in _UNITS and _NUMBER.fullmatch(text[:-1]):
        return float(text[:-1]) * _UNITS[text[-1]]
    return None


def _needed_number(given: Given, kind: ColumnKind) -> float:
    number = _number(given, kind)
    if number is None:
        right = "a duration, such as 90s, 5m or 1.5h" if kind is ColumnKind.DURATION else "a number"
        refuse(given.column, f"{given.text!r} is compared with {right}")
    return number


def _equality(given: Given, kind: ColumnKind) -> Callable[[Any], bool]:
    match kind:
        case ColumnKind.NUMBER | ColumnKind.DURATION:
            wanted = _needed_number(given, kind)
            if math.isnan(wanted):
                return math.isnan
            return lambda value: bool(value == wanted)
        case ColumnKind.TEXT | ColumnKind.TEXTS:
            return lambda value: bool(value == given.text)
        case ColumnKind.MIXED:
            return _label_equality(given)
        case _:
            assert_never(kind)


def _label_equality(given: Given) -> Callable[[Any], bool]:
    """A quoted value is a text; a bare one is whatever label looks like it."""
    number = None if given.is_quoted else _number(given, ColumnKind.NUMBER)
    truth = None if given.is_quoted else {"true": True, "false": False}.get(given.text.lower())

    def equal(value: Any) -> bool:
        if isinstance(value, bool):
            return value is truth
        if isinstance(value, str):
            return value == given.text
        return number is not None and bool(value == number)

    return equal


def _matching(given: Given, kind: ColumnKind, *, is_anywhere: bool) -> Callable[[Any], bool]:
    if kind in (ColumnKind.NUMBER, ColumnKind.DURATION):
        if is_anywhere:
            refuse(given.column, "'~' looks for a part of a text, and this field is a number")
        return _equality(given, kind)
    wanted = given.text.lower()

    def matches(value: Any) -> bool:
        text = label_text(value).lower()
        return wanted in text if is_anywhere else text.startswith(wanted)

    return matches


def label_text(value: Any) -> str:
    """A label as a filter reads it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ordering(
    name: FieldName, comparison: Comparison, given: Given, kind: ColumnKind
) -> Callable[[Any], bool]:
    if kind in (ColumnKind.TEXT, ColumnKind.TEXTS):
        right = "compare it with =, != or ~"
        refuse(name.column, f"{name.name!r} holds texts, which have no order: {right}")
    wanted = _needed_number(given, kind)
    order = _ORDER[comparison]

    def holds(value: Any) -> bool:
        return not isinstance(value, bool | str) and order(value, wanted)

    return holds
