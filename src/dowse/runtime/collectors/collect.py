"""All sources of one attempt behind one door."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from dowse.runtime import layout
from dowse.runtime.collectors import hypertune, output, reports
from dowse.runtime.collectors.hypertune import Hypertune
from dowse.runtime.collectors.lines import Tail
from dowse.runtime.collectors.output import Output
from dowse.runtime.collectors.reports import Reports
from dowse.runtime.collectors.source import Batch, Source
from dowse.runtime.collectors.tfevents import EventFiles

MOST_ROUNDS = 100_000
"""Of one drain; a file that still grows must not hold up everything else."""
MOST_NOTES = 50
"""Of one attempt; a program that reports nonsense does so at every step."""


@dataclass(slots=True)
class Collector:
    """Reads everything that one attempt reports.

    A batch counts as read once it was yielded. If it cannot be stored, throw the collector away
    and make a new one from the stored offsets: nothing is lost and nothing is counted twice.
    """

    sources: tuple[Source, ...]
    _said: set[str] = field(default_factory=set)

    def poll(self, now: float) -> tuple[Batch, ...]:
        """What is new since the last call, a bounded amount of each source."""
        return tuple(self._once(batch) for source in self.sources for batch in source.poll(now))

    def drain(self, now: float) -> Iterator[Batch]:
        """Everything that is left, once the attempt has ended."""
        for _ in range(MOST_ROUNDS):
            batches = self.poll(now)
            if not batches:
                break
            yield from batches
        for source in self.sources:
            yield from map(self._once, source.finish(now))

    def _once(self, batch: Batch) -> Batch:
        """The batch without notes that were given before."""
        notes = []
        for note in batch.notes:
            if len(self._said) >= MOST_NOTES:
                note = "further notes on what this attempt reports are left out"
            if note not in self._said:
                self._said.add(note)
                notes.append(note)
        return replace(batch, notes=tuple(notes))


def collector_for(
    directory: Path,
    *,
    objective: str,
    stdout_pattern: str | None,
    event_roots: Mapping[str, Path],
    since: float,
    offsets: Mapping[str, int],
) -> Collector:
    """The sources of the attempt in `directory`, each from where `offsets` says it was stored.

    `event_roots` come from `launch.event_roots`; `since` is when the attempt was started.
    """

    def tail(name: str, source: str, *, may_be_rewritten: bool = False) -> Tail:
        return Tail(str(directory / name), offsets.get(source, 0), may_be_rewritten)

    sources: list[Source] = [
        Reports(tail(layout.REPORT, reports.SOURCE, may_be_rewritten=True)),
        Hypertune(tail(layout.SPOOL, hypertune.SOURCE), directory / layout.HYPERTUNE),
        EventFiles(event_roots, since, offsets),
    ]
    if stdout_pattern is not None:
        log = tail(layout.LOG, output.SOURCE)
        sources.append(Output(log, re.compile(stdout_pattern), objective))
    return Collector(tuple(sources))
