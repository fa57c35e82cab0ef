"""A pattern over what the program prints, for jobs that ask for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dowse.domain.metrics import Measurement
from dowse.runtime.collectors.lines import Tail
from dowse.runtime.collectors.numbers import number_of, whole_or_number_of
from dowse.runtime.collectors.source import Batch, measured

SOURCE = "output"
LONGEST = 4_096
"""Characters of a line that are searched: a pattern may take time that grows with their square."""


@dataclass(slots=True)
class Output:
    """Searches each line of log.txt; `metric` is the name where the pattern gives none.

    `pattern` has the group `value`, and perhaps `metric` and `step`.
    """

    tail: Tail
    pattern: re.Pattern[str]
    metric: str

    def poll(self, now: float) -> tuple[Batch, ...]:
        new = self.tail.read()
        if new is None:
            return ()
        found: list[Measurement] = []
        notes: list[str] = []
        for position, line in new.lines:
            text = line.decode("utf-8", "replace")
            for index, match in enumerate(self._matches(text)):
                measurement, note = self._measured(match, now, key=f"{position}:{index}")
                if measurement is not None:
                    found.append(measurement)
                if note is not None:
                    notes.append(note)
        return (
            Batch(
                source=SOURCE,
                offset=new.offset,
                measurements=tuple(found),
                notes=tuple(dict.fromkeys(notes)),
            ),
        )

    def finish(self, now: float) -> tuple[Batch, ...]:
        return ()

    def _matches(self, text: str) -> Iterator[re.Match[str]]:
        # A progress bar returns to the start of its line: the reader sees lines all the same.
        for piece in text.split("\r"):
            yield from self.pattern.finditer(piece[:LONGEST])

    def _measured(
        self, match: re.Match[str], now: float, *, key: str
    ) -> tuple[Measurement | None, str | None]:
        groups = match.groupdict()
        given = groups["value"]
        value = number_of(given) if given is not None else None
        if value is None:
            return None, f"{given!r:.60} was printed where a number was expected, and left out"
        name = groups.get("metric") or self.metric
        step = groups.get("step")
        number = whole_or_number_of(step) if step is not None else None
        measurement, note = measured(name, value, step=number, time=now, key=key)
        if step is not None and number is None:
            note = f"step {step!r:.60} is no number: taken as 0"
        return measurement, note
