import json

import pytest

from dowse.wire.base import free_from_json, free_to_json, to_text


def test_text_is_ascii_so_that_even_broken_unicode_can_be_stored() -> None:
    text = to_text({"name": "优化", "path": "caf\udce9"})
    assert text.isascii()
    assert json.loads(text) == {"name": "优化", "path": "caf\udce9"}


def test_a_number_that_json_does_not_know_is_never_written_as_such() -> None:
    with pytest.raises(ValueError, match="Out of range float values"):
        to_text({"x": float("nan")})


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"x": {1: 2}}, "the keys of a JSON object are text, got 1"),
        ({"x": [b"raw"]}, "JSON has no form for bytes: b'raw'"),
        ({"x": {1, 2}}, "JSON has no form for set"),
    ],
)
def test_what_json_cannot_say_is_named(value: object, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        free_to_json(value)


def test_subclasses_of_numbers_become_plain_numbers() -> None:
    class Length(float):
        pass

    class Count(int):
        pass

    written = free_to_json({"length": Length(1.5), "count": Count(3), "pair": (1, True)})
    assert repr(written) == "{'length': 1.5, 'count': 3, 'pair': [1, True]}"
    assert free_from_json(written) == written
