"""What a suggester sees: values only, nothing live (rule 3 of the design)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from dowse.domain.expected import Expected
from dowse.domain.parameters import Value


class Ending(Enum):
    """What the end of a trial says about its configuration."""

    MEASURED = "measured"  # `value` is its objective; NaN and infinities included
    FAILED = "failed"  # it was tried and gave nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A trial that is over. `parameters` holds the active parameters only.

    It may lie outside the space: earlier ranges of a resumed or widened job are knowledge too.
    `value` is that of the first objective; `metrics` holds the values of the others, and of every
    metric that has a limit, by name. `expected` is what a stopped trial would have ended with.
    """

    number: int
    parameters: Mapping[str, Value]
    ending: Ending
    value: float | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    expected: Expected | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that is known when a suggestion is made.

    `observations` and `pending` are ordered by trial number. `index` is the number of
    suggestions made before this one: with the seed it determines all randomness.
    """

    observations: tuple[Observation, ...] = ()
    pending: tuple[Mapping[str, Value], ...] = ()
    index: int = 0
