"""All sources of an attempt together."""

import json
from pathlib import Path

from dowse.runtime.collectors.collect import Collector, collector_for
from dowse.runtime.collectors.source import Batch
from tests.unit.runtime.collectors.event_files import curve, write_events

NOW = 5000.0
METRICS = ("reported", "tuned", "event", "accuracy")


def collector(directory: Path, offsets: dict[str, int] | None = None) -> Collector:
    return collector_for(
        directory,
        objective="accuracy",
        stdout_pattern=r"acc=(?P<value>\S+)",
        event_roots={"work": directory / "work"},
        since=0.0,
        offsets=offsets or {},
    )


def report_everywhere(directory: Path, value: float) -> None:
    with (directory / "report.jsonl").open("a") as file:
        file.write(json.dumps({"reported": value}) + "\n")
    with (directory / "spool.jsonl").open("a") as file:
        entry = {"metric": "tuned", "value": str(value), "step": "1", "time": str(value)}
        file.write(json.dumps(entry) + "\n")
    with (directory / "log.txt").open("a") as file:
        file.write(f"acc={value}\n")
    write_events(directory / "work", *curve("event", value), name=f"events.out.tfevents.{value}")


def values(batches: list[Batch]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for batch in batches:
        for measurement in batch.measurements:
            found.setdefault(measurement.metric, []).append(round(measurement.value, 5))
    return {name: sorted(numbers) for name, numbers in found.items()}


def test_every_source_is_read(tmp_path: Path) -> None:
    report_everywhere(tmp_path, 0.5)
    batches = [*collector(tmp_path).poll(NOW)]
    assert [batch.source.partition("/")[0] for batch in batches] == [
        "report",
        "hypertune",
        "tfevents:work",
        "output",
    ]
    assert values(batches) == {metric: [0.5] for metric in METRICS}


def test_draining_reads_all_that_is_left(tmp_path: Path) -> None:
    running = collector(tmp_path)
    assert running.poll(NOW) == ()
    for value in (0.25, 0.5):
        report_everywhere(tmp_path, value)
    batches = list(running.drain(NOW))
    assert values(batches) == {metric: [0.25, 0.5] for metric in METRICS}
    assert list(running.drain(NOW)) == []


def test_a_new_collector_goes_on_where_the_stored_positions_are(tmp_path: Path) -> None:
    report_everywhere(tmp_path, 0.25)
    offsets = {batch.source: batch.offset for batch in collector(tmp_path).poll(NOW)}
    assert list(collector(tmp_path, offsets).drain(NOW)) == []
    report_everywhere(tmp_path, 0.5)
    later = list(collector(tmp_path, offsets).drain(NOW))
    assert values(later) == {metric: [0.5] for metric in METRICS}


def test_an_idle_poll_is_cheap(tmp_path: Path) -> None:
    report_everywhere(tmp_path, 0.5)
    idle = collector(tmp_path)
    list(idle.drain(NOW))
    assert all(idle.poll(NOW + step) == () for step in range(100))


def test_a_note_is_given_once_and_there_is_an_end_of_notes(tmp_path: Path) -> None:
    running = collector(tmp_path)
    notes: list[str] = []
    for number in range(200):
        with (tmp_path / "report.jsonl").open("a") as file:
            file.write(json.dumps({"same": "text", f"other{number}": "text"}) + "\n")
        notes += [note for batch in running.poll(NOW) for note in batch.notes]
    assert len(notes) == len(set(notes)) == 51
    assert notes[0] == "same: 'text' is no number and was left out"
    assert notes[-1] == "further notes on what this attempt reports are left out"
