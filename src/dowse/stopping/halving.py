"""Asynchronous successive halving, ASHA (Li et al. 2020), alone and in the brackets of Hyperband.

Trials are compared on rungs that lie ever further apart: after r, r·η, r·η² ... reports. Of the n
trials that have reached a rung, the best n // η may go on. A trial that arrives is judged at once,
against those that were there before it; nothing waits for a rung to be full.

A program that can continue is *paused* on a rung and promoted when its turn comes: when enough
others have arrived behind it, it goes on from its checkpoint. Where it cannot, a trial that does
not belong to the best when it arrives is stopped for good.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dowse.domain.metrics import Goal
from dowse.errors import Problem
from dowse.stopping.brackets import bracket_of, brackets_of
from dowse.stopping.intervals import refuse
from dowse.stopping.others import Column, Others
from dowse.stopping.protocol import GO_ON, Curve, Promotion, Standing, Verdict
from dowse.stopping.rungs import Resource, Rungs


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a trial stands on a rung. `allowed` of the trials that are `compared` may go on."""

    rung: int
    value: float
    rank: int
    compared: int
    allowed: int

    @property
    def is_measured(self) -> bool:
        """Whether the trial has a number to go on with: one that diverged is never let go on."""
        return math.isfinite(self.value)

    def words(self) -> str:
        """`0.25 is 3rd of 5`."""
        value = f"{self.value:.6g}" if self.is_measured else "a value that is no finite number"
        return f"{value} is {_ordinal(self.rank)} of {self.compared}"

    def numbers(self, **further: int) -> dict[str, object]:
        return {
            "rung": self.rung + 1,
            "value": self.value if self.is_measured else None,
            "rank": self.rank,
            "compared": self.compared,
            "allowed": self.allowed,
            **further,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class HalvingRule:
    """Trials of one of `brackets` are compared with each other only; one bracket is plain ASHA."""

    rungs: Rungs
    brackets: int = 1
    resume: bool = False

    @property
    def counts_diverged(self) -> bool:
        """A training that only reports NaN must not be the one that no rung ever stops."""
        return True

    def decide(self, curve: Curve, others: Sequence[Curve], goal: Goal) -> Verdict:
        rung = self.rungs.entered(curve)
        bracket = self._bracket(curve)
        if rung is None or rung < bracket:
            return GO_ON
        value = self.rungs.reached(curve, rung)
        assert value is not None
        rivals = self._rivals(bracket, Others.of(others, goal), rung)
        place = self._place(curve.trial, value, rivals, rung, goal, beside=1)
        least = 0 if self.resume else 1
        if place.is_measured and place.rank <= max(place.allowed, least):
            return GO_ON
        where, rank = self.rungs.words(rung), place.words()
        if self.resume:
            reason = f"waits at {where}: {rank}, {_how_many(place.allowed)} promoted"
        else:
            reason = f"at {where} {rank}, {_how_many(max(place.allowed, 1))} let go on"
        return Verdict(
            stop=True,
            pause=self.resume,
            reason=f"{reason}{self._words(bracket)}",
            numbers=self._numbers(place, bracket),
        )

    def promote(self, curves: Sequence[Curve], goal: Goal) -> Promotion | None:
        """The best of those that may leave the highest rung from which one may."""
        if not self.resume:
            return None
        others = Others.of(curves, goal)
        found = (
            promotion
            for bracket in range(self.brackets)
            for promotion in self._promotions(bracket, others, goal)
        )
        # Whoever has come furthest goes first: it is nearest to a result.
        return max(found, key=lambda each: int(each.numbers["rung"]), default=None)

    def _promotions(self, bracket: int, others: Others, goal: Goal) -> Iterator[Promotion]:
        rung, here = 0, self._rivals(bracket, others, 0)
        while len(here.values):
            further = self._rivals(bracket, others, rung + 1)
            waiting = here.where(here.are(Standing.PAUSED) & here.but(further))
            if len(waiting.values):
                value, trial = _first(waiting, goal)
                place = self._place(trial, value, here, rung, goal)
                if place.is_measured and place.rank <= place.allowed:
                    yield self._promotion(trial, place, bracket)
            rung, here = rung + 1, further

    def _promotion(self, trial: int, place: _Place, bracket: int) -> Promotion:
        return Promotion(
            trial=trial,
            reason=(
                f"promoted from {self.rungs.words(place.rung)}: {place.words()}, "
                f"{_how_many(place.allowed)} promoted{self._words(bracket)}"
            ),
            numbers=self._numbers(place, bracket),
        )

    def _rivals(self, bracket: int, others: Others, rung: int) -> Column:
        """What the trials of a bracket had on a rung."""
        found = self.rungs.there(others, rung)
        if self.brackets == 1:
            return found
        brackets = brackets_of(found.trials, brackets=self.brackets, factor=self.rungs.factor)
        return found.where(brackets == bracket)

    def _place(
        self, trial: int, value: float, rivals: Column, rung: int, goal: Goal, *, beside: int = 0
    ) -> _Place:
        """Where a trial that has reached a rung stands: one of the rivals, or `beside` them. Of
        equal values the older trial's is before.
        """
        values, trials, _ = rivals
        before = values > value if goal is Goal.MAXIMIZE else values < value
        before |= (values == value) & (trials < trial)
        compared = len(values) + beside
        return _Place(
            rung=rung,
            value=value,
            rank=int(np.count_nonzero(before)) + 1,
            compared=compared,
            allowed=compared // self.rungs.factor,
        )

    def _bracket(self, curve: Curve) -> int:
        return bracket_of(curve.trial, brackets=self.brackets, factor=self.rungs.factor)

    def _numbers(self, place: _Place, bracket: int) -> dict[str, object]:
        bracketed = {"bracket": bracket + 1} if self.brackets > 1 else {}
        return place.numbers(reached=self.rungs.at(place.rung), **bracketed)

    def _words(self, bracket: int) -> str:
        return f" in bracket {bracket + 1}" if self.brackets > 1 else ""


def asha(
    *,
    min_resource: int = 1,
    max_resource: int | None = None,
    reduction_factor: int = 3,
    resource: str = "reports",
    resume: bool = False,
) -> HalvingRule:
    """One bracket. Raises InvalidInput for options that make no sense."""
    refuse(_problems(min_resource, max_resource, reduction_factor, resource, resume=resume))
    rungs = Rungs(
        least=min_resource,
        factor=reduction_factor,
        most=max_resource,
        resource=Resource(resource),
    )
    return HalvingRule(rungs=rungs, resume=resume)


def hyperband(
    *,
    min_resource: int = 1,
    max_resource: int | None = None,
    reduction_factor: int = 3,
    brackets: int | None = None,
    resource: str = "reports",
    resume: bool = False,
) -> HalvingRule:
    """As many brackets as there are rungs below `max_resource`, and one, unless they are given."""
    plain = asha(
        min_resource=min_resource,
        max_resource=max_resource,
        reduction_factor=reduction_factor,
        resource=resource,
        resume=resume,
    )
    most = None if plain.rungs.count is None else plain.rungs.count + 1
    refuse(_bracket_problems(brackets, most))
    count = brackets if brackets is not None else most
    assert count is not None
    return replace(plain, brackets=count)


MAX_BRACKETS = 10
"""More would begin beyond any training: at 3 to the power of 10 times the first rung."""


def _problems(
    least: int, most: int | None, factor: int, resource: str, *, resume: bool
) -> Iterator[Problem]:
    wholes = [("min_resource", least, 1), ("reduction_factor", factor, 2)]
    if most is not None:
        wholes.append(("max_resource", most, least + 1 if type(least) is int else 2))
    for name, value, low in wholes:
        if type(value) is not int or value < low:
            message = f"must be a whole number of {low} or more, got {value!r}"
            yield Problem(path=f"early_stopping.{name}", message=message)
    kinds = [each.value for each in Resource]
    if resource not in kinds:
        message = f"must be one of {', '.join(kinds)}, got {resource!r}"
        yield Problem(path="early_stopping.resource", message=message)
    if not isinstance(resume, bool):
        message = f"must be true or false, got {resume!r}"
        yield Problem(path="early_stopping.resume", message=message)


def _bracket_problems(brackets: int | None, most: int | None) -> Iterator[Problem]:
    if brackets is None and most is None:
        message = "hyperband needs max_resource, the length of a whole trial, or brackets"
        yield Problem(path="early_stopping", message=message)
    if brackets is None:
        return
    limit = MAX_BRACKETS if most is None else most
    if type(brackets) is not int or not 1 <= brackets <= limit:
        why = "" if most is None else " (one for each rung, and one without)"
        message = f"must be a whole number from 1 to {limit}{why}, got {brackets!r}"
        yield Problem(path="early_stopping.brackets", message=message)


def _first(column: Column, goal: Goal) -> tuple[float, int]:
    """The best of at least one value, and whose it is; of equal ones the older trial's."""
    values, trials, _ = column
    best = values.max() if goal is Goal.MAXIMIZE else values.min()
    return float(best), int(trials[values == best].min())


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


def _how_many(number: int) -> str:
    """`1 is`, `3 are`."""
    return f"{number} {'is' if number == 1 else 'are'}"
