from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from dowse.domain.metric_limits import MetricLimit
from dowse.ports import Summary, TrialRow
from dowse.wire.columns import ColumnsDocument, Sheet, columns_document
from tests.contracts.store_contract import make_spec


def row(number: int, objective: float | None = None, **parameters: Any) -> TrialRow:
    return TrialRow(
        number, "succeeded", None, 1, parameters, objective, None, None, 1.0, None, None
    )


def sheet(rows: list[TrialRow], summaries: list[Summary]) -> Sheet:
    return Sheet(
        job="tune",
        spec=make_spec(),
        cursor="1.5",
        last_event=5,
        is_full=True,
        rows=rows,
        summaries=summaries,
    )


def test_the_document_has_its_form_and_odd_numbers_are_words() -> None:
    rows = [row(1, math.nan, lr=0.1, c=1), row(2, -math.inf, lr=0.2, c=True), row(5, 0.5, c="a")]
    summaries = [
        Summary(2, "accuracy", 3, math.inf, 7, 0.25, 0.5),
        Summary(5, "side", 1, 1.0, 0, 1.0, 1.0),
    ]
    found = columns_document(sheet(rows, summaries))
    assert ColumnsDocument.model_validate(found).to_json() == found
    assert found["number"] == [1, 2, 5]
    assert found["objective"] == ["NaN", "-Infinity", 0.5]
    assert found["parameters"]["lr"] == {"values": [0.1, 0.2, None]}
    assert found["parameters"]["c"] == {"labels": ["a", True, 1], "codes": [2, 1, 0]}
    assert found["metrics"]["accuracy"]["last"] == [None, "Infinity", None]
    assert found["metrics"]["side"]["reports"] == [None, None, 1]
    states = found["state"]
    assert [states["labels"][code] for code in states["codes"]] == ["succeeded"] * 3
    assert found["reason"]["codes"] == [-1, -1, -1]


def test_tags_are_lists_of_the_trials_that_have_them() -> None:
    rows = [row(1)._replace(tags=("star", "좋음")), row(2), row(3)._replace(tags=("star",))]
    assert columns_document(sheet(rows, []))["tags"] == {"star": [1, 3], "좋음": [1]}


def test_what_counts_of_every_metric_that_is_asked_for_is_a_column() -> None:
    kept = MetricLimit(metric="latency", at_most=5.0)
    rows = [row(1, 0.5)._replace(further={"latency": math.nan, "other": 1.0}), row(2)]
    asked = sheet(rows, [])
    limited = replace(asked, spec=replace(asked.spec, metric_limits=(kept,)))
    found = columns_document(limited)
    assert ColumnsDocument.model_validate(found).to_json() == found
    assert found["further"] == {"latency": ["NaN", None]}
    assert found["metric_limits"] == [{"metric": "latency", "at_most": 5.0, "at_least": None}]


def test_codes_mean_the_same_in_a_later_answer() -> None:
    first = columns_document(sheet([row(1, c="a")], []))
    later = columns_document(sheet([row(2, c=1)], []))
    assert first["parameters"]["c"]["labels"] == later["parameters"]["c"]["labels"]
    assert first["state"]["labels"] == later["state"]["labels"]


def test_parameters_beyond_the_space_are_columns_too() -> None:
    rows = [row(1, lr=0.1, extra=3), row(2, lr=0.1, note="free"), row(3, lr=0.1, extra=4)]
    found = columns_document(sheet(rows, []))["parameters"]
    assert found["extra"] == {"values": [3, None, 4]}
    assert found["note"] == {"labels": ["free"], "codes": [-1, 0, -1]}


def test_a_sheet_without_trials_still_has_its_columns() -> None:
    found = columns_document(replace(sheet([], []), is_full=False))
    assert list(found["parameters"]) == ["lr", "c"]
    assert found["metrics"]["accuracy"]["last"] == []
