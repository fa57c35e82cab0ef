import math

import pytest

from dowse.domain.metrics import Measurement
from dowse.errors import InvalidInput
from dowse.wire.mlflow.metrics import (
    MAX_BATCH,
    measurements_of,
    metric_document,
    read_batch,
    read_metric,
)

CAPTURED = {
    "run_uuid": "r1",
    "run_id": "r1",
    "key": "accuracy",
    "value": 0.5,
    "timestamp": 1795196409127,
    "step": 3,
}


def test_a_captured_metric_becomes_a_measurement() -> None:
    metric = read_metric(CAPTURED)
    assert metric.run == "r1"
    assert measurements_of((metric,), prefix="", now=0.0) == (
        Measurement(
            metric="accuracy",
            value=0.5,
            step=3,
            time=1795196409.127,
            key="1795196409127:3:0.5",
        ),
    )


def test_unknown_keys_and_whole_numbers_as_text_are_taken() -> None:
    metric = read_metric({**CAPTURED, "model_id": "m", "timestamp": "5000", "step": "7"})
    (found,) = measurements_of((metric,), prefix="", now=0.0)
    assert (found.time, found.step) == (5.0, 7)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("NaN", "nan"), ("Infinity", "inf"), ("-Infinity", "-inf"), (math.nan, "nan"), (3, "3.0")],
)
def test_numbers_that_json_cannot_say_come_as_words_and_go_back_as_words(
    value: object, shown: str
) -> None:
    (found,) = measurements_of((read_metric({**CAPTURED, "value": value}),), prefix="", now=0.0)
    assert str(found.value) == shown
    document = metric_document(found, prefix="")
    assert document["value"] == (value if isinstance(value, str | int) else "NaN")


def test_without_a_time_the_moment_of_arrival_counts_and_a_negative_step_is_0() -> None:
    metric = read_metric({"run_id": "r", "key": "a", "value": 1, "step": -5})
    (found,) = measurements_of((metric,), prefix="", now=77.0)
    assert (found.time, found.step) == (77.0, 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": None}, "value: "),
        ({"value": "0.5"}, "value: must be a number or one of NaN, Infinity, -Infinity, got '0.5'"),
        ({"value": True}, "value: must be a number, got True"),
        ({"key": 7}, "key: "),
        ({"step": 2**63}, "step: must be a whole number of 64 bits, got 9223372036854775808"),
        ({"step": 1.5}, "step: must be a whole number of 64 bits, got 1.5"),
        ({"timestamp": "soon"}, "timestamp: must be a whole number of 64 bits, got 'soon'"),
    ],
)
def test_a_metric_that_is_none_is_refused_by_field_and_value(
    change: dict[str, object], words: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_metric({**CAPTURED, **change})
    assert words in str(caught.value)


def test_a_metric_without_a_value_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"^value: is missing$"):
        read_metric({"run_id": "r", "key": "a"})


def test_a_batch_names_the_place_of_its_mistake_and_has_a_limit() -> None:
    with pytest.raises(InvalidInput, match=r"^metrics\[1\]\.value: is missing$"):
        read_batch({"run_id": "r", "metrics": [{"key": "a", "value": 1}, {"key": "b"}]})
    with pytest.raises(InvalidInput, match=r"^metrics: a batch has at most 10000 metrics, got 10"):
        read_batch({"run_id": "r", "metrics": [{"key": "a", "value": 1}] * (MAX_BATCH + 1)})
