"""What an early-stopping rule is given and what it answers."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from itertools import accumulate
from typing import Any, Protocol, runtime_checkable

from dowse.domain.expected import Expected
from dowse.domain.metrics import Goal


class Standing(Enum):
    """How far the trial of a curve is."""

    RUNNING = "running"
    PAUSED = "paused"  # it waits for its promotion
    COMPLETED = "completed"  # it ran to its own end
    ENDED = "ended"  # stopped, failed or cancelled on the way


@dataclass(frozen=True, kw_only=True)
class Curve:
    """The reports of the objective by one trial, in order of arrival; finite values only, unless
    the rule has `counts_diverged`: then whatever is no finite number is the worst infinity.

    The k-th report is interval k (k from 1), whatever step the program gave it: steps are often
    all zero. Rules ask thousands of curves for their value at one interval, so what can be asked
    is worked out once. `steps` has the step of each report, or nothing where no rule asks for it.
    """

    trial: int
    values: tuple[float, ...]
    standing: Standing = Standing.RUNNING
    steps: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    def best(self, k: int, goal: Goal) -> float:
        """The best of the first k reports, or of all when there are fewer."""
        bests = self._highest if goal is Goal.MAXIMIZE else self._lowest
        return bests[min(k, len(bests)) - 1]

    def average(self, k: int) -> float:
        """The mean of the first k reports, or of all when there are fewer."""
        k = min(k, len(self.values))
        return self._sums[k - 1] / k

    def first_at(self, step: int) -> int | None:
        """The place of the first report of a step or a later one, where there is one."""
        place = bisect_left(self.furthest, step)
        return place if place < len(self.values) else None

    def is_whole(self, k: int) -> bool:
        """Whether it is of a completed trial, has k reports or more, and a finite last one."""
        return (
            self.standing is Standing.COMPLETED
            and len(self.values) >= k
            and math.isfinite(self.values[-1])
        )

    def upto(self, k: int) -> Curve:
        """The curve as it was with its first k reports."""
        return replace(self, values=self.values[:k], steps=self.steps[:k])

    @cached_property
    def furthest(self) -> tuple[int, ...]:
        """The greatest step up to each report; 0 where no steps are known."""
        return tuple(accumulate(self.steps, max)) or (0,) * len(self.values)

    @cached_property
    def _highest(self) -> tuple[float, ...]:
        return tuple(accumulate(self.values, max))

    @cached_property
    def _lowest(self) -> tuple[float, ...]:
        return tuple(accumulate(self.values, min))

    @cached_property
    def _sums(self) -> tuple[float, ...]:
        return tuple(accumulate(self.values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Stop or go on. `reason` is a sentence for people, `numbers` recompute to the verdict.

    With `pause` the stop is for now: the trial may be promoted later and then goes on. `expected`
    is the predicted final value, from a rule that predicts one.
    """

    stop: bool
    pause: bool = False
    reason: str = ""
    numbers: Mapping[str, Any] = field(default_factory=dict)
    expected: Expected | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """A paused trial that is to go on, and why: as in a verdict."""

    trial: int
    reason: str
    numbers: Mapping[str, Any] = field(default_factory=dict)


GO_ON = Verdict(stop=False)


class StoppingRule(Protocol):
    """Whether a running trial should be stopped at its latest report."""

    def decide(self, curve: Curve, others: Sequence[Curve], goal: Goal) -> Verdict:
        """`others` are the curves of all other trials of the job that have reported. The service
        gives `Others`, which also answers for thousands of them at once.
        """
        ...


def counts_diverged(rule: StoppingRule) -> bool:
    """Whether a rule also counts reports that are no finite numbers, as the worst there is."""
    return bool(getattr(rule, "counts_diverged", False))


@runtime_checkable
class PausingRule(StoppingRule, Protocol):
    """A rule that pauses trials, and may have chosen not to (`resume` false)."""

    @property
    def resume(self) -> bool: ...

    def promote(self, curves: Sequence[Curve], goal: Goal) -> Promotion | None:
        """Which paused trial is to go on before a new one is begun, if any.

        `curves` are those of all trials of the job that have reported.
        """
        ...
