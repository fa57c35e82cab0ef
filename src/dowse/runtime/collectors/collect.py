"""All sources of one attempt behind one door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dowse.runtime import layout
from dowse.runtime.collectors import hypertune, reports
from dowse.runtime.collectors.hypertune import Hypertune
from dowse.runtime.collectors.lines import Tail
from dowse.runtime.collectors.reports import Reports
from dowse.runtime.collectors.source import Batch, Source

MOST_ROUNDS = 100_000
"""Of one drain; a file that still grows must not hold up everything else."""


@dataclass(slots=True)
class Collector:
    """Reads everything that one attempt reports.

    A batch counts as read once it was yielded. If it cannot be stored, throw the collector away
    and make a new one from the stored offsets: nothing is lost and nothing is counted twice.
    """

    sources: tuple[Source, ...]

    def poll(self, now: float) -> tuple[Batch, ...]:
        """What is new since the last call, a bounded amount of each source."""
        return tuple(batch for source in self.sources for batch in source.poll(now))

    def drain(self, now: float) -> Iterator[Batch]:
        """Everything that is left, once the attempt has ended."""
        for _ in range(MOST_ROUNDS):
            batches = self.poll(now)
            if not batches:
                break
            yield from batches
        for source in self.sources:
            yield from source.finish(now)


def collector_for(directory: Path, *, offsets: Mapping[str, int]) -> Collector:
    """`directory` is the attempt's; `offsets` how far each source was stored."""
    return Collector(
        (
            Reports(Tail(str(directory / layout.REPORT), offsets.get(reports.SOURCE, 0))),
            Hypertune(
                Tail(str(directory / layout.SPOOL), offsets.get(hypertune.SOURCE, 0)),
                directory / layout.HYPERTUNE,
            ),
        )
    )
