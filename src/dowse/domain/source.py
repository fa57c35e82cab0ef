"""An earlier study that a suggester may learn from."""

from __future__ import annotations

from dataclasses import dataclass

from dowse.domain.history import Observation
from dowse.domain.metrics import Goal
from dowse.domain.space import SearchSpace


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """What is known of a study that went before: its space, its goal and its observations.

    It may have had other ranges, other labels, and more or fewer parameters; what the spaces share
    by name is learnt from. `trust`, above 0 and at most 1, is how much it counts before results
    say whether it should. A source equals itself alone, so that what was fitted to it is found
    again.
    """

    name: str
    space: SearchSpace
    goal: Goal
    observations: tuple[Observation, ...]
    trust: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 < self.trust <= 1.0:
            raise ValueError(f"trust lies above 0 and at most at 1, got {self.trust!r}")
