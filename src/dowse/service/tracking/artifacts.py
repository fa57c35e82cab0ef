"""Files that a program logs: kept with what else the trial leaves, below `logged-artifacts`.

<output>/logged-artifacts/run/…           of the attempt's own run
<output>/logged-artifacts/runs/<id>/…     of another run that the program opened
<output>/logged-artifacts/models/<id>/…   of a logged model
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from dowse.domain.trial import Trial
from dowse.errors import DiskFull, InvalidInput, NotFound, Problem
from dowse.runtime import layout
from dowse.runtime.values import scheme_of
from dowse.service import beneath
from dowse.service.beneath import Entry
from dowse.service.folders import DataDirectory
from dowse.service.reports import Reports
from dowse.service.tracking.models import Models
from dowse.service.tracking.runs import SOURCE, Caller, Runs

MAX_LISTED = 1_000


class Artifacts:
    """Addresses are those of MLflow's artifact proxy: `<experiment>/<run>/artifacts/<path>`.

    `is_full` says that the disk has no room for more.
    """

    def __init__(
        self,
        *,
        reports: Reports,
        runs: Runs,
        models: Models,
        folders: DataDirectory,
        is_full: Callable[[], bool],
    ) -> None:
        self._reports = reports
        self._runs = runs
        self._models = models
        self._folders = folders
        self._is_full = is_full

    @contextlib.contextmanager
    def writing(self, caller: Caller, address: str) -> Iterator[BinaryIO]:
        """Raises Refused once the trial has ended, DiskFull, and InvalidInput for a bad address."""
        place = self._place(caller, address)
        if address.endswith("/artifacts"):
            raise InvalidInput([Problem(path="path", message=f"must name a file, got {address!r}")])
        self._reports.record(caller.job_id, caller.attempt, source=SOURCE)
        if self._is_full():
            raise DiskFull("the disk has no room for artifacts (min_free_mb)")
        with beneath.writing(self._root(caller), place) as file:
            yield file

    def reading(self, caller: Caller, address: str) -> AbstractContextManager[BinaryIO]:
        return beneath.reading(self._root(caller), self._place(caller, address))

    def entries(self, caller: Caller, address: str) -> list[Entry]:
        """What lies directly below an address."""
        return beneath.entries(self._root(caller), self._place(caller, address))

    def _root(self, caller: Caller) -> Path:
        trial = self._reports.trial(caller.job_id, caller.attempt)
        return artifact_root(trial, self._folders)

    def _place(self, caller: Caller, address: str) -> tuple[str, ...]:
        """Where an address leads below the root. Raises NotFound for what is another trial's."""
        experiment, _, rest = address.partition("/")
        if experiment != caller.experiment_id:
            raise NotFound(f"experiment {experiment!r} is not the trial's own")
        holder, _, rest = rest.partition("/")
        if holder == "models":
            holder, _, rest = rest.partition("/")
            start: tuple[str, ...] = ("models", self._models.get(caller, holder).id)
        else:
            run = self._runs.known(caller, holder)
            start = ("run",) if run == caller.own_run else ("runs", run)
        word, _, rest = rest.partition("/")
        if word != "artifacts":
            message = f"must be <experiment>/<run>/artifacts/…, got {address[:200]!r}"
            raise InvalidInput([Problem(path="path", message=message)])
        return (*start, *beneath.parts_of(rest))


def artifact_root(trial: Trial, folders: DataDirectory) -> Path:
    """Below the trial's output directory; below where it started if that is not on this machine."""
    output = trial.output_dir
    is_local = output is not None and scheme_of(output) is None
    base = (
        Path(output)
        if output is not None and is_local
        else folders.attempt(trial.ref) / layout.WORK
    )
    return base / layout.ARTIFACTS


def logged_files(trial: Trial, folders: DataDirectory) -> list[Entry]:
    """Everything that the trial has logged, by path."""
    return beneath.all_files(artifact_root(trial, folders), limit=MAX_LISTED)
