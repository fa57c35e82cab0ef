"""The trials of a job as its log tells them, event by event."""

from __future__ import annotations

from dataclasses import replace

from dowse.domain.events import Event, StopDecided, TrialChanged, TrialDeleted, TrialSuggested
from dowse.domain.expected import Expected
from dowse.domain.job import Job
from dowse.domain.trial import Trial, TrialState


class Retelling:
    """Only what decisions are made of is told: times and messages are not."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._trials: dict[int, Trial] = {}
        self._expected: dict[int, Expected | None] = {}

    @property
    def trials(self) -> tuple[Trial, ...]:
        return tuple(self._trials[number] for number in sorted(self._trials))

    def follow(self, event: Event) -> None:
        match event:
            case TrialSuggested():
                self._trials[event.trial] = Trial(
                    job_id=self._job.id,
                    job=self._job.name,
                    number=event.trial,
                    parameters=event.parameters,
                    why=event.why,
                    known_event=event.known_event,
                    created_at=0.0,
                )
            case StopDecided():
                self._expected[event.trial] = event.expected
            case TrialChanged():
                self._change(event)
            case TrialDeleted():
                self._trials.pop(event.trial, None)

    def _change(self, event: TrialChanged) -> None:
        trial = self._trials.get(event.trial)
        if trial is None:
            return
        # A verdict stands right before the change that it belongs to.
        expected = self._expected.pop(event.trial, None)
        after = replace(trial, state=event.after, objective=event.objective, further=event.further)
        if event.after is TrialState.STOPPING:
            after = replace(after, expected=expected)
        if event.after is TrialState.QUEUED:
            after = replace(after, attempt=event.attempt + 1, expected=None)
        self._trials[event.trial] = after
