"""What people do with jobs: submit, pause, resume, cancel, delete; and stop one trial.

Nothing here acts on a process: an intent is written, and the loop is woken to act on it.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dowse.domain.ceilings import Ceilings, refuse_beyond, under
from dowse.domain.job import MAX_NAME, Intent, Job, JobState, name_problem
from dowse.domain.lifecycle import advance_trial, intend, limit
from dowse.domain.lineage import Lineage
from dowse.domain.prices import Prices, cost_problem
from dowse.domain.reasons import Reason
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.errors import AlreadyExists, Conflict, InvalidInput, NotFound, Problem, Refused, Severity
from dowse.ports import Clock, Store
from dowse.runtime.checks import problems
from dowse.service.ancestry import Ancestry
from dowse.service.closing import cancel_study
from dowse.service.folders import DataDirectory
from dowse.service.local import LocalWorkplace

_STOPPED_FROM = {
    TrialState.QUEUED: TrialState.CANCELLED,
    TrialState.RUNNING: TrialState.STOPPING,
    TrialState.PAUSED: TrialState.STOPPED,
}
"""Where a trial goes that somebody stops."""


class Jobs:
    """The use cases of jobs. `wake` makes the loop look at once."""

    def __init__(
        self,
        *,
        store: Store,
        workplace: LocalWorkplace,
        folders: DataDirectory,
        clock: Clock,
        wake: Callable[[], None],
        prices: Prices | None = None,
        quotas: Mapping[str, int] | None = None,
    ) -> None:
        self._store = store
        self._workplace = workplace
        self._folders = folders
        self._clock = clock
        self._wake = wake
        self._prices = prices or Prices()
        self._quotas = quotas or {}
        self._ancestry = Ancestry(store)

    def previous(self, name: str) -> JobSpec:
        """The spec of a job that another can go on with. Raises NotFound, Refused."""
        return self._ancestry.previous(name)

    def next_name(self, name: str) -> str:
        """The free name with the next counter: `digits-2` after `digits`."""
        root = re.sub(r"-\d{1,6}\Z", "", name)[: MAX_NAME - 8]
        taken = {job.name for job in self._store.jobs()}
        counts = (f"{root}-{count}" for count in range(2, len(taken) + 3))
        return next(each for each in counts if each not in taken)

    def advice(self, spec: JobSpec) -> tuple[Problem, ...]:
        """What the user of a job that goes on with another should know."""
        return self._ancestry.advice(spec)

    def lineage(self, spec: JobSpec, *, fallback_name: str) -> Lineage:
        """What the job would have from earlier ones if it were submitted now. Raises InvalidInput
        where that cannot be.
        """
        return self._ancestry.pin(spec, name=spec.name or self._timed_name(fallback_name))

    def submit(
        self,
        spec: JobSpec,
        *,
        fallback_name: str,
        environment: Mapping[str, str] | None = None,
        code_of: str | None = None,
    ) -> Job:
        """Take the code, store the job, and let the loop begin.

        `fallback_name` with a timestamp is the name of a job that has none. `environment` is
        handed on to its trials. With `code_of`, its code and data are those that another job has
        taken, whatever became of their originals. Raises AlreadyExists when the name is taken,
        InvalidInput when the job cannot be started or its code not taken; then nothing was created.
        Two submissions at once could take each other's folder: the caller sees to it.
        """
        if environment is not None:
            # Where a later owner no longer has that environment, all of its own comes nearest.
            spec = replace(spec, launch=replace(spec.launch, pass_all_env=True))
        name = self._timed_name(fallback_name) if spec.name is None else spec.name
        check_name(name)
        self._refuse_taken(name)
        self.refuse_problems(spec)
        lineage = self._ancestry.pin(spec, name=name)
        folder = self._folders.job(name)
        try:
            warnings = self._take_code(spec, name, code_of)
            advice = map(str, self._ancestry.advice(spec))
            spec = replace(spec, warnings=(*spec.warnings, *advice, *warnings))
            # Before the job is there: the loop may start its first trial at once.
            self._workplace.hand_environment(name, environment)
            job = self._store.create_job(spec, name=name, lineage=lineage)
        except BaseException:
            self._workplace.release(name)
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._wake()
        return job

    def _take_code(self, spec: JobSpec, name: str, code_of: str | None) -> tuple[str, ...]:
        if code_of is None:
            return self._workplace.take_code(spec, name)
        return self._workplace.take_over_code(spec, name, code_of)

    def refuse_problems(self, spec: JobSpec) -> None:
        """Raises InvalidInput for what keeps a job from being started here."""
        found = [problem for problem in problems(spec) if problem.severity is Severity.ERROR]
        if unpriced := cost_problem(spec, self._prices):
            found.append(unpriced)
        if found:
            raise InvalidInput(found)

    def resume(self, name: str, *, environment: Mapping[str, str] | None = None) -> Job:
        """Go on with a paused job; one that runs already is left as it is.

        Raises Refused for a job that is over.
        """
        job = self._store.job(name)
        if job.state.is_final:
            raise Refused(
                f"job {name} is {job.state.value}: there is nothing to resume; "
                f"dowse extend {name} --trials N goes on with its results"
            )
        self._workplace.hand_environment(name, environment)
        running = job.intent is Intent.RUN and job.state is not JobState.PAUSED
        if running and not self._is_study(job):
            self._wake()
            return job
        return self._intend(name, Intent.RUN, None)

    def pause(self, name: str, *, now: bool = False, reason: Reason = Reason.USER) -> Job:
        """Start nothing more; with `now`, end the running trials too and run them again later."""
        return self._intend(name, Intent.PAUSE_NOW if now else Intent.PAUSE, reason)

    def cancel(self, name: str, *, reason: Reason = Reason.USER) -> Job:
        """End the job and its trials for good. Raises Refused for one that is over."""
        job = self._store.job(name)
        if job.state.is_final or not self._is_study(job):
            return self._intend(name, Intent.CANCEL, reason)
        return cancel_study(self._store, job, at=self._clock.now(), reason=reason)

    def stop_trial(self, name: str, number: int) -> Trial:
        """End one trial: what it reported last counts. One that has no process yet is dropped.

        Raises Refused for a trial that is over.
        """
        while True:
            trial = self._store.trial(self._store.job(name).id, number)
            if trial.state is TrialState.STOPPING:
                return trial
            if trial.state.is_final:
                raise Refused(f"trial {number} of {name} is {trial.state.value}: it is over")
            change = advance_trial(
                trial,
                _STOPPED_FROM[trial.state],
                at=self._clock.now(),
                reason=Reason.USER,
                message="stopped on request",
            )
            try:
                changed = self._store.change_trial(change)
            except Conflict:
                continue  # The loop moved it meanwhile; what is wanted stays the same.
            self._wake()
            return changed

    def change_limits(self, name: str, changes: Mapping[str, int | None]) -> Job:
        """Set the limits that `changes` names: `trials`, `parallel`, `failed` (None for none).

        The loop obeys at once: what runs goes on, what was never started is dropped where there are
        to be fewer trials. Raises InvalidInput for limits that cannot be or that the job's document
        could not have asked for, Refused for a job that is over.
        """
        while True:
            job = self._store.job(name)
            submitted = self._store.spec(job.id)
            if submitted.is_external:
                raise Refused(f"{name} is a study: its clients decide how many trials it has")
            before = job.limits or Ceilings.of(submitted.limits)
            after = before.with_(changes)
            under(submitted, after)
            refuse_beyond(submitted, changes, self._quotas)
            change = limit(job, before, after)
            if after == before:
                return job
            try:
                changed = self._store.change_limits(change)
            except Conflict:
                continue
            self._wake()
            return changed

    def set_labels(self, name: str, labels: Mapping[str, str]) -> Job:
        """Replace the labels of a job, whatever its state."""
        return self._store.set_labels(self._store.job(name).id, labels)

    def tag(
        self, name: str, number: int, *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Trial:
        """Mark a trial with tags and take others off. Raises NotFound, InvalidInput."""
        job = self._store.job(name)
        return self._store.change_tags(job.id, number, add=add, remove=remove)

    def delete(self, name: str) -> None:
        """Remove a job that is over or paused, with its folders. Raises Refused while it runs."""
        job = self._store.job(name)
        over = job.state.is_final or job.state is JobState.PAUSED
        if not over and not self._is_study(job):
            raise Refused(f"job {name} is {job.state.value}; cancel it first")
        self._store.delete_job(job.id)
        shutil.rmtree(self._folders.job(name), ignore_errors=True)
        self._wake()

    def _is_study(self, job: Job) -> bool:
        return self._store.spec(job.id).is_external

    def _intend(self, name: str, intent: Intent, reason: Reason | None) -> Job:
        while True:
            job = self._store.job(name)
            if not job.state.is_final and self._is_study(job):
                raise Refused(
                    f"{name} is a study: its clients run its trials, so there is nothing to pause "
                    "or to resume; it can be cancelled or deleted"
                )
            try:
                changed = self._store.change_job(intend(job, intent, reason=reason))
            except Conflict:
                continue  # The loop moved the job meanwhile; what is wanted stays the same.
            self._wake()
            return changed

    def _refuse_taken(self, name: str) -> None:
        try:
            self._store.job(name)
        except NotFound:
            return
        raise AlreadyExists(
            [
                Problem(
                    path="name",
                    message=f"a job named {name!r} exists; choose another --name, or go on "
                    f"with it: dowse resume {name}",
                )
            ]
        )

    def _timed_name(self, stem: str) -> str:
        """`stem_20261120_213800`, with a counter where two jobs come in one second."""
        stem = re.sub(r"[^\w.\-]+", "-", stem).strip("-._") or "job"
        stamp = time.strftime("%Y%m%d_%H%M%S", time.gmtime(self._clock.now()))
        base = f"{stem[:100]}_{stamp}"
        taken = {job.name for job in self._store.jobs()}
        candidates = [base, *(f"{base}-{count}" for count in range(2, len(taken) + 3))]
        return next(candidate for candidate in candidates if candidate not in taken)


def check_name(name: str) -> None:
    """Raises InvalidInput unless `name` can be the name of a job and of its folder."""
    if message := name_problem(name):
        raise InvalidInput([Problem(path="name", message=message)])
