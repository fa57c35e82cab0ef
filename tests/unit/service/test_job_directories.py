"""Where a remote job directory leads, decided once for a job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from dowse.config import Settings
from dowse.domain.spec import CodeSpec, JobSpec
from dowse.domain.trial import Trial
from dowse.service.folders import DataDirectory
from dowse.service.local import LocalWorkplace
from tests.unit.service.values import a_spec


class Clock:
    def now(self) -> float:
        return 0.0


class Cupboard(MemoryFileSystem):  # type: ignore[misc, unused-ignore]
    """A storage that answers."""

    protocol = "cupboard"


@pytest.fixture
def workplace(tmp_path: Path) -> LocalWorkplace:
    fsspec.register_implementation("cupboard", Cupboard, clobber=True)
    (tmp_path / "code").mkdir()
    return a_workplace(tmp_path)


def a_workplace(folder: Path) -> LocalWorkplace:
    settings = Settings(data_dir=folder / "data")
    data = DataDirectory(settings.data_dir)
    return LocalWorkplace(data, settings=settings, clock=Clock(), environ={})


def job_with(job_dir: str, folder: Path) -> tuple[JobSpec, Trial]:
    spec = a_spec()
    code = CodeSpec(root=str(folder / "code"))
    spec = replace(spec, launch=replace(spec.launch, code=code, job_dir=job_dir))
    values = spec.space.at([0.5] * len(spec.space.parameters))
    return spec, Trial(job_id=1, job="j", number=3, parameters=values, created_at=0.0)


def test_a_bucket_that_can_be_used_is_passed_on(workplace: LocalWorkplace, tmp_path: Path) -> None:
    spec, trial = job_with("cupboard://bucket/out", tmp_path)
    assert workplace.take_code(spec, "j") == ()
    assert workplace.plan(spec, trial).job_dir == "cupboard://bucket/out/3"


def test_a_bucket_that_cannot_is_mapped_with_a_warning_and_stays_so(
    workplace: LocalWorkplace, tmp_path: Path
) -> None:
    spec, trial = job_with("nowhere://bucket/out", tmp_path)
    (warning,) = workplace.take_code(spec, "j")
    assert "nowhere://bucket/out cannot be reached from here" in warning
    mapped = workplace.plan(spec, trial).job_dir
    assert mapped == str(tmp_path / "data/jobs/j/remote/nowhere/bucket/out/3")
    fsspec.register_implementation("nowhere", Cupboard, clobber=True)
    # A later owner that could reach it finds what was decided.
    assert a_workplace(tmp_path).plan(spec, trial).job_dir == mapped
