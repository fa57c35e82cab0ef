"""One table of cases says what a filter means; the console's own reader is held to it as well."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from dowse.domain.filter_grammar import MAX_CHARACTERS, parse_filter
from dowse.domain.filter_tree import fields
from dowse.domain.filters import Column, ColumnKind, Schema, kept
from dowse.errors import InvalidInput

CASES = Path(__file__).parents[2] / "fixtures" / "filters" / "cases.json"
TABLES: dict[str, Any] = json.loads(CASES.read_text(encoding="utf-8"))
ODD = {"NaN": math.nan, "Infinity": math.inf}


def kinds(written: dict[str, str]) -> dict[str, ColumnKind]:
    return {name: ColumnKind(kind) for name, kind in written.items()}


def keep(table: dict[str, Any], text: str) -> list[int]:
    """The rows that a filter keeps, counted from 1."""
    schema = Schema(
        fields=kinds(table["fields"]),
        spaces={space: kinds(found) for space, found in table["spaces"].items()},
        loose=table["loose"],
    )
    columns = {
        Column(space, name, aspect, step): [
            ODD.get(value, value) if isinstance(value, str) else value for value in values
        ]
        for space, name, aspect, step, values in table["columns"]
    }
    return [
        place + 1 for place in kept(parse_filter(text), schema, columns.__getitem__, table["count"])
    ]


@pytest.mark.parametrize(
    ("table", "text", "expected"),
    [(table, text, rows) for table in TABLES for text, rows in TABLES[table]["cases"]],
)
def test_a_filter_keeps_the_rows_of_the_table(table: str, text: str, expected: list[int]) -> None:
    assert keep(TABLES[table], text) == expected


@pytest.mark.parametrize(
    ("table", "text", "column", "message"),
    [(table, *case) for table in TABLES for case in TABLES[table]["errors"]],
)
def test_what_is_wrong_is_said_with_its_column(
    table: str, text: str, column: int, message: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        keep(TABLES[table], text)
    (problem,) = caught.value.problems
    assert problem.message == message
    assert problem.location is not None
    assert (problem.path, problem.location.column) == ("filter", column)


def test_a_filter_that_is_too_long_or_too_deep_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"at most 4,096 characters, got 4,097"):
        parse_filter("a" * (MAX_CHARACTERS + 1))
    with pytest.raises(InvalidInput, match="nested too deeply: at most 40 levels"):
        parse_filter("(" * 50 + "trial = 1" + ")" * 50)


def test_the_names_of_a_filter_are_known_before_anything_is_read() -> None:
    tree = parse_filter("not (lr < 1 or `a b` is missing) and m@step=3 > 2")
    assert [(name.name, name.step) for name in fields(tree)] == [
        ("lr", None),
        ("a b", None),
        ("m", 3),
    ]


def test_a_column_is_read_once_and_only_when_it_is_named() -> None:
    asked = []

    def read(column: Column) -> list[float]:
        asked.append(column.name)
        return [1.0]

    schema = Schema(fields={"a": ColumnKind.NUMBER, "b": ColumnKind.NUMBER})
    assert kept(parse_filter("a = 1 or a = 2"), schema, read, 1) == [0]
    assert asked == ["a"]
