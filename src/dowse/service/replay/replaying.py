"""Every suggestion and every stop of a job derived again from its log, beside what is stored."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

from dowse.analysis.replay import Check, Decision, Outcome, compared, differs, uncheckable
from dowse.domain.events import (
    ControlChosen,
    Event,
    PromotionDecided,
    StopDecided,
    SuggesterStarted,
    TrialChanged,
    TrialDeleted,
    TrialSuggested,
)
from dowse.domain.job import Job
from dowse.domain.lineage import Lineage
from dowse.domain.trial import Trial, TrialState
from dowse.ports import Store
from dowse.service.histories import continued
from dowse.service.replay.rejudging import Rejudging
from dowse.service.replay.retelling import Retelling
from dowse.service.running.ordering import visible
from dowse.service.suggesting import Answer, OneByOne, Question

BY_PEOPLE = "user"
"""What stands for the algorithm of a trial that somebody added."""


class Asker(Protocol):
    """Whom the questions are put to."""

    def answer(self, question: Question) -> Answer: ...

    def close(self) -> None: ...


class Replaying:
    def __init__(self, *, store: Store, make_asker: Callable[[], Asker] = OneByOne) -> None:
        self._store = store
        self._make_asker = make_asker

    def checks(self, name: str, *, after: int = 0) -> Generator[Check, None, None]:
        """Each decision that has an event above `after`, in their order. Raises NotFound.

        It takes as long as the suggestions took: whoever has enough stops asking.
        """
        job = self._store.job(name)
        events = list(_all_events(self._store, job.id))
        asker = self._make_asker()
        try:
            yield from _Replay(self._store, job, events, asker).checks(after)
        finally:
            asker.close()


def _all_events(store: Store, job_id: int) -> Iterator[tuple[int, Event]]:
    last = 0
    while page := store.events(job_id, after=last):
        yield from ((number, event) for number, _, event in page)
        last = page[-1][0]


class _Replay:
    """One reading of a log."""

    def __init__(
        self, store: Store, job: Job, events: list[tuple[int, Event]], asker: Asker
    ) -> None:
        spec = store.spec(job.id)
        # It made these suggestions, so it had not converged: that need not be worked out again.
        self._spec = replace(spec, limits=replace(spec.limits, improvement=None))
        self._job, self._events, self._asker = job, events, asker
        self._lineage: Lineage = store.lineage(job.id)
        self._notes = _all_notes(store, job.id)
        self._stored = {trial.number: trial for trial in store.trials(job.id)}
        self._deleted = {each.trial for _, each in events if isinstance(each, TrialDeleted)}
        self._needed = {e.known_event for _, e in events if isinstance(e, TrialSuggested)}
        self._known: dict[int, tuple[Trial, ...]] = {0: ()}
        self._lacks_objectives = self._spec.targets.is_several and any(
            each.objective is not None and not each.further
            for _, each in events
            if isinstance(each, TrialChanged)
        )
        self._versions: Mapping[str, str] = {}
        self._places: dict[int, int] = {}
        self._answers: dict[int, tuple[Answer, ...]] = {}
        self._rejudging = Rejudging(store, self._spec)

    def checks(self, after: int) -> Iterator[Check]:
        told = Retelling(self._job)
        for number, event in self._events:
            decided = self._decision(event)
            if decided is not None and number > after:
                yield Check(
                    event=number,
                    trial=decided[1],
                    decision=decided[0],
                    outcome=self._outcome(event, told.trials),
                )
            self._follow(event)
            told.follow(event)
            if number in self._needed:
                self._known[number] = told.trials

    @staticmethod
    def _decision(event: Event) -> tuple[Decision, int] | None:
        match event:
            case TrialSuggested() if event.why.get("algorithm") != BY_PEOPLE:
                return Decision.SUGGESTION, event.trial
            case StopDecided():
                return Decision.STOP, event.trial
            case ControlChosen():
                return Decision.CONTROL, event.trial
            case PromotionDecided():
                return Decision.PROMOTION, event.trial
        return None

    def _follow(self, event: Event) -> None:
        match event:
            case SuggesterStarted():
                self._versions = event.versions
            case TrialSuggested() if event.asked:
                self._places[event.known_event] = self._places.get(event.known_event, 0) + 1

    def _outcome(self, event: Event, trials: tuple[Trial, ...]) -> Outcome:
        match event:
            case TrialSuggested():
                return self._suggested(event)
            case StopDecided() | ControlChosen():
                return self._rejudging.stop(event, trials)
            case PromotionDecided():
                return self._rejudging.promotion(event, trials)
        raise ValueError(f"no decision: {event}")

    # ------------------------------------------------------------------ suggestions

    def _suggested(self, event: TrialSuggested) -> Outcome:
        stored = self._stored.get(event.trial)
        if stored is None and event.trial not in self._deleted:
            return differs(f"there is no trial {event.trial}")
        if stored is not None:
            kept = compared(event.parameters, stored.parameters)
            if kept.message:
                return differs(f"the trial is another than in the log: {kept.message}")
        if (why := self._unknown(event)) is not None:
            return uncheckable(why)
        outcomes = [self._beside(event, each) for each in self._derived(event)]
        order = ("equal", "drift", "uncheckable", "differs")
        return min(outcomes, key=lambda each: order.index(each.agreement.value))

    def _unknown(self, event: TrialSuggested) -> str | None:
        """What keeps a suggestion from being derived again."""
        if event.asked == 0:
            if self._spec.is_external:
                return "a client of the study chose it, or the log is of an earlier version"
            return "the log is of an earlier version, which kept too little"
        if not self._versions:
            return "the log does not say which versions suggested it"
        if self._lacks_objectives:
            return "the log has one objective of each trial, and this study has several"
        if event.known_event not in self._known:
            return f"the log lacks event {event.known_event}, up to which results were known"
        return None

    def _beside(self, event: TrialSuggested, answer: Answer) -> Outcome:
        if answer.error is not None:
            return uncheckable(f"it cannot be suggested again: {answer.error}")
        changed = _changes(self._versions, answer.versions)
        place = self._places.get(event.known_event, 0)
        if place >= len(answer.suggestions):
            words = f"only {len(answer.suggestions)} are suggested again, this was {place + 1}"
            return (
                uncheckable(f"{words} (since then: {', '.join(changed)})")
                if changed
                else (differs(words))
            )
        return compared(event.parameters, answer.suggestions[place][0], changed=changed)

    def _derived(self, event: TrialSuggested) -> tuple[Answer, ...]:
        """What is suggested again; two answers where it is not sure what was known."""
        known = event.known_event
        if known not in self._answers:
            trials = self._known[known]
            seen = [trials]
            # Somebody may have added a trial just when the suggester was asked.
            if unseen := {each.number for each in trials if _is_new_addition(each)}:
                seen.append(tuple(each for each in trials if each.number not in unseen))
            self._answers = {known: tuple(self._asked(event, each) for each in seen)}
        return self._answers[known]

    def _asked(self, event: TrialSuggested, trials: tuple[Trial, ...]) -> Answer:
        notes = [note for number, note in self._notes if number <= event.known_event]
        seen = visible(trials, self._spec.targets, self._spec.lag)
        return self._asker.answer(
            Question(
                job_id=self._job.id,
                spec=self._spec,
                history=continued(self._lineage, seen),
                note=notes[-1] if notes else None,
                count=event.asked,
                known_event=event.known_event,
                sources=tuple(each.source for each in self._lineage.sources),
            )
        )


def _is_new_addition(trial: Trial) -> bool:
    is_new = trial.state is TrialState.QUEUED and trial.attempt == 1
    return is_new and trial.why.get("algorithm") == BY_PEOPLE


def _changes(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    names = [*then, *(name for name in now if name not in then)]
    return [
        f"{name} {then.get(name, 'none')} became {now.get(name, 'none')}"
        for name in names
        if then.get(name) != now.get(name)
    ]


def _all_notes(store: Store, job_id: int) -> list[tuple[int, Mapping[str, Any] | None]]:
    found: list[tuple[int, Mapping[str, Any] | None]] = []
    while page := store.notes(job_id, after=found[-1][0] if found else 0):
        found += page
    return found
