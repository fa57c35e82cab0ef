"""What a trial leaves behind, by name: its named outputs, and everything else that it wrote.

What else it wrote is called the trial's *artifacts*: its log under `logs/log.txt`, what lies in its
job directory, and what is new or changed in its working directory.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dowse.domain.spec import DataKind, JobSpec
from dowse.domain.trial import Trial
from dowse.errors import NotFound
from dowse.ports import Store
from dowse.runtime import layout
from dowse.runtime.values import scheme_of
from dowse.service import beneath
from dowse.service.folders import DataDirectory

MAX_FILES = 100_000
LOG = "logs/log.txt"


@dataclass(frozen=True, slots=True)
class OutputFile:
    """`output` is the name of an output, None for an artifact; `size` in bytes."""

    output: str | None
    path: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """`elsewhere` is the address of a job directory that is not on this machine."""

    outputs: tuple[str, ...]
    files: tuple[OutputFile, ...]
    elsewhere: str | None


class Outputs:
    def __init__(self, *, store: Store, folders: DataDirectory) -> None:
        self._store = store
        self._folders = folders

    def listing(self, job: str, number: int) -> Listing:
        """Every file of a trial, without links: they may lead anywhere."""
        spec, trial = self._found(job, number)
        files = [*self._artifacts(spec, trial), *self._named_files(spec, trial)]
        return Listing(
            outputs=tuple(spec.launch.outputs),
            files=tuple(files[:MAX_FILES]),
            elsewhere=None if _is_local(trial) else trial.output_dir,
        )

    def reading(
        self, job: str, number: int, path: str, *, output: str | None = None
    ) -> AbstractContextManager[BinaryIO]:
        """One of these files. Raises NotFound, and InvalidInput for a path that leads elsewhere."""
        spec, trial = self._found(job, number)
        parts = beneath.parts_of(path)
        if output is not None:
            return beneath.reading(*self._named(spec, trial, output, parts))
        if path == LOG:
            return beneath.reading(self._folders.attempt(trial.ref), (layout.LOG,))
        return self._artifact(spec, trial, path, parts)

    def _found(self, job: str, number: int) -> tuple[JobSpec, Trial]:
        job_id = self._store.job(job).id
        return self._store.spec(job_id), self._store.trial(job_id, number)

    # ------------------------------------------------------------------ named outputs

    def _base(self, trial: Trial) -> Path:
        """Where named outputs lie, as the launch of the trial chose."""
        if trial.output_dir is not None and _is_local(trial):
            return Path(trial.output_dir)
        return self._folders.attempt(trial.ref) / layout.OUTPUTS

    def _named(
        self, spec: JobSpec, trial: Trial, output: str, parts: tuple[str, ...]
    ) -> tuple[Path, tuple[str, ...]]:
        """Where a file of a named output lies: a folder to start in, and the way down."""
        kind = spec.launch.outputs.get(output)
        if kind is None:
            known = ", ".join(spec.launch.outputs) or "none"
            raise NotFound(f"{trial.job} has no output {output!r}; there are {known}")
        if kind is DataKind.FOLDER:
            return self._base(trial) / output, parts
        if parts != (output,):
            raise NotFound(f"output {output!r} of {trial.job} is one file of that name")
        return self._base(trial), parts

    def _named_files(self, spec: JobSpec, trial: Trial) -> Iterator[OutputFile]:
        for name, kind in spec.launch.outputs.items():
            if kind is DataKind.FILE:
                found = [one for one in beneath.entries(self._base(trial), ()) if one.path == name]
            else:
                found = beneath.all_files(self._base(trial) / name, limit=MAX_FILES)
            for entry in found:
                if entry.size is not None:
                    yield OutputFile(name, entry.path, entry.size)

    # ------------------------------------------------------------------ artifacts

    def _artifacts(self, spec: JobSpec, trial: Trial) -> Iterator[OutputFile]:
        with contextlib.suppress(FileNotFoundError):
            size = (self._folders.attempt(trial.ref) / layout.LOG).stat().st_size
            yield OutputFile(None, LOG, size)
        seen = {LOG}
        for root in self._artifact_roots(trial):
            for entry in beneath.all_files(root, limit=MAX_FILES):
                path = entry.path
                if (
                    path not in seen
                    and entry.size is not None
                    and self._is_left(spec, trial, root, path)
                ):
                    seen.add(path)
                    yield OutputFile(None, path, entry.size)

    def _artifact(
        self, spec: JobSpec, trial: Trial, path: str, parts: tuple[str, ...]
    ) -> AbstractContextManager[BinaryIO]:
        for root in self._artifact_roots(trial):
            if (root / path).exists() and self._is_left(spec, trial, root, path):
                return beneath.reading(root, parts)
        raise NotFound(f"trial {trial.number} of {trial.job} left no file {path!r}")

    def _artifact_roots(self, trial: Trial) -> tuple[Path, ...]:
        work = self._work(trial)
        if trial.output_dir is None or not _is_local(trial) or Path(trial.output_dir) == work:
            return (work,)
        return (Path(trial.output_dir), work)

    def _is_left(self, spec: JobSpec, trial: Trial, root: Path, path: str) -> bool:
        """Whether the trial left this file: it is no named output, and not the job's own code."""
        if root != self._work(trial):
            return path.partition("/")[0] not in spec.launch.outputs
        try:
            own = (self._folders.code(trial.job) / path).lstat()
            mine = (root / path).lstat()
        except OSError:
            return True
        return (own.st_size, own.st_mtime_ns) != (mine.st_size, mine.st_mtime_ns)

    def _work(self, trial: Trial) -> Path:
        return self._folders.attempt(trial.ref) / layout.WORK


def _is_local(trial: Trial) -> bool:
    return trial.output_dir is None or scheme_of(trial.output_dir) is None
