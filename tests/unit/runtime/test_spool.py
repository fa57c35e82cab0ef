from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dowse.runtime.spool import Spool


class Reports:
    """A hypertune file as the library writes it, and the spool beside it."""

    def __init__(self, directory: Path) -> None:
        self.source = directory / "hypertune.metrics"
        self.target = directory / "spool.jsonl"
        self.spool = Spool(str(self.source), str(self.target))

    def write(self, *lines: str) -> None:
        """Each write is made to look later: the clock of a file system is coarse."""
        self.source.write_text("".join(line + "\n" for line in lines))
        self._touch()

    def write_raw(self, data: bytes) -> None:
        self.source.write_bytes(data)
        self._touch()

    def spooled(self) -> list[dict[str, str]]:
        if not self.target.exists():
            return []
        return [json.loads(line) for line in self.target.read_text().splitlines()]

    def values(self) -> list[str]:
        return [entry["value"] for entry in self.spooled()]

    def _touch(self) -> None:
        later = self.source.stat().st_mtime_ns + 1_000_000
        os.utime(self.source, ns=(later, later))


@pytest.fixture
def reports(tmp_path: Path) -> Reports:
    return Reports(tmp_path)


def line(value: str, *, step: int = 0, time: float = 1.5, metric: str = "acc") -> str:
    report = {
        "checkpoint_path": "",
        "global_step": str(step),
        metric: value,
        "timestamp": time,
        "trial": "7",
    }
    return json.dumps(report, sort_keys=True)


def test_a_report_is_kept_with_the_text_of_its_numbers(reports: Reports) -> None:
    reports.write(line("1e-12", step=100, time=1795196104.8960795))
    reports.spool.copy()
    assert reports.spooled() == [
        {"metric": "acc", "value": "1e-12", "step": "100", "time": "1795196104.8960795"}
    ]


def test_values_that_are_numbers_or_no_numbers_are_kept_too(reports: Reports) -> None:
    reports.write('{"acc": 0.50}', line("nan"), '{"acc": NaN, "timestamp": 2}')
    reports.spool.copy()
    assert reports.values() == ["0.50", "nan", "NaN"]


def test_nothing_is_lost_when_the_library_drops_its_oldest_entries(reports: Reports) -> None:
    lines = [line(str(number), time=number) for number in range(250)]
    for last in range(1, 251):
        reports.write(*lines[max(0, last - 100) : last])
        reports.spool.copy()
    assert reports.values() == [str(number) for number in range(250)]


def test_a_file_that_was_emptied_meanwhile_repeats_nothing(reports: Reports) -> None:
    reports.write(line("1", time=1), line("2", time=2))
    reports.spool.copy()
    reports.write()
    reports.spool.copy()
    reports.write(line("1", time=1), line("2", time=2), line("3", time=3))
    reports.spool.copy()
    assert reports.values() == ["1", "2", "3"]


def test_an_object_made_anew_for_every_epoch_overwrites_and_nothing_is_lost(
    reports: Reports,
) -> None:
    for epoch in range(5):
        reports.write(line(str(epoch), time=epoch))
        reports.spool.copy()
    assert reports.values() == ["0", "1", "2", "3", "4"]


def test_the_same_value_at_another_time_is_another_report(reports: Reports) -> None:
    reports.write(line("0.5", time=1), line("0.5", time=2), line("0.5", time=2))
    reports.spool.copy()
    assert len(reports.values()) == 2


def test_a_line_cut_at_any_byte_gives_no_wrong_number(reports: Reports, tmp_path: Path) -> None:
    whole = line("0.123456").encode()
    for length in range(len(whole)):
        reports.write_raw(whole[:length])
        reports.spool.copy(again=True)
        assert reports.values() == []
    reports.write_raw(whole)
    reports.spool.copy()
    assert reports.values() == ["0.123456"]


@pytest.mark.parametrize(
    "text",
    [b"[1, 2]", b"\xff\xfe", b"{" * 100_000, b'{"acc": [1]}', b'{"trial": "1"}', b"\0" * 50],
)
def test_what_is_no_report_gives_nothing(reports: Reports, text: bytes) -> None:
    reports.write_raw(text + b"\n" + line("1").encode() + b"\n")
    reports.spool.copy()
    assert reports.values() == ["1"]


def test_several_metrics_in_one_line_are_all_kept(reports: Reports) -> None:
    reports.write('{"acc": "1", "loss": "2", "global_step": "3", "timestamp": 4}')
    reports.spool.copy()
    assert [(entry["metric"], entry["value"]) for entry in reports.spooled()] == [
        ("acc", "1"),
        ("loss", "2"),
    ]


def test_of_an_enormous_file_the_end_is_read(reports: Reports) -> None:
    reports.write_raw(b"x" * 9_000_000 + b"\n" + line("1").encode() + b"\n")
    reports.spool.copy()
    assert reports.values() == ["1"]


def test_reports_wait_while_the_spool_cannot_be_written(reports: Reports) -> None:
    reports.target.mkdir()
    reports.write(line("1", time=1))
    reports.spool.copy()
    reports.target.rmdir()
    reports.spool.copy()
    assert reports.values() == ["1"]


def test_without_a_file_nothing_happens(reports: Reports) -> None:
    reports.spool.copy(again=True)
    assert reports.spooled() == []


def test_the_unmodified_library_is_understood(
    reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    hypertune = pytest.importorskip("hypertune")
    monkeypatch.setenv("CLOUD_ML_HP_METRIC_FILE", str(reports.source))
    reporter = hypertune.HyperTune()
    for step in range(120):
        reporter.report_hyperparameter_tuning_metric(
            hyperparameter_metric_tag="acc", metric_value=step / 8, global_step=step
        )
        reports.spool.copy(again=True)
    assert [float(value) for value in reports.values()] == [step / 8 for step in range(120)]
