"""Asking for suggestions, and making trials of the answers."""

from __future__ import annotations

from dowse.domain.events import SuggesterStarted
from dowse.domain.job import Intent, JobState
from dowse.domain.trial import Trial, TrialState
from dowse.errors import Conflict, DowseError
from dowse.ports import Clock, Store
from dowse.service.histories import attributed, continued
from dowse.service.running.ordering import visible
from dowse.service.running.views import JobView
from dowse.service.suggesting import Answer, Question, Suggesting

WAITING = (TrialState.QUEUED, TrialState.PAUSED)


class Asking:
    """What the loop asks of the suggester process; whoever is asked stands in the job's view."""

    def __init__(self, store: Store, suggesting: Suggesting, clock: Clock) -> None:
        self._store = store
        self._suggesting = suggesting
        self._clock = clock

    def ask(self, view: JobView, count: int) -> None:
        """Raises Conflict when people added or ended a trial that the view does not know of."""
        known_event = self._store.last_event(view.job.id)
        self._check_waiting(view)
        seen = visible(view.snapshot.trials, view.spec.targets, view.submitted.lag)
        self._suggesting.ask(
            Question(
                job_id=view.job.id,
                spec=view.spec,
                history=continued(view.lineage, seen),
                note=view.note,
                count=count,
                known_event=known_event,
                sources=tuple(each.source for each in view.lineage.sources),
            )
        )
        view.suggesting = True

    def _check_waiting(self, view: JobView) -> None:
        """People add trials and drop what has no process: the history must be as old as
        `known_event` says, or nobody could derive the suggestions again.
        """
        if self._store.trials(view.job.id, after=max(view.trials, default=0), limit=1):
            raise Conflict(f"a trial of {view.job.name} was added")
        waiting = {one.number for one in view.trials.values() if one.state in WAITING}
        if waiting and not waiting <= {
            one.number for one in self._store.trials(view.job.id, states=WAITING)
        }:
            raise Conflict(f"a waiting trial of {view.job.name} was dropped")

    def take(self, view: JobView, answer: Answer) -> bool:
        """Make trials of an answer. What a fault leaves out of it is asked for again."""
        if answer.error is not None:
            raise DowseError(answer.error)
        if view.job.state is not JobState.RUNNING or view.job.intent is Intent.CANCEL:
            return False
        if answer.suggestions and answer.versions != view.versions:
            self._store.append_event(view.job.id, SuggesterStarted(versions=answer.versions))
            view.versions = answer.versions
        last, most = len(answer.suggestions), view.spec.limits.trials
        for place, (parameters, why) in enumerate(answer.suggestions, start=1):
            if most is not None and len(view.trials) >= most:
                break  # Fewer are wanted now than when they were asked for.
            trial = Trial(
                job_id=view.job.id,
                job=view.job.name,
                number=max(view.trials, default=0) + 1,
                parameters=parameters,
                why=attributed(view.lineage, why),
                known_event=answer.known_event,
                created_at=self._clock.now(),
            )
            # The new note speaks of all these suggestions: it is true once the last is stored.
            note = answer.note if place == last else view.note
            view.trials[trial.number] = self._store.create_trial(
                trial, note=note, asked=answer.asked
            )
            view.note = note
            view.errors = 0
        view.exhausted = answer.exhausted
        view.converged = answer.converged
        return True
