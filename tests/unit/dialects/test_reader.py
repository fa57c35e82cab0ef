from __future__ import annotations

import pytest

from dowse.dialects import yaml_text
from dowse.dialects.located import Mapping
from dowse.dialects.reader import Field, Log, Table, nearest
from dowse.errors import InvalidInput


def table(text: str) -> Table:
    root = yaml_text.parse(text, "job")
    assert isinstance(root, Mapping)
    return Table(root, "", Log())


def field(text: str) -> Field:
    found = table(f"x: {text}").get("x")
    assert found is not None
    return found


def said(found: Field) -> list[str]:
    return [str(problem) for problem in (*found.log.errors, *found.log.warnings)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("-0.5", -0.5),
        (".5", 0.5),
        ("5000.", 5000.0),
        ("1e-3", 0.001),
        (".00000001", 1e-8),
        ("+3", 3),
        ("0x1F", 31),
        ("0o17", 15),
        ("017", 17),
    ],
)
def test_a_number_is_read_as_people_type_it(text: str, number: float) -> None:
    found = field(text)
    value = found.number()
    assert value == number
    assert type(value) is type(number)
    assert said(found) == []


@pytest.mark.parametrize(
    ("text", "value", "warning"),
    [
        ("1_000", 1000, "job:1:4: x: was read as the number 1000; write it without underscores"),
        ("'1e-3'", 0.001, "job:1:4: x: is text; it was read as the number 0.001"),
        ('" 7 "', 7, "job:1:4: x: is text; it was read as the number 7"),
    ],
)
def test_an_odd_number_is_read_with_a_warning(text: str, value: float, warning: str) -> None:
    found = field(text)
    assert found.number() == value
    assert said(found) == [warning]


@pytest.mark.parametrize("text", ["true", "TRUE", "True"])
def test_true_has_three_spellings(text: str) -> None:
    found = field(text)
    assert found.boolean() is True
    assert said(found) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nine", "job:1:4: x: must be a whole number from 1 to 9, got 'nine'"),
        ("0", "job:1:4: x: must be a whole number from 1 to 9, got 0"),
        ("10", "job:1:4: x: must be a whole number from 1 to 9, got 10"),
        ("1.5", "job:1:4: x: must be a whole number from 1 to 9, got 1.5"),
        (".inf", "job:1:4: x: must be a whole number from 1 to 9, got .inf"),
        ("true", "job:1:4: x: must be a whole number from 1 to 9, got true"),
        ("[1]", "job:1:4: x: must be a whole number from 1 to 9, got a list"),
        ("{a: 1}", "job:1:4: x: must be a whole number from 1 to 9, got a mapping with a"),
    ],
)
def test_a_wrong_integer_is_named_with_its_place_and_its_range(text: str, message: str) -> None:
    found = field(text)
    assert found.integer(1, 9) is None
    assert said(found) == [message]


def test_text_keeps_the_spelling_of_numbers() -> None:
    assert field("0.10").text() == "0.10"
    assert field("True").text() == "True"


def test_a_choice_hints_at_the_nearest_name() -> None:
    found = field("lgo")
    assert found.choice({"linear": 1, "log": 2}) is None
    assert said(found) == ["job:1:4: x: must be one of linear, log, got 'lgo'; did you mean log?"]


def test_a_choice_in_other_capitals_is_read_with_a_warning() -> None:
    found = field("LOG")
    assert found.choice({"linear": 1, "log": 2}) == 2
    assert said(found) == ["job:1:4: x: was read as log, got 'LOG'"]


def test_a_key_that_is_null_counts_as_absent() -> None:
    assert table("a: null\nb: ~\nc:\nd: ''\n").get("a") is None
    assert table("a: null\nb: ~\nc:\n").get("c") is None
    assert table("d: ''\n").get("d") is not None


def test_unknown_keys_are_reported_at_the_key() -> None:
    root = table("maxTrails: 1\nwhat: 2\n")
    root.refuse_unknown(["maxTrials", "goal"], {"what": "it belongs elsewhere"})
    assert [str(problem) for problem in root.log.errors] == [
        "job:1:1: maxTrails: is not a key that is known here; did you mean maxTrials?",
        "job:2:1: what: is not a key that is known here; it belongs elsewhere",
    ]


def test_errors_are_raised_together_in_the_order_of_lines() -> None:
    root = table("a: x\nb: y\n")
    for key in ("b", "a", "a"):
        found = root.get(key)
        assert found is not None
        found.number()
    with pytest.raises(InvalidInput) as caught:
        root.log.raise_errors()
    assert str(caught.value) == (
        "job:1:4: a: must be a number, got 'x'\njob:2:4: b: must be a number, got 'y'"
    )


def test_a_zero_byte_is_refused_in_any_text() -> None:
    found = field('"a\\0b"')
    assert found.text() is None
    assert said(found) == ["job:1:4: x: holds the character U+0000, which no program can be given"]


def test_without_a_near_name_all_names_are_listed() -> None:
    assert nearest("zzz", ["one", "two"]) == "; there are one, two"
    assert nearest("zzz", []) == ""


def test_a_hundred_problems_of_each_severity_are_kept_and_no_error_gives_way_to_warnings() -> None:
    found = field("1")
    for count in range(150):
        found.warn(f"warning {count}")
    assert [*found.log.errors] == []
    found.error("an error")
    assert [str(problem) for problem in found.log.errors] == ["job:1:4: x: an error"]
    for count in range(150):
        found.error(f"error {count}")
    assert len(found.log.errors) == len(found.log.warnings) == 101
    assert str(found.log.errors[-1]) == "there may be more errors: 100 are shown"
