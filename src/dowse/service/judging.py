"""Putting the reports of running trials before the early-stopping rule of their job."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from dowse.domain.attempts import joined
from dowse.domain.events import PromotionDecided, StopDecided
from dowse.domain.expected import Expected
from dowse.domain.metrics import Goal, Measurement
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.stopping.protocol import (
    Curve,
    PausingRule,
    Standing,
    StoppingRule,
    Verdict,
    counts_diverged,
)

if TYPE_CHECKING:
    from dowse.stopping.others import Others

Reports = Callable[[Trial], Sequence[Sequence[Measurement]]]
"""What each of the attempts reported that together make the curve of a trial, the present one last.
"""

_NUMBER = attrgetter("trial")


class Judge:
    """The rule of one job and what it has seen.

    Reports come in batches; each one is judged as if it had come alone, since rules count reports.
    """

    def __init__(self, rule: StoppingRule, *, name: str, goal: Goal) -> None:
        # Loads NumPy, which an owner of jobs without a rule does not need.
        from dowse.stopping.others import Resting

        self._rule = rule
        self._name = name
        self._goal = goal
        self._promoter = rule if isinstance(rule, PausingRule) and rule.resume else None
        self._worst = None
        if counts_diverged(rule):
            self._worst = math.inf if goal is Goal.MINIMIZE else -math.inf
        self._curves: dict[tuple[AttemptRef, Standing], Curve] = {}
        self._resting = Resting(goal)
        self._over: set[int] = set()
        self._waiting: dict[int, int] = {}
        self._judged: dict[AttemptRef, int] = {}
        self._latest: dict[int, int] = {}
        self._reads = 0
        self._nobody_at: int | None = None

    def verdict(
        self, trial: Trial, trials: Iterable[Trial], reports: Reports, *, new: int
    ) -> StopDecided | None:
        """The decision to stop or pause a running trial, `new` reports of which have just
        arrived.
        """
        curve = self._read(trial, reports)
        others = self._known(trials, reports, but=trial.number)
        count = len(curve)
        if trial.ref not in self._judged:
            self._judged[trial.ref] = self._judged_before(trial, reports)
        first = max(self._judged[trial.ref], count - new) + 1
        self._judged[trial.ref] = max(count, self._judged[trial.ref])
        for k in range(first, count + 1):
            upto = curve if k == count else curve.upto(k)
            if (decided := self._decided(trial, upto, others)) is not None:
                return decided
        return None

    def look(self, trial: Trial, trials: Iterable[Trial], reports: Reports) -> StopDecided | None:
        """The decision on a running trial as it is now, however often it was asked for."""
        curve = self._read(trial, reports)
        others = self._known(trials, reports, but=trial.number)
        return self._decided(trial, curve, others) if curve.values else None

    def forget(self, trial: Trial) -> None:
        """Read the curve of a trial again when it is needed next: it has reported more."""
        self._curves.pop((trial.ref, _standing(trial)), None)

    def _decided(self, trial: Trial, curve: Curve, others: Others) -> StopDecided | None:
        verdict = self._rule.decide(curve, others, self._goal)
        if not verdict.stop or others.whole_lengths() == {len(curve)}:
            # As many reports as every completed trial made: this is its last, and nothing is saved.
            return None
        return StopDecided(
            trial=trial.number,
            attempt=trial.attempt,
            rule=self._name,
            message=verdict.reason,
            numbers=verdict.numbers,
            report=len(curve),
            seen=self._seen(others) | self._own(trial),
            pause=verdict.pause,
            expected=verdict.expected or self._expected(verdict, curve, others),
        )

    def _expected(self, verdict: Verdict, curve: Curve, others: Others) -> Expected | None:
        """What a trial would end with that a rule stops without predicting it.

        A trial that pauses goes on if it is good: a search over recorded trainings found better
        configurations when the model saw what such trials had reached.
        """
        if verdict.pause:
            return None
        # Loads SciPy, which an owner without stopped trials does not need.
        from dowse.stopping.forecast import expected_end

        return expected_end(curve, others, self._goal)

    def promotion(self, trials: Collection[Trial], reports: Reports) -> PromotionDecided | None:
        """The decision which paused trial goes on next, if one is to."""
        if self._promoter is None:
            return None
        curves = self._known(trials, reports)
        if self._nobody_at == self._reads:
            return None
        chosen = self._promoter.promote(curves, self._goal)
        if chosen is None:
            # It is asked again in every turn, and nothing that is not read changes the answer.
            self._nobody_at = self._reads
            return None
        return PromotionDecided(
            trial=chosen.trial,
            attempt=next(one.attempt for one in trials if one.number == chosen.trial),
            rule=self._name,
            message=chosen.reason,
            numbers=chosen.numbers,
            seen=self._seen(curves),
        )

    def _known(self, trials: Iterable[Trial], reports: Reports, *, but: int = 0) -> Others:
        """The curves of those that have reported, by number; a trial that was promoted is one of
        them while it waits for its slot.

        Those of trials that are over stay as they are, and of those that pause until they go on.
        With thousands of trials, looking for each of them again would take longer than to judge.
        """
        self._wake(but)
        over, waiting, paused = self._over, self._waiting, TrialState.PAUSED
        growing: list[Curve] = []
        for one in [
            one
            for one in trials
            if (number := one.number) not in over
            and number != but
            and (one.state is not paused or waiting.get(number) != one.attempt)
        ]:
            if one.state is TrialState.QUEUED and one.attempt == 1:
                continue
            curve = self._curve(one, reports)
            self._wake(one.number)
            if one.state.is_final:
                over.add(one.number)
            elif one.state is paused:
                waiting[one.number] = one.attempt
            elif curve.values:
                growing.append(curve)
                continue
            else:
                continue
            del self._curves[one.ref, curve.standing]
            if curve.values:
                self._resting.add(curve)
        return self._resting.beside(sorted(growing, key=_NUMBER))

    def _wake(self, trial: int) -> None:
        if self._waiting.pop(trial, None) is not None:
            self._resting.drop(trial)

    def _seen(self, others: Others) -> dict[int, int]:
        """How much was known of the present attempts of trials that may report more."""
        return {trial: self._latest[trial] for trial in others.unfinished()}

    def _own(self, trial: Trial) -> dict[int, int]:
        """What a trial that goes on repeats changes its curve, so that the report alone says too
        little of what was judged.
        """
        return {} if trial.attempt == 1 else {trial.number: self._latest[trial.number]}

    def _curve_of(self, trial: Trial, attempts: Sequence[Sequence[Measurement]]) -> Curve:
        return curve_of(trial, joined(attempts), worst=self._worst)

    def _judged_before(self, trial: Trial, reports: Reports) -> int:
        """How many reports earlier attempts gave: what a program repeats is not judged again."""
        if trial.attempt == 1 or self._promoter is None:
            return 0
        earlier = replace(trial, attempt=trial.attempt - 1)
        return len(self._curve_of(earlier, reports(earlier)))

    def _curve(self, trial: Trial, reports: Reports) -> Curve:
        """A curve as it was when its trial last had a new report, or when it ended."""
        known = self._curves.get((trial.ref, _standing(trial)))
        return known if known is not None else self._read(trial, reports)

    def _read(self, trial: Trial, reports: Reports) -> Curve:
        self._reads += 1
        attempts = reports(trial)
        self._latest[trial.number] = len(attempts[-1])
        curve = self._curve_of(trial, attempts)
        self._curves[trial.ref, curve.standing] = curve
        if curve.standing is not Standing.RUNNING:
            self._curves.pop((trial.ref, Standing.RUNNING), None)
        earlier = replace(trial, attempt=trial.attempt - 1).ref
        self._curves.pop((earlier, Standing.PAUSED), None)
        return curve


def curve_of(trial: Trial, reports: Sequence[Measurement], *, worst: float | None = None) -> Curve:
    """The finite values in order of arrival; with `worst` all, and it stands for the others."""
    kept = [one for one in reports if worst is not None or math.isfinite(one.value)]
    return Curve(
        trial=trial.number,
        values=tuple(
            one.value if worst is None or math.isfinite(one.value) else worst for one in kept
        ),
        standing=_standing(trial),
        steps=tuple(one.step for one in kept),
    )


def _standing(trial: Trial) -> Standing:
    match trial.state:
        case TrialState.SUCCEEDED:
            return Standing.COMPLETED
        case TrialState.PAUSED:
            return Standing.PAUSED
        case _:
            return Standing.ENDED if trial.state.is_final else Standing.RUNNING
