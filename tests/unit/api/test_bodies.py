"""Bodies of requests: what a strict reader takes, and what it refuses by name."""

import json

import pytest

from dowse.api.bodies import read_json
from dowse.errors import InvalidInput

PLAIN = {"reports": [{"metric": "l\u00f6ss", "value": 1e-3}, {"metric": "a", "value": None}]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_json_is_read_as_ever(encoding: str) -> None:
    assert read_json(json.dumps(PLAIN, ensure_ascii=False).encode(encoding)) == PLAIN


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b'{"limits": {"trials": 1, "trials": 2}}', "trials"),
        (b'[{"a": 1}, {"b": {}, "c": 1, "b": {}}]', "b"),
        (b'{"a": 1, "\\u0061": 1}', "a"),
    ],
)
def test_a_key_that_stands_twice_is_named_wherever_it_stands(body: bytes, key: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_json(body)
    assert str(refusal.value) == f"the body has the key {key!r} twice in one object; keep one"


@pytest.mark.parametrize("body", [b"", b"{", b"{} {}", b'{"a": 1,}', b"\xff"])
def test_what_is_no_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"Expecting|Extra data|can't decode|Illegal"):
        read_json(body)
