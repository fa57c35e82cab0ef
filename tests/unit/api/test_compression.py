from __future__ import annotations

import gzip
import json

from dowse.api.compression import KeptAnswers

LARGE = {"number": list(range(2_000))}


def test_the_same_key_is_made_once_for_each_coding() -> None:
    made: list[object] = []

    def make() -> object:
        made.append(LARGE)
        return LARGE

    kept = KeptAnswers(max_bytes=1_000_000)
    plain = [kept.response("1.7", make, None) for _ in range(2)]
    zipped = [kept.response("1.7", make, "br, gzip") for _ in range(2)]
    assert len(made) == 2
    assert [json.loads(bytes(one.body)) for one in plain] == [LARGE, LARGE]
    assert [json.loads(gzip.decompress(bytes(one.body))) for one in zipped] == [LARGE, LARGE]
    assert [one.headers.get("content-encoding") for one in (*plain, *zipped)] == [
        None,
        None,
        "gzip",
        "gzip",
    ]


def test_those_that_were_asked_for_last_stay() -> None:
    made: list[str] = []
    kept = KeptAnswers(max_bytes=250)

    def ask(key: str) -> object:
        def make() -> object:
            made.append(key)
            return key * 100

        return json.loads(bytes(kept.response(key, make, None).body))

    assert [ask(key) for key in "abacab"] == [key * 100 for key in "abacab"]
    assert made == ["a", "b", "c", "b"]


def test_an_answer_beyond_the_limit_is_told_and_not_kept() -> None:
    kept = KeptAnswers(max_bytes=10)
    assert json.loads(bytes(kept.response("a", lambda: "x" * 50, None).body)) == "x" * 50
    assert json.loads(bytes(kept.response("a", lambda: "y" * 50, None).body)) == "y" * 50
