"""Studies: jobs whose trials are run by their clients, who ask for them and report to us.

Nothing here has a pace of its own: a study moves when a client asks, or when the suggester
answers. What was asked is durable, so whatever dies in between, the next question finds it. A
client that asks again gets the trials that it has not completed yet.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace

from dowse.domain.events import SuggesterStarted
from dowse.domain.job import Job, JobState
from dowse.domain.lifecycle import advance_job, advance_trial
from dowse.domain.operations import CheckStopping, Operation, SuggestTrials
from dowse.domain.reasons import Reason
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.errors import NotFound, Refused
from dowse.ports import Clock, Store
from dowse.service.jobs import check_name
from dowse.service.studies.trials import Report, Reports, StudyTrials
from dowse.service.suggesting import Answer, Question, Suggesting

WAIT_S = 2.0
"""How long a question waits for its answer before it becomes an operation to ask about again."""

MakeSuggesting = Callable[[Callable[[], None]], Suggesting]
"""Makes a suggester that calls back, from a thread of its own, whenever it has answers."""


class Studies:
    """`make_suggesting` is called when the first suggestion is needed."""

    def __init__(self, *, store: Store, clock: Clock, make_suggesting: MakeSuggesting) -> None:
        self._store = store
        self._clock = clock
        self._make_suggesting = make_suggesting
        self._suggesting: Suggesting | None = None
        self._asked: dict[int, str] = {}
        self._versions: dict[int, Mapping[str, str]] = {}
        self._trials = StudyTrials(store=store, clock=clock)
        self._changed = threading.Condition(threading.RLock())

    # ------------------------------------------------------------------ studies

    def create(self, spec: JobSpec, name: str) -> Job:
        """Raises AlreadyExists when the name is taken."""
        check_name(name)
        job = self._store.create_job(replace(spec, name=name), name=name)
        return self._store.change_job(advance_job(job, JobState.RUNNING, at=self._clock.now()))

    def delete(self, name: str) -> None:
        """Remove a study with all its trials, whoever runs them."""
        with self._changed:
            self._store.delete_job(self.study(name)[0].id)

    def study(self, name: str) -> tuple[Job, JobSpec]:
        job = self._store.job(name)
        spec = self._store.spec(job.id)
        if not spec.is_external:
            raise NotFound(f"{name} is a job and no study: its trials are run here")
        return job, spec

    # ------------------------------------------------------------------ suggestions

    def suggest(self, name: str, asked: SuggestTrials) -> Operation:
        """Trials for a client; the operation is open when they need more time."""
        with self._changed:
            job, _ = self.study(name)
            operation = self._store.create_operation(
                Operation(job_id=job.id, job=name, asked=asked, created_at=self._clock.now())
            )
            self._advance(job)
            return self._settled(operation.id, WAIT_S)

    def operation(self, number: int) -> Operation:
        """An operation as it stands. One that an earlier owner left open is taken up again."""
        with self._changed:
            found = self._store.operation(number)
            if not found.is_done:
                self._advance(self._store.job(found.job))
            return self._settled(number, 0.0)

    def _settled(self, number: int, wait_s: float) -> Operation:
        self._changed.wait_for(lambda: self._store.operation(number).is_done, wait_s)
        return self._store.operation(number)

    def on_answer(self) -> None:
        """Take what the suggester has found; called from its thread."""
        with self._changed:
            if self._suggesting is not None:
                for answer in self._suggesting.poll():
                    self._take(answer)
            self._changed.notify_all()

    def _advance(self, job: Job, *, exhausted: bool = False) -> None:
        """Give every open request what there is, and ask the suggester for the rest."""
        lacking: dict[str, int] = {}
        for operation in self._store.open_operations(job.id):
            asked = operation.asked
            if not isinstance(asked, SuggestTrials):
                continue
            given = self._give(job, asked)
            lack = asked.count - len(given)
            if lack > 0 and not exhausted and not job.state.is_final:
                lacking[asked.client] = max(lack, lacking.get(asked.client, 0))
                continue
            numbers = tuple(trial.number for trial in given)
            self._end(replace(operation, trials=numbers, exhausted=lack > 0))
        if lacking and job.id not in self._asked:
            self._ask(job, sum(lacking.values()))

    def _give(self, job: Job, asked: SuggestTrials) -> list[Trial]:
        """The client's open trials, and as many of those that nobody runs as it still needs."""
        trials = self._store.trials(job.id, states=(TrialState.RUNNING, TrialState.QUEUED))
        own = [one for one in trials if one.client == asked.client]
        given = [one for one in own if one.state is TrialState.RUNNING][: asked.count]
        free = (one for one in trials if one.state is TrialState.QUEUED)
        for trial in free:
            if len(given) == asked.count:
                break
            change = advance_trial(
                trial, TrialState.RUNNING, at=self._clock.now(), client=asked.client
            )
            given.append(self._store.change_trial(change))
        return given

    def _end(self, operation: Operation) -> None:
        self._store.end_operation(replace(operation, ended_at=self._clock.now()))

    def _ask(self, job: Job, count: int) -> None:
        if self._suggesting is None:
            self._suggesting = self._make_suggesting(self.on_answer)
        trials = self._store.trials(job.id)
        spec = self._store.spec(job.id)
        history = self._trials.history(job, spec, trials)
        self._asked[job.id] = job.name
        self._suggesting.ask(
            Question(
                job_id=job.id,
                spec=spec,
                history=history,
                note=self._store.note(job.id),
                count=count,
                known_event=self._store.last_event(job.id),
            )
        )

    def _take(self, answer: Answer) -> None:
        try:
            job = self._store.job(self._asked.pop(answer.job_id))
        except NotFound:
            return  # Its study was deleted meanwhile.
        if job.id != answer.job_id:
            return
        if answer.error is not None:
            for operation in self._store.open_operations(job.id):
                self._end(replace(operation, error=answer.error))
            return
        if answer.suggestions and answer.versions != self._versions.get(job.id):
            self._store.append_event(job.id, SuggesterStarted(versions=answer.versions))
            self._versions[job.id] = answer.versions
        last = len(answer.suggestions)
        for place, (parameters, why) in enumerate(answer.suggestions, start=1):
            note = answer.note if place == last else self._store.note(job.id)
            self._trials.add(job, parameters, why=why, note=note, answer=answer)
        if answer.exhausted and not answer.suggestions and job.state is JobState.RUNNING:
            job = self._store.change_job(
                advance_job(
                    job,
                    JobState.SUCCEEDED,
                    at=self._clock.now(),
                    reason=Reason.SEARCH_SPACE_EXHAUSTED,
                    message="every configuration was tried",
                )
            )
        self._advance(job, exhausted=answer.exhausted)

    # ------------------------------------------------------------------ trials

    def trials(self, name: str) -> tuple[list[Trial], dict[int, Reports]]:
        """All trials of a study by number, with what was reported of each."""
        job, spec = self.study(name)
        found = list(self._store.trials(job.id))
        return found, self._trials.all_reports(job, spec, found)

    def optimal(self, name: str) -> tuple[list[Trial], dict[int, Reports]]:
        """The trials that no other one beats, with what was reported of each."""
        job, spec = self.study(name)
        found = self._trials.optimal(job, spec)
        return found, self._trials.all_reports(job, spec, found)

    def trial(self, name: str, number: int) -> tuple[Trial, Reports]:
        job, spec = self.study(name)
        trial = self._store.trial(job.id, number)
        return trial, self._trials.reports(spec, trial)

    def create_trial(
        self, name: str, parameters: Mapping[str, object], *, result: Report | None
    ) -> Trial:
        """A configuration of the client's own: to be run, or with its result."""
        with self._changed:
            job, spec = self.study(name)
            return self._trials.create(job, spec, parameters, result=result)

    def report(self, name: str, number: int, report: Report) -> None:
        with self._changed:
            job, spec = self.study(name)
            self._trials.report(spec, self._store.trial(job.id, number), report)

    def complete(self, name: str, number: int, final: Report | None) -> Trial:
        with self._changed:
            job, spec = self.study(name)
            return self._trials.complete(spec, self._store.trial(job.id, number), final)

    def complete_infeasible(self, name: str, number: int, why: str) -> Trial:
        with self._changed:
            job, _ = self.study(name)
            return self._trials.complete_infeasible(self._store.trial(job.id, number), why)

    def check_stopping(self, name: str, number: int) -> Operation:
        """A verdict, which is there at once."""
        with self._changed:
            job, spec = self.study(name)
            begun = self._clock.now()
            should = self._trials.check_stopping(spec, self._store.trial(job.id, number))
            return self._store.create_operation(
                Operation(
                    job_id=job.id,
                    job=name,
                    asked=CheckStopping(number),
                    created_at=begun,
                    ended_at=self._clock.now(),
                    should_stop=should,
                )
            )

    def stop_trial(self, name: str, number: int) -> Trial:
        """Tell whoever runs a trial that it should end; one that nobody runs is dropped."""
        with self._changed:
            job, _ = self.study(name)
            trial = self._store.trial(job.id, number)
            if trial.state is TrialState.STOPPING:
                return trial
            if trial.state.is_final:
                raise Refused(f"trial {number} of {name} is completed already")
            queued = trial.state is TrialState.QUEUED
            change = advance_trial(
                trial,
                TrialState.CANCELLED if queued else TrialState.STOPPING,
                at=self._clock.now(),
                reason=Reason.USER,
                message="stopped on request",
            )
            return self._store.change_trial(change)

    def delete_trial(self, name: str, number: int) -> None:
        with self._changed:
            job, _ = self.study(name)
            self._store.delete_trial(job.id, number)

    def close(self) -> None:
        with self._changed:
            suggesting, self._suggesting = self._suggesting, None
        if suggesting is not None:
            suggesting.close()
