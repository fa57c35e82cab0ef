"""How peers are driven: lines of JSON in and out, and nothing else."""

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest

from benchmarks.peers import protocol


class Toy:
    version = "1.2"
    told: list[tuple[int, float]]
    known: list[Any]

    def __init__(self, space: protocol.Space, seed: int, variant: str, batch: int) -> None:
        print("a library says hello")
        self.names = [each["name"] for each in space]
        self.seed, self.count = seed, 0
        Toy.told, Toy.known = [], []

    def ask(self, count: int) -> list[tuple[int, dict[str, Any]]]:
        self.count += count
        return [(n, dict.fromkeys(self.names, n)) for n in range(self.count - count, self.count)]

    def tell(self, results: Sequence[tuple[int, float]]) -> None:
        Toy.told += results

    def load(self, known: Sequence[tuple[dict[str, Any], float]]) -> None:
        Toy.known += known


class Wise(Toy):
    def importance(self, method: str) -> dict[str, float]:
        return {f"{method} {name}": 1.0 for name in self.names}


def talk(monkeypatch: pytest.MonkeyPatch, *questions: Any, make: Any = Toy) -> list[dict[str, Any]]:
    said = io.StringIO()
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    monkeypatch.setattr("sys.stdout", said)
    protocol.serve(make)
    return [json.loads(line) for line in said.getvalue().splitlines()]


START = {"start": {"space": [{"name": "x"}], "seed": 0, "variant": "v", "batch": 2}}


def test_each_question_has_one_answer_and_words_of_libraries_are_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started, asked, told, loaded = talk(
        monkeypatch, START, {"ask": 2}, {"tell": [[0, 0.5], [1, 0.25]]}, {"load": [[{"x": 1}, 2.0]]}
    )
    assert started["version"] == "1.2"
    assert asked["trials"] == [[0, {"x": 0}], [1, {"x": 1}]]
    assert Toy.told == [(0, 0.5), (1, 0.25)]
    assert Toy.known == [({"x": 1}, 2.0)]
    assert set(told) == set(loaded) == {"cpu_s"}


def test_a_peer_that_was_not_started_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError):
        talk(monkeypatch, {"ask": 1})


def test_a_peer_may_say_which_parameters_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    _, judged = talk(monkeypatch, START, {"importance": "m"}, make=Wise)
    assert judged["importance"] == {"m x": 1.0}
    with pytest.raises(AssertionError):
        talk(monkeypatch, START, {"importance": "m"})
