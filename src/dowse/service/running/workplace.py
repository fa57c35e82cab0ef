"""The places where trials run: made ready, read while they run, read out at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from dowse.domain.spec import JobSpec
from dowse.domain.trial import AttemptRef, Trial
from dowse.ports import Launch
from dowse.runtime.collectors.source import Batch
from dowse.service.running.preparation import Preparation


class Workplace(Protocol):
    """What the loop needs of the places where trials run."""

    def directory(self, ref: AttemptRef) -> Path:
        """Where an attempt's files lie."""
        ...

    def output_directory(self, spec: JobSpec, trial: Trial) -> str:
        """Where the program leaves its results: the job directory's part, or where it starts."""
        ...

    def prepare(self, spec: JobSpec, trial: Trial) -> Launch:
        """Make the directory of the trial's present attempt, afresh if it exists."""
        ...

    def preparation(self, spec: JobSpec, job: str) -> Preparation:
        """How far the step before the first trial is, as the disk tells."""
        ...

    def begin_preparation(self, spec: JobSpec, ref: AttemptRef) -> Launch:
        """Make the directory of an attempt at that step, afresh if it exists."""
        ...

    def is_launched(self, ref: AttemptRef) -> bool:
        """Whether the executor was ever given the attempt: its runner may have started."""
        ...

    def watch(self, spec: JobSpec, trial: Trial, offsets: Mapping[str, int]) -> None:
        """Begin to read an attempt's metrics where `offsets` say that reading ended."""
        ...

    def collect(self, ref: AttemptRef, *, final: bool = False) -> Iterator[Batch]:
        """What is new. `final` reads everything out after the attempt has ended."""
        ...

    def forget(self, ref: AttemptRef) -> None:
        """Reading has ended."""
        ...

    def last_line(self, ref: AttemptRef) -> str:
        """The last line of the program's output that is not blank."""
        ...

    def printed_at(self, ref: AttemptRef) -> float | None:
        """When the program printed something last; None when that cannot be told."""
        ...

    def release(self, job: str) -> None:
        """The job is over, or starts nothing for now."""
        ...

    def disk_full(self) -> bool: ...
