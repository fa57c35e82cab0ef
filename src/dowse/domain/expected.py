"""What a trial that was stopped would have ended with."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A predicted final value of the objective and its standard deviation."""

    value: float
    sd: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.value) or not math.isfinite(self.sd) or self.sd < 0.0:
            raise ValueError(f"a prediction is finite and its deviation 0 or more, got {self}")
