"""What comes of reports made with the real cloudml-hypertune."""

import json
import math
import os
from pathlib import Path

import hypertune
import pytest

from dowse.runtime.collectors.hypertune import Hypertune
from dowse.runtime.collectors.lines import Tail
from dowse.runtime.spool import Spool

NOW = 5000.0


@pytest.fixture
def reporter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> hypertune.HyperTune:
    monkeypatch.setenv("CLOUD_ML_HP_METRIC_FILE", str(tmp_path / "hypertune.metrics"))
    monkeypatch.setenv("CLOUD_ML_TRIAL_ID", "7")
    return hypertune.HyperTune()


@pytest.fixture
def source(tmp_path: Path) -> Hypertune:
    return Hypertune(Tail(str(tmp_path / "spool.jsonl")), tmp_path / "hypertune.metrics")


def spool_in(folder: Path) -> Spool:
    return Spool(str(folder / "hypertune.metrics"), str(folder / "spool.jsonl"))


def tell(reporter: hypertune.HyperTune, tag: str, value: float, step: int | None = None) -> None:
    reporter.report_hyperparameter_tuning_metric(
        hyperparameter_metric_tag=tag, metric_value=value, global_step=step
    )


def test_every_report_arrives_although_the_library_forgets_all_but_a_hundred(
    tmp_path: Path, reporter: hypertune.HyperTune, source: Hypertune
) -> None:
    spool = spool_in(tmp_path)
    for step in range(250):
        tell(reporter, "accuracy", step / 1000, step)
        if step % 60 == 0:
            spool.copy()
    spool.copy(again=True)
    (batch,) = source.poll(NOW)
    found = [(m.metric, m.value, m.step) for m in batch.measurements]
    assert found == [("accuracy", step / 1000, step) for step in range(250)]
    assert abs(batch.measurements[0].time - os.stat(tmp_path / "spool.jsonl").st_mtime) < 60


@pytest.mark.parametrize(
    ("value", "expected"), [(math.inf, math.inf), (-math.inf, -math.inf), (1e-12, 1e-12)]
)
def test_odd_values_arrive(
    tmp_path: Path,
    reporter: hypertune.HyperTune,
    source: Hypertune,
    value: float,
    expected: float,
) -> None:
    tell(reporter, "a/b c", value)
    spool_in(tmp_path).copy(again=True)
    (batch,) = source.poll(NOW)
    assert [(m.metric, m.value, m.step) for m in batch.measurements] == [("a/b c", expected, 0)]


def test_nan_and_the_default_tag_arrive(
    tmp_path: Path, reporter: hypertune.HyperTune, source: Hypertune
) -> None:
    tell(reporter, "", math.nan)
    spool_in(tmp_path).copy(again=True)
    (batch,) = source.poll(NOW)
    (found,) = batch.measurements
    assert (found.metric, math.isnan(found.value)) == ("training/hptuning/metric", True)


def test_at_the_end_the_librarys_own_file_adds_what_no_runner_copied(
    tmp_path: Path, reporter: hypertune.HyperTune, source: Hypertune
) -> None:
    tell(reporter, "m", 0.1, 1)
    spool_in(tmp_path).copy(again=True)
    (spooled,) = source.poll(NOW)
    tell(reporter, "m", 0.2, 2)  # and the runner is killed
    (last,) = source.finish(NOW)
    assert [m.value for m in last.measurements] == [0.1, 0.2]
    assert last.measurements[0].key == spooled.measurements[0].key  # known by the store
    assert last.offset == spooled.offset


def test_a_cut_line_of_the_librarys_own_file_is_not_counted(
    tmp_path: Path, reporter: hypertune.HyperTune, source: Hypertune
) -> None:
    tell(reporter, "m", 0.123, 1)
    original = tmp_path / "hypertune.metrics"
    content = original.read_bytes()
    for cut in range(len(content)):
        original.write_bytes(content[:cut])
        assert source.finish(NOW) == ()


def test_what_is_no_number_is_noted(tmp_path: Path, source: Hypertune) -> None:
    entries = [{"metric": "m", "value": "high", "step": "1", "time": "1.0"}, {"value": "1"}, 7]
    (tmp_path / "spool.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    (batch,) = source.poll(NOW)
    assert batch.measurements == ()
    assert batch.notes == ("m: 'high' is no number and was left out",)
