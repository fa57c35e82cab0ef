"""The verdicts of an early-stopping rule, made again from the reports that they saw."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from dowse import catalog
from dowse.analysis.replay import Outcome, compared, differs, uncheckable
from dowse.domain.attempts import joined
from dowse.domain.events import ControlChosen, PromotionDecided, StopDecided
from dowse.domain.expected import Expected
from dowse.domain.metrics import Goal
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.errors import InvalidInput
from dowse.ports import Store
from dowse.service.curves import attempts_of, reports_of
from dowse.service.judging import curve_of
from dowse.stopping.protocol import Curve, PausingRule, StoppingRule, counts_diverged
from dowse.stopping.recount import leads_to_stop

ROUNDING = 1e-9
"""The log does not say how many threads the rule computed with: their sums differ by so much."""

Stopping = StopDecided | ControlChosen


class Missing(Exception):
    """Reports that a verdict saw and that are not there."""


class Rejudging:
    """`trials`, wherever they are asked for, are as the log has them right before the verdict."""

    def __init__(self, store: Store, spec: JobSpec) -> None:
        self._store = store
        self._spec = spec
        self._goal = spec.objective.goal
        self._rule: StoppingRule | None = None
        self._why = "the job names no early-stopping rule"
        if spec.stopping is not None:
            try:
                self._rule = catalog.stopping_rule(spec.stopping)
            except InvalidInput as error:
                self._why = str(error)
        self._worst: float | None = None
        if self._rule is not None and counts_diverged(self._rule):
            self._worst = math.inf if self._goal is Goal.MINIMIZE else -math.inf

    def stop(self, event: Stopping, trials: tuple[Trial, ...]) -> Outcome:
        recount = self._recount(event.numbers)
        if recount is False:
            return differs(f"its numbers do not lead to it: {_listed(event.numbers)}")
        led = ", but its numbers do lead to it" if recount else ""
        if self._rule is None:
            return uncheckable(f"{self._why}{led}")
        if event.report == 0:
            return uncheckable(f"the log does not say which reports it saw{led}")
        try:
            curve, others = self._seen(event, trials)
        except Missing as missing:
            return uncheckable(f"{missing}{led}")
        verdict = self._rule.decide(curve, others, self._goal)
        if not verdict.stop:
            return differs(f"with the same reports trial {event.trial} goes on")
        stored, again = _verdict(event.numbers), _verdict(verdict.numbers)
        if isinstance(event, StopDecided):
            expected = verdict.expected or self._expected(verdict.pause, curve, others)
            stored |= {"pause": event.pause, "expected": _document(event.expected)}
            again |= {"pause": verdict.pause, "expected": _document(expected)}
        return compared(stored, again, tolerance=ROUNDING)

    def promotion(self, event: PromotionDecided, trials: tuple[Trial, ...]) -> Outcome:
        if not isinstance(self._rule, PausingRule):
            return uncheckable(self._why if self._rule is None else "the rule promotes nothing")
        try:
            curves = self._curves(trials, event.seen)
        except Missing as missing:
            return uncheckable(str(missing))
        chosen = self._rule.promote(curves, self._goal)
        if chosen is None:
            return differs("with the same reports no trial is promoted")
        return compared(
            {"trial": event.trial, **_verdict(event.numbers)},
            {"trial": chosen.trial, **_verdict(chosen.numbers)},
            tolerance=ROUNDING,
        )

    def _recount(self, numbers: Mapping[str, Any]) -> bool | None:
        """None where the numbers are of no comparison that is known."""
        try:
            return leads_to_stop(numbers, self._goal)
        except (ValueError, KeyError, TypeError):
            return None

    def _expected(self, pause: bool, curve: Curve, others: list[Curve]) -> Expected | None:
        if pause:
            return None
        from dowse.stopping.forecast import expected_end

        return expected_end(curve, others, self._goal)

    def _seen(self, event: Stopping, trials: tuple[Trial, ...]) -> tuple[Curve, list[Curve]]:
        own = [each for each in trials if each.number == event.trial]
        if not own:
            raise Missing(f"the log has no trial {event.trial} before it")
        curve = self._own(replace(own[0], attempt=event.attempt), event)
        others = [each for each in trials if each.number != event.trial]
        return curve, self._curves(others, event.seen)

    def _curves(self, trials: Iterable[Trial], seen: Mapping[int, int]) -> list[Curve]:
        """Of the trials that were over, all reports; of the others as many as were seen."""
        found = []
        for trial in trials:
            if trial.number in seen:
                # What people drop while it waits, the rule still takes for paused.
                state = TrialState.PAUSED if trial.state.is_final else trial.state
                found.append(self._as_seen(replace(trial, state=state), seen[trial.number]))
            elif trial.state.is_final and (curve := self._curve(trial)).values:
                found.append(curve)
        return found

    def _as_seen(self, trial: Trial, count: int) -> Curve:
        """With so many reports of the present attempt, and all of those before it."""
        attempts = attempts_of(self._store, self._spec, trial, self._spec.objective.metric)
        if len(attempts[-1]) < count:
            raise _missing(trial, count, len(attempts[-1]))
        seen = joined([*attempts[:-1], attempts[-1][:count]])
        return curve_of(trial, seen, worst=self._worst)

    def _own(self, trial: Trial, event: Stopping) -> Curve:
        known, count = event.seen.get(trial.number), event.report
        curve = self._curve(trial) if known is None else self._as_seen(trial, known)
        if len(curve) < count:
            raise _missing(trial, count, len(curve))
        return curve.upto(count)

    def _curve(self, trial: Trial) -> Curve:
        reports = reports_of(self._store, self._spec, trial, self._spec.objective.metric)
        return curve_of(trial, reports, worst=self._worst)


def _missing(trial: Trial, count: int, kept: int) -> Missing:
    return Missing(f"it saw {count} reports of trial {trial.number}, and {kept} are kept")


def _verdict(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {"numbers": numbers}


def _document(expected: Expected | None) -> dict[str, float] | None:
    return None if expected is None else {"value": expected.value, "sd": expected.sd}


def _listed(numbers: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in numbers.items())
