"""Working copies of the code, one of them made ahead while trials run.

Copying is the longest part of starting a trial; done beforehand, it costs the trial nothing.
"""

from __future__ import annotations

import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from dowse.runtime.snapshot import materialise
from dowse.service.folders import DataDirectory


class WorkingCopies:
    """Hands out copies of a job's snapshot. One thread calls it."""

    def __init__(self, folders: DataDirectory) -> None:
        self._folders = folders
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="dowse-copies")
        self._spare: dict[str, Future[Path]] = {}

    def place(self, job: str, source: Path, destination: Path, *, another: bool) -> None:
        """Make `destination` a copy of the job's code in `source`; with `another`, begin the next.

        Raises OSError, or Refused when the snapshot is gone.
        """
        spare = self._spare.pop(job, None)
        if spare is None:
            # What an owner that died left half-made.
            shutil.rmtree(self._folders.spare(job), ignore_errors=True)
            materialise(source, destination)
        else:
            spare.result().rename(destination)
        if another:
            self._spare[job] = self._thread.submit(self._copy, job, source)

    def release(self, job: str) -> None:
        """The job needs no more copies."""
        if spare := self._spare.pop(job, None):
            spare.exception()
            shutil.rmtree(self._folders.spare(job), ignore_errors=True)

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _copy(self, job: str, source: Path) -> Path:
        spare = self._folders.spare(job)
        materialise(source, spare)
        return spare
