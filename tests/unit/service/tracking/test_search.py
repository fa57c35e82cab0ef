import math

import pytest

from dowse.domain.metrics import Measurement
from dowse.errors import InvalidInput
from dowse.service.tracking.search import select
from dowse.wire.mlflow.runs import RunRecord


def record(name: str, **metrics: float) -> RunRecord:
    return RunRecord(
        id=name,
        experiment_id="1",
        name=f"Run {name}",
        status="FINISHED" if name == "a" else "RUNNING",
        started_ms=ord(name),
        metrics=[Measurement(metric=key, value=value, time=0.0) for key, value in metrics.items()],
        parameters={"lr": f"0.{ord(name) - 96}", "x y": name},
        tags={"mlflow.user": "ann" if name != "c" else "Bob's"},
    )


RUNS = [record("a", loss=0.3), record("b", loss=math.nan), record("c", loss=0.1), record("d")]


def names(where: str = "", order: tuple[str, ...] = ()) -> str:
    return "".join(run.id for run in select(RUNS, where=where, order=order))


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("", "abcd"),
        ("  ", "abcd"),
        ("metrics.loss > 0.1", "a"),
        ("metrics.loss >= 0.1", "ac"),
        ("metric.loss<=.1 AND params.lr = '0.3'", "c"),
        ("metrics.loss != 0.1", "ab"),
        ("params.lr IN ('0.1', '0.4')", "ad"),
        ("params.lr NOT IN ('0.1','0.4')", "bc"),
        ("params.`x y` = 'b'", "b"),
        ('params."x y" = "b"', "b"),
        ("tags.mlflow.user LIKE 'a%'", "abd"),
        ("tags.mlflow.user ILIKE 'b_b%'", "c"),
        ("tags.`mlflow.user` LIKE 'A%'", ""),
        ("attributes.status = 'FINISHED'", "a"),
        ("status != 'FINISHED'", "bcd"),
        ("attributes.start_time > 98", "cd"),
        ("run_id = 'c'", "c"),
        ("tags.missing = 'x'", ""),
        ("metrics.loss IS NULL", "d"),
        ("metrics.loss is not null", "abc"),
    ],
)
def test_a_filter_keeps_what_fits_all_its_comparisons(where: str, found: str) -> None:
    assert names(where) == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (("metrics.loss ASC",), "bcad"),
        (("metrics.loss DESC",), "acbd"),
        (("attributes.start_time desc",), "dcba"),
        (("tags.`mlflow.user`", "params.lr DESC"), "cdba"),
    ],
)
def test_an_order_sorts_and_what_lacks_the_field_comes_last(
    order: tuple[str, ...], found: str
) -> None:
    assert names(order=order) == found


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("metrics.loss >", "filter: expected a value after > at character"),
        ("metrics.loss > 'x'", "expected a number to compare with"),
        ("metrics.loss > 0.1 or params.lr = '1'", "expected `and` between two comparisons at"),
        ("models.x = 1", "expected metrics, params, tags or attributes"),
        ("rubbish", "expected a comparison such as metrics.accuracy > 0.9 at character 0"),
    ],
)
def test_what_is_no_filter_is_refused_with_its_place(where: str, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        names(where)
    assert words in str(caught.value)


def test_what_is_no_order_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"order_by: expected a field such as metrics\.accuracy"):
        names(order=("metrics.loss sideways",))
