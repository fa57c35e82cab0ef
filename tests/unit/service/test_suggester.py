import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from dowse import catalog
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.source import Source
from dowse.domain.spec import AlgorithmSpec
from dowse.optim.protocol import SuggestDecision, Suggestion, SuggestRequest
from dowse.service.suggester import answers
from dowse.wire.history import history_to_json
from dowse.wire.sources import sources_to_json
from dowse.wire.spec import spec_to_json
from tests.unit.service.values import a_spec


def a_question(number: int, *, job: int = 1, count: int = 1, **more: Any) -> str:
    history = history_to_json(more.pop("history", History()))
    message = {"id": number, "job": job, "history": history, "note": None, "count": count}
    return json.dumps({**message, **more})


def with_spec(algorithm: str = "random", **options: Any) -> dict[str, Any]:
    spec = replace(a_spec(), algorithm=AlgorithmSpec(name=algorithm, options=options))
    return {"spec": spec_to_json(spec)}


def answered(*lines: str) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in answers(lines)]


def test_a_question_is_answered_with_as_many_suggestions_as_were_asked_for() -> None:
    (answer,) = answered(a_question(7, count=3, **with_spec()))
    assert answer["id"] == 7
    assert (answer["error"], answer["exhausted"]) == (None, False)
    assert len(answer["suggestions"]) == 3
    assert all(0.0 <= one["parameters"]["lr"] <= 1.0 for one in answer["suggestions"])
    assert all(one["why"]["algorithm"] == "random" for one in answer["suggestions"])


def test_the_specification_is_sent_once_for_each_job() -> None:
    first, second, other = answered(
        a_question(1, job=1, **with_spec("random")),
        a_question(2, job=1),
        a_question(3, job=2, **with_spec("sobol")),
    )
    assert first["suggestions"] == second["suggestions"]
    assert other["suggestions"][0]["why"]["algorithm"] == "sobol"


def test_the_past_is_taken_into_account() -> None:
    done = Observation(number=1, parameters={"lr": 0.0}, ending=Ending.MEASURED, value=1.0)
    history = History(observations=(done,), index=1)
    (answer,) = answered(a_question(1, history=history, **with_spec("grid", points=2)))
    assert [one["parameters"] for one in answer["suggestions"]] == [{"lr": 1.0}]


def test_a_fault_becomes_words_and_the_next_question_is_answered() -> None:
    broken, unknown, fine = answered(
        a_question(1, **with_spec("grid", points=-1)),
        a_question(2, job=5),
        a_question(3, **with_spec("random")),
    )
    assert broken["error"] == "algorithm.points: must be a whole number of 1 or more, got -1"
    assert unknown["error"] == "KeyError: 5"
    assert fine["error"] is None


class Careless:
    """A suggester that breaks what its protocol promises."""

    def __init__(self, way: str) -> None:
        self._way = way

    def suggest(self, request: SuggestRequest) -> SuggestDecision:
        inside = Suggestion(parameters={"lr": 0.5}, why={})
        match self._way:
            case "many":
                return SuggestDecision(suggestions=(inside, inside))
            case "none":
                return SuggestDecision(suggestions=())
            case "outside":
                outside = Suggestion(parameters={"lr": 7.0}, why={})
                return SuggestDecision(suggestions=(outside,))
            case _:
                raise ZeroDivisionError("division by zero")


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("many", "careless gave 2 suggestions, at most 1 were asked for"),
        ("none", "careless gave no suggestion, and says not that the space is exhausted"),
        ("outside", "careless left the search space: lr: "),
        ("raises", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_plug_in_that_breaks_its_promises_is_named(
    monkeypatch: pytest.MonkeyPatch, way: str, words: str
) -> None:
    monkeypatch.setattr(catalog, "suggester", lambda spec: Careless(way))
    (answer,) = answered(a_question(1, **with_spec("careless")))
    assert answer["error"].startswith(words)
    assert answer["suggestions"] == []


def test_sources_are_sent_once_for_each_job_and_learnt_from() -> None:
    spec = a_spec()
    observations = tuple(
        Observation(
            number=i + 1,
            parameters={"lr": i / 10},
            ending=Ending.MEASURED,
            value=(i / 10 - 0.3) ** 2,
        )
        for i in range(11)
    )
    earlier = Source(
        name="earlier", space=spec.space, goal=Goal.MINIMIZE, observations=observations
    )
    first, second, other = answered(
        a_question(1, sources=sources_to_json([earlier]), **with_spec("bayesian")),
        a_question(2),
        a_question(3, job=2, **with_spec("bayesian")),
    )
    (one,) = first["suggestions"]
    assert one["why"]["sources"][0]["name"] == "earlier"
    assert second["suggestions"] == first["suggestions"]
    assert "sources" not in other["suggestions"][0]["why"]
