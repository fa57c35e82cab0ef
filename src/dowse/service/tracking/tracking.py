"""Everything that the tracking facade works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from dowse.service.folders import DataDirectory
from dowse.service.reports import Reports
from dowse.service.tracking.artifacts import Artifacts
from dowse.service.tracking.models import Models
from dowse.service.tracking.runs import Runs


@dataclass(frozen=True, slots=True)
class Tracking:
    reports: Reports
    runs: Runs
    models: Models
    artifacts: Artifacts

    @classmethod
    def over(cls, reports: Reports, *, folders: DataDirectory, is_full: Callable[[], bool]) -> Self:
        """`is_full` says that the disk has no room for more files."""
        runs, models = Runs(reports), Models(reports)
        artifacts = Artifacts(
            reports=reports, runs=runs, models=models, folders=folders, is_full=is_full
        )
        return cls(reports, runs, models, artifacts)
