"""Trials of studies: made by the suggester or by clients, reported on and completed by clients."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dowse.analysis.best import leading
from dowse.domain.foreign import configuration
from dowse.domain.history import History
from dowse.domain.job import Job
from dowse.domain.lifecycle import Outcome, advance_trial
from dowse.domain.metrics import Measurement
from dowse.domain.reasons import Reason
from dowse.domain.space import Assignment
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.errors import Conflict, InvalidInput, Problem, Refused
from dowse.ports import Clock, Store, StoredMeasurement
from dowse.service.histories import history_of
from dowse.service.studies.stopping import StudyStopping
from dowse.service.suggesting import Answer

SOURCE = "client"
FINAL = "final"
"""The key of the measurements that a trial was completed with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a client measured at one moment: `elapsed_s` after its trial began, None for now."""

    step: int = 0
    elapsed_s: float | None = None
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """All that was reported of a trial, in order; `final` is what it was completed with."""

    running: tuple[Report, ...] = ()
    final: Report | None = None


class StudyTrials:
    """Every method leaves a trial as it was, or changes it as a whole."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._stopping = StudyStopping(store)

    def add(
        self,
        job: Job,
        parameters: Assignment,
        *,
        why: Mapping[str, object],
        note: Mapping[str, object] | None,
        answer: Answer | None = None,
    ) -> Trial:
        """A trial that nobody runs yet, under the next number that was never given; of the
        suggester's answer, or of a client's own making.
        """
        number = max((trial.number for trial in self._store.trials(job.id)), default=0)
        while True:
            number += 1
            trial = Trial(
                job_id=job.id,
                job=job.name,
                number=number,
                parameters=parameters,
                why=why,
                known_event=0 if answer is None else answer.known_event,
                created_at=self._clock.now(),
            )
            try:
                asked = 0 if answer is None else answer.asked
                return self._store.create_trial(trial, note=note, asked=asked)
            except Conflict:
                continue  # The number of a trial that was deleted.

    def create(
        self,
        job: Job,
        spec: JobSpec,
        parameters: Mapping[str, object],
        *,
        result: Report | None,
    ) -> Trial:
        """A client's own configuration, to be run or with its result. With one it may lie outside
        the present ranges.
        """
        plain = configuration(spec.space, parameters)
        if result is not None:
            _check_final(spec, result)
        elif problems := spec.space.problems(plain):
            raise InvalidInput(problems)
        trial = self.add(job, plain, why={"client": "asked for"}, note=self._store.note(job.id))
        return trial if result is None else self.complete(spec, trial, result)

    # ------------------------------------------------------------------ reports

    def report(self, spec: JobSpec, trial: Trial, report: Report) -> None:
        """Keep an intermediate measurement. Raises Refused once the trial is completed."""
        if trial.state not in (TrialState.RUNNING, TrialState.STOPPING):
            raise Refused(f"{_named(trial)} is {_phase(trial)}: it takes no measurement")
        _check_metrics(spec, report, "measurement")
        earlier = self.reports(spec, trial).running
        now = self._at(trial, report)
        if earlier and (report.step, now) <= (earlier[-1].step, earlier[-1].elapsed_s or 0.0):
            last = f"stepCount {earlier[-1].step} at {earlier[-1].elapsed_s:g}s"
            message = f"must come after the last one, which is of {last}, got {report.step}"
            raise InvalidInput([Problem(path="measurement.stepCount", message=message)])
        self._record(trial, report, key=str(len(earlier) + 1))

    def _at(self, trial: Trial, report: Report) -> float:
        if report.elapsed_s is not None:
            return report.elapsed_s
        return max(0.0, self._clock.now() - _began(trial))

    def _record(self, trial: Trial, report: Report, *, key: str) -> None:
        time = _began(trial) + self._at(trial, report)
        measurements = [
            Measurement(metric=name, value=value, step=report.step, time=time, key=key)
            for name, value in report.values.items()
        ]
        self._store.record(trial.ref, measurements, source=SOURCE)

    def reports(self, spec: JobSpec, trial: Trial) -> Reports:
        curves = [self._store.curve(trial.ref, one.metric) for one in spec.objectives]
        return _grouped(spec, trial, (stored for curve in curves for stored in curve))

    def all_reports(self, job: Job, spec: JobSpec, trials: Iterable[Trial]) -> dict[int, Reports]:
        """Of many trials at once, by their numbers."""
        found: dict[int, list[StoredMeasurement]] = {}
        for objective in spec.objectives:
            for ref, curve in self._store.curves(job.id, objective.metric).items():
                found.setdefault(ref.trial, []).extend(curve)
        return {one.number: _grouped(spec, one, found.get(one.number, ())) for one in trials}

    def history(self, job: Job, spec: JobSpec, trials: Sequence[Trial]) -> History:
        """What a suggester is told, every objective of a trial that was completed included."""
        return history_of(self._whole(job, spec, trials), spec.targets)

    def optimal(self, job: Job, spec: JobSpec) -> list[Trial]:
        """The best trial; of several objectives those that no other one beats in all of them."""
        trials = self._whole(job, spec, self._store.trials(job.id))
        inside = [one for one in trials if not spec.space.problems(one.parameters)]
        known = inside if spec.targets.is_several else trials
        return leading(known, spec.targets, spec.space, spec.prefer)

    def _whole(self, job: Job, spec: JobSpec, trials: Sequence[Trial]) -> Sequence[Trial]:
        """Trials with all of their objectives: once only the first one was kept with them."""
        names = spec.targets.named
        if all(one.further or one.objective is None for one in trials) or not names:
            return trials
        reports = self.all_reports(job, spec, trials)
        found = []
        for one in trials:
            final = reports[one.number].final
            known = {} if final is None else {name: final.values[name] for name in names}
            found.append(one if one.further else replace(one, further=known))
        return found

    # ------------------------------------------------------------------ ends

    def complete(self, spec: JobSpec, trial: Trial, final: Report | None) -> Trial:
        """The end of a trial, with `final` or with the last of what was measured before.

        Raises Refused when there is neither, or when it is completed already.
        """
        _refuse_completed(trial)
        if final is not None:
            _check_final(spec, final)
            trial = self._begun(trial)
            self._record(trial, final, key=FINAL)
        else:
            final = _last_whole(self.reports(spec, trial).running, spec)
            if final is None:
                names = " and ".join(repr(one.metric) for one in spec.objectives)
                raise Refused(
                    f"{_named(trial)} has no measurement of {names}: give finalMeasurement, or "
                    "trialInfeasible"
                )
            trial = self._begun(trial)
        outcome = Outcome(
            objective=final.values[spec.objective.metric],
            further={name: final.values[name] for name in spec.targets.named},
            step=final.step,
        )
        if odd := [name for name, value in final.values.items() if not math.isfinite(value)]:
            message = f"reported no finite {odd[0]!r}, only {final.values[odd[0]]}"
            return self._end(trial, TrialState.FAILED, Reason.INFEASIBLE, message, outcome)
        if trial.state is TrialState.STOPPING:
            return self._end(trial, TrialState.STOPPED, trial.reason, trial.message, outcome)
        return self._end(trial, TrialState.SUCCEEDED, None, "", outcome)

    def complete_infeasible(self, trial: Trial, why: str) -> Trial:
        """The end of a trial whose configuration cannot be evaluated."""
        _refuse_completed(trial)
        trial = self._begun(trial)
        message = why or "its client found the configuration infeasible"
        return self._end(trial, TrialState.FAILED, Reason.INFEASIBLE, message, Outcome())

    def _begun(self, trial: Trial) -> Trial:
        """A client may end what it was never given; then it has run it all the same."""
        if trial.state is not TrialState.QUEUED:
            return trial
        change = advance_trial(trial, TrialState.RUNNING, at=self._clock.now())
        return self._store.change_trial(change)

    def _end(
        self, trial: Trial, to: TrialState, reason: Reason | None, message: str, outcome: Outcome
    ) -> Trial:
        change = advance_trial(
            trial, to, at=self._clock.now(), reason=reason, message=message, outcome=outcome
        )
        return self._store.change_trial(change)

    def check_stopping(self, spec: JobSpec, trial: Trial) -> bool:
        """Whether the trial should stop; the study remembers it. Raises Refused for one that is
        not running.
        """
        if trial.state is TrialState.STOPPING:
            return True
        if trial.state is not TrialState.RUNNING:
            raise Refused(f"{_named(trial)} is {_phase(trial)}: there is nothing to stop")
        decided = self._stopping.verdict(spec, trial)
        if decided is None:
            return False
        change = advance_trial(
            trial,
            TrialState.STOPPING,
            at=self._clock.now(),
            reason=Reason.STOPPED_EARLY,
            message=decided.message,
            because=(decided,),
        )
        self._store.change_trial(change)
        return True


def _check_metrics(spec: JobSpec, report: Report, path: str) -> None:
    """Raises InvalidInput for a report of nothing, or of what the study does not know."""
    known = [objective.metric for objective in spec.objectives]
    if odd := [name for name in report.values if name not in known]:
        message = f"is not a metric of the study; there are {', '.join(known)}"
        raise InvalidInput([Problem(path=f"{path}.metrics.{odd[0]}", message=message)])
    if not report.values:
        message = f"must hold a value of {', '.join(known)}, got none"
        raise InvalidInput([Problem(path=f"{path}.metrics", message=message)])


def _check_final(spec: JobSpec, report: Report) -> None:
    _check_metrics(spec, report, "finalMeasurement")
    if missing := [one.metric for one in spec.objectives if one.metric not in report.values]:
        message = f"must hold a value of {missing[0]!r}, which is optimised"
        raise InvalidInput([Problem(path="finalMeasurement.metrics", message=message)])


def _refuse_completed(trial: Trial) -> None:
    if trial.state.is_final:
        raise Refused(f"{_named(trial)} is completed already")


def _last_whole(reports: Sequence[Report], spec: JobSpec) -> Report | None:
    """The last report with a value of every objective; one with finite values goes before."""
    names = [one.metric for one in spec.objectives]
    whole = [one for one in reports if all(name in one.values for name in names)]
    finite = [one for one in whole if all(math.isfinite(one.values[name]) for name in names)]
    return next(reversed(finite or whole), None)


def _grouped(spec: JobSpec, trial: Trial, stored: Iterable[StoredMeasurement]) -> Reports:
    """Values with one key were reported together."""
    values: dict[str, dict[str, float]] = {}
    moments: dict[str, tuple[int, float]] = {}
    for one in stored:
        measurement = one.measurement
        values.setdefault(measurement.key, {})[measurement.metric] = measurement.value
        elapsed = round(measurement.time - _began(trial), 6)
        moments[measurement.key] = (measurement.step, elapsed)
    reports = {
        key: Report(step=moments[key][0], elapsed_s=moments[key][1], values=found)
        for key, found in values.items()
    }
    final = reports.pop(FINAL, None)
    running = tuple(sorted(reports.values(), key=lambda one: (one.step, one.elapsed_s or 0.0)))
    if final is None and trial.objective is not None:
        final = _last_whole(running, spec)
    return Reports(running=running, final=final)


def _began(trial: Trial) -> float:
    return trial.started_at if trial.started_at is not None else trial.created_at


def _named(trial: Trial) -> str:
    return f"trial {trial.number} of {trial.job}"


def _phase(trial: Trial) -> str:
    return "completed already" if trial.state.is_final else "not given to any client"
