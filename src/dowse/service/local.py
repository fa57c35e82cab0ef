"""The workplace on this machine: folders below the data directory."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from dowse.config import Settings
from dowse.domain.spec import JobSpec, PythonModule
from dowse.domain.trial import AttemptRef, Trial
from dowse.errors import InvalidInput
from dowse.ports import Clock, EndedBy, Launch
from dowse.runtime import layout
from dowse.runtime.buckets import reaches
from dowse.runtime.capping import cap_log
from dowse.runtime.collectors.collect import Collector, collector_for
from dowse.runtime.collectors.source import Batch
from dowse.runtime.inputs import check_local_inputs, fetch_inputs
from dowse.runtime.launch import (
    LaunchPlan,
    build_launch,
    choose_interpreter,
    event_roots,
    inherited,
    job_directory,
    local_job_directory,
)
from dowse.runtime.preparation import PACKAGES, build_preparation, fetch_packages
from dowse.runtime.records import read_exit
from dowse.runtime.snapshot import materialise, survey_code, take_snapshot
from dowse.runtime.values import scheme_of
from dowse.service.copies import WorkingCopies
from dowse.service.folders import DataDirectory
from dowse.service.running.preparation import READY, Preparation, Stage, after_attempt
from dowse.service.trial_door import TrialDoor

TAIL_BYTES = 4096


class LocalWorkplace:
    """Makes, reads and forgets the folders of trials.

    `environ` is the owner's own environment; a job that a person submitted gets that person's.
    `door` is where trials reach the owner over HTTP; there is none where nothing is started.
    """

    def __init__(
        self,
        folders: DataDirectory,
        *,
        settings: Settings,
        clock: Clock,
        environ: Mapping[str, str],
        door: TrialDoor | None = None,
    ) -> None:
        self._folders = folders
        self._settings = settings
        self._clock = clock
        self._environ = environ
        self._door = door
        self._handed: dict[str, Mapping[str, str]] = {}
        self._collectors: dict[AttemptRef, Collector] = {}
        self._reached: dict[str, bool] = {}
        self._copies = WorkingCopies(folders)

    # ------------------------------------------------------------------ of jobs

    def take_code(self, spec: JobSpec, job: str) -> tuple[str, ...]:
        """Copy the job's code and fetch its inputs; what the user should know of them.

        Raises InvalidInput when they cannot be taken; the caller removes the job's folder then.
        """
        check_local_inputs(spec.launch)
        snapshot = take_snapshot(
            spec.launch.code,
            self._folders.code(job),
            leave_out=self._no_code(spec),
            size_limit=self._code_limit(),
        )
        fetch_inputs(spec.launch, self._folders.inputs(job))
        unfetched = self._fetch_packages(spec, job)
        return (*snapshot.notes, *unfetched, *self._settle_job_directory(spec, job))

    def take_over_code(self, spec: JobSpec, job: str, other: str) -> tuple[str, ...]:
        """Take code, fetched inputs and packages from another job, as that job has them.

        Raises InvalidInput for data of this machine that is gone, Refused where the code is.
        """
        check_local_inputs(spec.launch)
        materialise(self._folders.code(other), self._folders.code(job))
        for folder in (self._folders.inputs, self._folders.packages):
            if folder(other).is_dir():
                shutil.copytree(folder(other), folder(job), symlinks=True)
        return self._settle_job_directory(spec, job)

    def _fetch_packages(self, spec: JobSpec, job: str) -> tuple[str, ...]:
        """Packages that cannot be had are no loss where their module lies in the code."""
        problems = fetch_packages(spec.launch, self._folders.packages(job))
        if not problems:
            return ()
        program = spec.launch.program
        if not isinstance(program, PythonModule) or not _holds(self._folders.code(job), program):
            raise InvalidInput(problems)
        found = f"the module {program.module} is taken from the folder of the code"
        return tuple(f"{problem}; {found}" for problem in problems)

    def _settle_job_directory(self, spec: JobSpec, job: str) -> tuple[str, ...]:
        """Decide for all trials where a remote directory leads; the warning when it is not there.

        The folder that stands for it is the decision: later owners find it.
        """
        folder = self._unreachable(job)
        place = job_directory(spec, 1, reachable=self._reachable(spec, job), unreachable_dir=folder)
        if place is None or place.warning is None:
            return ()
        folder.mkdir(parents=True)
        return (place.warning,)

    def _reachable(self, spec: JobSpec, job: str) -> tuple[str, ...]:
        """The scheme of the job directory, where it is a remote one that can be used from here."""
        given = spec.launch.job_dir
        scheme = None if given is None else scheme_of(given)
        if given is None or scheme is None or self._unreachable(job).exists():
            return ()
        if given not in self._reached:
            self._reached[given] = reaches(given)
        return (scheme,) if self._reached[given] else ()

    def check_code(self, spec: JobSpec) -> tuple[str, ...]:
        """As `take_code`, but nothing is copied or fetched."""
        check_local_inputs(spec.launch)
        _, notes = survey_code(
            spec.launch.code, leave_out=self._no_code(spec), size_limit=self._code_limit()
        )
        return notes

    def _no_code(self, spec: JobSpec) -> list[Path]:
        """The data directory, and what earlier jobs left in a job directory inside the code."""
        outputs = local_job_directory(spec)
        return [self._folders.root, *([outputs] if outputs else [])]

    def _unreachable(self, job: str) -> Path:
        """Where job directories of other machines are mapped to."""
        return self._folders.job(job) / "remote"

    def _code_limit(self) -> int:
        """Bytes."""
        return self._settings.max_code_mb * 1_000_000

    def hand_environment(self, job: str, environment: Mapping[str, str] | None) -> None:
        """Give the trials of a job this environment, from now on; None changes nothing.

        It is kept in memory only: it may hold secrets.
        """
        if environment is not None:
            self._handed[job] = dict(environment)

    def release(self, job: str) -> None:
        self._copies.release(job)
        self._handed.pop(job, None)

    def close(self) -> None:
        """Let go of everything that was prepared."""
        self._copies.close()

    # ------------------------------------------------------------------ of trials

    def directory(self, ref: AttemptRef) -> Path:
        return self._folders.attempt(ref)

    def output_directory(self, spec: JobSpec, trial: Trial) -> str:
        plan = self.plan(spec, trial)
        return plan.job_dir or str(plan.outputs or plan.launch.working_directory)

    def plan(self, spec: JobSpec, trial: Trial) -> LaunchPlan:
        """What would be started for a trial, and with what; nothing is touched."""
        base_env = self._inherited(spec, trial.job)
        prepared = self._prepared(spec, trial.job) if spec.launch.packages else None
        return build_launch(
            spec,
            trial,
            directory=self.directory(trial.ref),
            base_env=base_env,
            python=self._interpreter(spec, trial.job),
            packages=None if prepared is None else prepared / PACKAGES,
            unreachable_dir=self._unreachable(trial.job),
            reachable=self._reachable(spec, trial.job),
            inputs_dir=self._folders.inputs(trial.job),
            grace_s=self._settings.grace_s,
            reached_by=self._reached_by(spec, trial, base_env),
        )

    def _reached_by(
        self, spec: JobSpec, trial: Trial, inherited: Mapping[str, str]
    ) -> Mapping[str, str]:
        """The variables by which a program, or the library it reports with, finds the owner."""
        if self._door is None:
            return {}
        return self._door.variables(trial, own=spec.launch.env, inherited=inherited)

    def prepare(self, spec: JobSpec, trial: Trial) -> Launch:
        plan = self.plan(spec, trial)
        limit = spec.limits.trials
        another = limit is None or trial.number < limit
        return self._lay_out(plan, self._code_of_trials(spec, trial.job), another=another)

    def _lay_out(self, plan: LaunchPlan, code: Path, *, another: bool) -> Launch:
        """Make the directory of an attempt and everything in it."""
        launch = plan.launch
        if launch.directory.exists():  # Left by an owner that died between it and the promise.
            shutil.rmtree(launch.directory)
        launch.directory.mkdir(parents=True, mode=0o700)
        self._copies.place(launch.attempt.job, code, launch.working_directory, another=another)
        for folder in plan.folders:
            folder.mkdir(parents=True, exist_ok=True)
        for name, text in plan.files.items():
            path = launch.directory / name
            path.unlink(missing_ok=True)  # The copy of the code may hold a link of that name.
            path.write_text(text, encoding="utf-8")
        return launch

    # ------------------------------------------------------------------ before the first trial

    def preparation(self, spec: JobSpec, job: str) -> Preparation:
        if not spec.launch.needs_preparation:
            return READY
        attempt = 1
        while self.directory(AttemptRef(job, 0, attempt + 1)).exists():
            attempt += 1
        directory = self.directory(AttemptRef(job, 0, attempt))
        if not (directory / layout.LAUNCH).exists():
            return Preparation(stage=Stage.NEEDED, attempt=attempt)
        record = read_exit(str(directory / layout.EXIT))
        if record is None:
            return Preparation(stage=Stage.RUNNING, attempt=attempt)
        return after_attempt(
            attempt,
            EndedBy(record["ended_by"]),
            exit_code=record["exit_code"],
            words=self._last_words(directory),
        )

    def begin_preparation(self, spec: JobSpec, ref: AttemptRef) -> Launch:
        plan = build_preparation(
            spec.launch,
            ref,
            directory=self.directory(ref),
            base_env=self._inherited(spec, ref.job),
            python=self._interpreter(spec, ref.job),
            fetched=self._folders.packages(ref.job),
            grace_s=self._settings.grace_s,
        )
        return self._lay_out(plan, self._folders.code(ref.job), another=False)

    def _prepared(self, spec: JobSpec, job: str) -> Path | None:
        """The directory of the preparation that succeeded."""
        found = self.preparation(spec, job)
        done = spec.launch.needs_preparation and found.stage is Stage.READY
        return self.directory(found.ref(job)) if done else None

    def _code_of_trials(self, spec: JobSpec, job: str) -> Path:
        prepared = None if spec.launch.prepare is None else self._prepared(spec, job)
        return self._folders.code(job) if prepared is None else prepared / layout.WORK

    # ------------------------------------------------------------------ what programs are given

    def _inherited(self, spec: JobSpec, job: str) -> dict[str, str]:
        """What programs of a job get of the environment that Dowse or its submitter runs in."""
        handed = self._handed.get(job)
        everything = handed is not None or spec.launch.pass_all_env
        environ = self._environ if handed is None else handed
        return inherited(environ, everything=everything, names=self._settings.pass_env)

    def _interpreter(self, spec: JobSpec, job: str) -> str:
        environ = self._handed.get(job, self._environ)
        return choose_interpreter(
            job=spec.launch.python,
            code_root=spec.launch.code.root,
            flag=self._settings.python,
            environ=environ,
            python3_on_path=shutil.which("python3", path=environ.get("PATH")) is not None,
            own=sys.executable,
        )

    def is_launched(self, ref: AttemptRef) -> bool:
        return (self.directory(ref) / layout.LAUNCH).exists()

    # ------------------------------------------------------------------ of metrics

    def watch(self, spec: JobSpec, trial: Trial, offsets: Mapping[str, int]) -> None:
        plan = self.plan(spec, trial)
        self._collectors[trial.ref] = collector_for(
            plan.launch.directory,
            objective=spec.objective.metric,
            stdout_pattern=spec.launch.stdout_pattern,
            event_roots=event_roots(spec, plan),
            since=trial.started_at or trial.created_at,
            offsets=offsets,
        )

    def collect(self, ref: AttemptRef, *, final: bool = False) -> Iterator[Batch]:
        collector = self._collectors[ref]
        now = self._clock.now()
        yield from collector.drain(now) if final else collector.poll(now)

    def forget(self, ref: AttemptRef) -> None:
        self._collectors.pop(ref, None)
        if self._settings.max_log_mb:
            # On a full disk the log stays long: that harms nobody.
            with contextlib.suppress(OSError):
                cap_log(self.directory(ref) / layout.LOG, self._settings.max_log_mb * 1_000_000)

    def last_line(self, ref: AttemptRef) -> str:
        return self._last_words(self.directory(ref))

    def printed_at(self, ref: AttemptRef) -> float | None:
        try:
            return (self.directory(ref) / layout.LOG).stat().st_mtime
        except OSError:
            return None

    def _last_words(self, directory: Path) -> str:
        path = directory / layout.LOG
        try:
            with path.open("rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL_BYTES))
                lines = file.read().decode("utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")[:500]

    def disk_full(self) -> bool:
        free = shutil.disk_usage(self._folders.root).free
        return free < self._settings.min_free_mb * 1_000_000


def _holds(code: Path, program: PythonModule) -> bool:
    """Whether a folder of code has a module."""
    path = code.joinpath(*program.module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()
