"""What an early-stopping rule is given and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from dowse.domain.metrics import Goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The reports of the objective by one trial, in order of arrival; finite values only.

    The k-th report is interval k (k from 1), whatever step the program gave it: steps are often
    all zero. `finished` is true for a trial that ran to its own end.
    """

    trial: int
    values: tuple[float, ...]
    finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Stop or go on. `reason` is a sentence for people, `numbers` recompute to the verdict."""

    stop: bool
    reason: str = ""
    numbers: Mapping[str, Any] = field(default_factory=dict)


GO_ON = Verdict(stop=False)


class StoppingRule(Protocol):
    """Whether a running trial should be stopped at its latest report."""

    def decide(self, curve: Curve, others: Sequence[Curve], goal: Goal) -> Verdict: ...
