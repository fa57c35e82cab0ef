"""What programs report with cloudml-hypertune, out of the spool that the runner keeps.

The library's own file is truncated and rewritten at every report, so it is only looked at once,
at the very end: that saves the last reports of an attempt whose runner was killed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dowse.domain.metrics import Measurement
from dowse.runtime.collectors.lines import Tail, regular
from dowse.runtime.collectors.numbers import number_of, whole_or_number_of
from dowse.runtime.collectors.reports import parse
from dowse.runtime.collectors.source import Batch, measured

SOURCE = "hypertune"
_OTHER_KEYS = frozenset({"checkpoint_path", "global_step", "timestamp", "trial"})
_LONGEST_FILE = 4_000_000
"""Bytes; the library itself stays below 100 kB."""

Entry = tuple[str, str, str, str]
"""Metric, value, step and time, each as the text that the library wrote."""


@dataclass(slots=True)
class Hypertune:
    """Reads spool.jsonl and, at the end, the `original` file."""

    tail: Tail
    original: Path

    def poll(self, now: float) -> tuple[Batch, ...]:
        new = self.tail.read()
        if new is None:
            return ()
        entries = [entry for _, line in new.lines for entry in _spooled(line)]
        return (_batch(entries, new.offset, now, new.notes),)

    def finish(self, now: float) -> tuple[Batch, ...]:
        if regular(str(self.original)) is None:
            return ()
        with open(self.original, "rb") as file:
            text = file.read(_LONGEST_FILE)
        # A last line without its newline may have been cut while it was written.
        lines = text.split(b"\n")[:-1]
        entries = [entry for line in lines for entry in _original(line)]
        return (_batch(entries, self.tail.offset, now, ()),) if entries else ()


def _spooled(line: bytes) -> Iterator[Entry]:
    entry = parse(line)
    if entry is not None and isinstance(name := entry.get("metric"), str):
        value, step, time = (str(entry.get(key, "")) for key in ("value", "step", "time"))
        yield name, value, step, time


def _original(line: bytes) -> Iterator[Entry]:
    try:
        report = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return
    if not isinstance(report, dict):
        return
    for name, value in report.items():
        if name not in _OTHER_KEYS and isinstance(value, str):
            yield (
                name,
                value,
                str(report.get("global_step", "0")),
                str(report.get("timestamp", "")),
            )


def _batch(entries: list[Entry], offset: int, now: float, notes: tuple[str, ...]) -> Batch:
    found: list[Measurement] = []
    said = list(notes)
    for name, value, step, time in entries:
        number = number_of(value)
        if number is None:
            said.append(f"{name[:80]}: {value[:60]!r} is no number and was left out")
            continue
        stamp = number_of(time)
        measurement, note = measured(
            name,
            number,
            step=whole_or_number_of(step),
            time=now if stamp is None else stamp,
            key=f"{time}:{step}:{value}",
        )
        if measurement is not None:
            found.append(measurement)
        if note is not None:
            said.append(note)
    return Batch(
        source=SOURCE,
        offset=offset,
        measurements=tuple(found),
        notes=tuple(dict.fromkeys(said)),
    )
