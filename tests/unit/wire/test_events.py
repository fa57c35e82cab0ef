import json
import math
from typing import get_args

import pytest
from hypothesis import given, settings

from dowse.domain.events import Event, Noted, StopDecided, TrialChanged
from dowse.domain.trial import TrialState
from dowse.errors import InvalidInput
from dowse.wire.events import (
    event_from_json,
    event_to_json,
    numbered_event_from_json,
    numbered_event_to_json,
)
from tests.unit.wire import strategies


@settings(max_examples=300)
@given(strategies.events)
def test_every_event_comes_back_from_json_text_as_it_was(event: Event) -> None:
    text = json.dumps(event_to_json(event), allow_nan=False)
    back = event_from_json(json.loads(text))
    assert back == event
    assert repr(back) == repr(event)


def test_every_kind_of_event_has_a_form_of_its_own() -> None:
    from dowse.wire.events import _FORM_OF

    assert set(_FORM_OF) == set(get_args(Event))
    assert len(set(_FORM_OF.values())) == len(_FORM_OF)


@pytest.mark.parametrize(
    ("value", "written"), [(math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity")]
)
def test_an_odd_number_is_written_as_a_word_and_read_as_a_number(
    value: float, written: str
) -> None:
    verdict = StopDecided(
        trial=1, attempt=1, rule="median", message="", numbers={"seen": [value, {"best": value}]}
    )
    document = event_to_json(verdict)
    assert document["numbers"] == {"seen": [written, {"best": written}]}
    assert repr(event_from_json(document)) == repr(verdict)
    change = TrialChanged(
        trial=1,
        attempt=1,
        before=TrialState.RUNNING,
        after=TrialState.FAILED,
        objective=value,
    )
    assert event_to_json(change)["objective"] == written
    assert repr(event_from_json(event_to_json(change))) == repr(change)


def test_an_event_with_its_number_comes_back() -> None:
    numbered = (7, 12.5, Noted(message="hello", trial=3))
    document = numbered_event_to_json(*numbered)
    assert document == {
        "number": 7,
        "time": 12.5,
        "event": {"kind": "noted", "message": "hello", "trial": 3},
    }
    assert numbered_event_from_json(document) == numbered


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"kind": "noted", "message": "x", "colour": 1}, "colour: is not a key of this form"),
        ({"kind": "noted"}, "message: is missing"),
        ({"kind": "sung", "message": "x"}, "'sung'"),
        ({"message": "x"}, "'kind'"),
    ],
)
def test_a_document_that_is_no_event_is_refused(document: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        event_from_json(document)


def test_what_json_cannot_say_is_refused_when_it_is_written() -> None:
    verdict = StopDecided(trial=1, attempt=1, rule="r", message="", numbers={"x": object()})
    with pytest.raises(TypeError, match="JSON has no form for object"):
        event_to_json(verdict)
