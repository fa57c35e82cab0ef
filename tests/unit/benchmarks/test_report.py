import json
import math
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks.report import (
    Row,
    at_least,
    at_most,
    document,
    publish,
    publish_part,
    table,
    usable_cores,
)


def test_a_row_holds_exactly_when_its_goal_is_reached() -> None:
    assert at_most("help", 0.25, "s", 0.25).holds is True
    assert at_most("help", 0.251, "s", 0.25).holds is False
    assert at_least("rate", 12, "1/s", 12).holds is True
    assert at_least("rate", 11.9, "1/s", 12).holds is False


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_figure_that_is_no_number_never_holds(value: float) -> None:
    assert at_most("help", value, "s", 1).holds is False
    assert at_least("rate", value, "1/s", 1).holds is False


def test_a_goal_without_a_verdict_is_refused() -> None:
    with pytest.raises(ValueError, match="speed: goal and holds are given together"):
        Row(name="speed", value=1, unit="s", goal="<= 2")


def test_the_table_is_aligned_and_a_missed_goal_stands_out() -> None:
    rows = [
        at_most("overhead per trial", 41.236, "ms", 60, peer="bare 12 ms"),
        at_least("rate", 3, "1/s", 12),
        Row(name="trials", value=24, unit=""),
    ]
    assert table(rows).splitlines() == [
        "name                value  unit  goal   holds  peer",
        "------------------  -----  ----  -----  -----  ----------",
        "overhead per trial  41.24  ms    <= 60  yes    bare 12 ms",
        "rate                    3  1/s   >= 12  NO",
        "trials                 24",
    ]


def test_the_document_names_the_machine_the_versions_and_the_date() -> None:
    made = document("foundation", [])
    machine, versions = made["machine"], made["versions"]
    assert isinstance(machine, dict)
    assert isinstance(versions, dict)
    assert set(machine) == {"cpu", "cores", "memory_gb", "os"}
    assert machine["cpu"]
    assert machine["cores"] == usable_cores() >= 1
    assert machine["memory_gb"] > 0
    assert set(versions) == {"python", "dowse", "numpy", "scipy"}
    assert versions["dowse"] == "0.1.0"
    assert datetime.fromisoformat(str(made["date"])).utcoffset() is not None


def test_publishing_prints_the_table_and_writes_the_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [at_most("help", 0.2, "s", 0.25), at_most("broken", math.nan, "s", 1)]
    path = publish("toy", rows, folder=tmp_path / "results")
    written = json.loads(path.read_text())
    assert path == tmp_path / "results" / "toy.json"
    assert [(r["name"], r["value"], r["holds"]) for r in written["rows"]] == [
        ("help", 0.2, True),
        ("broken", "NaN", False),
    ]
    printed = capsys.readouterr().out
    assert table(rows) in printed
    assert f"1 of 2 goals hold; written to {path}" in printed


def test_a_part_takes_the_place_of_its_own_rows_and_of_no_others(tmp_path: Path) -> None:
    order = ["first", "second"]
    old = at_most("old", 1, "s", 2)
    publish_part("toy", {"second": [old], "first": [old]}, order, folder=tmp_path)
    path = publish_part("toy", {"second": [at_most("new", 3, "s", 2)]}, order, folder=tmp_path)
    written = json.loads(path.read_text())["rows"]
    assert [(r["suite"], r["name"], r["holds"]) for r in written] == [
        ("first", "old", True),
        ("second", "new", False),
    ]
    assert all(datetime.fromisoformat(r["date"]) for r in written)
