from datetime import datetime

import pytest

from dowse.domain.annotations import Annotation, AnnotationKind
from dowse.errors import InvalidInput
from dowse.wire.openbayes import annotations_of, measurements_of, read_update

AT = "2026-11-20T17:35:54.638776"


def test_a_captured_metric_becomes_a_measurement_at_the_local_time_of_the_client() -> None:
    then = datetime.fromisoformat(AT).timestamp()
    update = read_update({"metrics": {"precision": [{"value": 0.809, "created_at": AT}]}})
    (found,) = measurements_of(update, now=then + 1)
    assert (found.metric, found.value, found.step) == ("precision", 0.809, 0)
    assert found.time == then
    assert found.key == f"{AT}:0.809"


@pytest.mark.parametrize("created_at", ["1999-01-01T00:00:00", "yesterday", ""])
def test_a_time_of_another_place_gives_way_to_the_moment_of_arrival(created_at: str) -> None:
    update = read_update({"metrics": {"a": [{"value": 1, "created_at": created_at}]}})
    (found,) = measurements_of(update, now=1e9)
    assert found.time == 1e9
    assert bool(found.key) == bool(created_at)


def test_parameters_are_set_as_text_and_an_empty_one_is_cleared() -> None:
    update = read_update({"parameters": {"lr": 0.01, "n": 3, "s": "x", "on": True, "gone": ""}})

    def parameter(key: str, value: str | None) -> Annotation:
        return Annotation(kind=AnnotationKind.PARAMETER, key=key, value=value)

    assert annotations_of(update) == (
        parameter("lr", "0.01"),
        parameter("n", "3"),
        parameter("s", "x"),
        parameter("on", "true"),
        parameter("gone", None),
    )


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "got []"),
        ({"metrics": {"a": 0.5}}, "metrics.a: "),
        ({"metrics": {"a": [{"value": "x"}]}}, "metrics.a[0].value: must be a number or one of"),
        ({"metrics": {"a": [{}]}}, "metrics.a[0].value: is missing"),
        ({"parameters": {"a": [1]}}, "parameters.a"),
    ],
)
def test_what_the_client_never_sends_is_refused_by_name(document: object, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_update(document)
    assert words in str(caught.value)


def test_names_that_cannot_be_kept_are_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match=r"^metrics\.: a metric name has 1 to 256 characters"):
        measurements_of(read_update({"metrics": {"": [{"value": 1}]}}), now=0.0)
    with pytest.raises(InvalidInput, match=r"^parameters\.: a key has 1 to 512 characters"):
        annotations_of(read_update({"parameters": {"": 1}}))
