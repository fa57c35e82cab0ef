"""The logical order: suggestion k is made from the results of the trials up to k - lag alone.

Whatever runs beside what, the suggestions then follow from the seed and the results. `lag` is the
number of parallel trials that the job was submitted with; a later edit changes nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence

from dowse.domain.history import History
from dowse.domain.targets import Targets
from dowse.domain.trial import Trial
from dowse.service.histories import history_of


def next_number(trials: Sequence[Trial]) -> int:
    return max((trial.number for trial in trials), default=0) + 1


def known_upto(trials: Sequence[Trial], lag: int) -> int:
    """The last trial whose result the next suggestion may see; below 1 for none."""
    return next_number(trials) - lag


def visible(trials: Sequence[Trial], targets: Targets, lag: int | None) -> History:
    """What the next suggestion may see; all that there is without a lag."""
    return history_of(trials, targets, upto=None if lag is None else known_upto(trials, lag))


def awaited(trials: Sequence[Trial], lag: int) -> int | None:
    """The first trial that has to end before the next suggestion can be asked for."""
    last = known_upto(trials, lag)
    return min(
        (one.number for one in trials if one.number <= last and not one.state.is_final),
        default=None,
    )
