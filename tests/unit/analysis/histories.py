"""Histories of functions, for tests of what they say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np

from dowse import SearchSpace
from dowse.domain.history import Ending, History, Observation
from dowse.domain.space import Assignment
from dowse.surrogate.sampling import sampler_for


def told(
    space: SearchSpace,
    function: Callable[[Assignment], float | None],
    trials: int,
    seed: int = 0,
) -> History:
    """Random configurations and their values; None is a failed trial."""
    drawn = islice(sampler_for(space).random(np.random.default_rng(seed)), trials)
    return history([(parameters, function(parameters)) for parameters in drawn])


def history(results: Sequence[tuple[Assignment, float | None]]) -> History:
    return History(
        observations=tuple(
            Observation(
                number=i + 1,
                parameters=parameters,
                ending=Ending.FAILED if value is None else Ending.MEASURED,
                value=value,
            )
            for i, (parameters, value) in enumerate(results)
        )
    )
