"""The brackets of Hyperband (Li et al. 2018): how hard trials are judged, and which trial how.

Early reports may mislead. So Hyperband divides the trials among brackets: those of the first are
compared from the first rung on, those of the next from the second, and so forth. Each bracket gets
about the same share of all work, which is many short trials in the first and few long ones in the
last.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from dowse.numerics.arrays import IntArray


@cache
def trials_of_brackets(brackets: int, factor: int) -> tuple[int, ...]:
    """How many of the trials of one round go to each bracket, the hardest first.

    Hyperband's own numbers: bracket b of B begins with ceil(B / (B - b) * factor ** (B - 1 - b)).
    """
    return tuple(
        -(-brackets * factor ** (brackets - 1 - b) // (brackets - b)) for b in range(brackets)
    )


def bracket_of(trial: int, *, brackets: int, factor: int) -> int:
    """The bracket (from 0) of a trial (from 1); each bracket's trials are spread over a round."""
    if brackets == 1:
        return 0
    places = _round(brackets, factor)
    return places[(trial - 1) % len(places)]


def brackets_of(trials: IntArray, *, brackets: int, factor: int) -> IntArray:
    """(n,) those of n trials."""
    places = np.array(_round(brackets, factor))
    return np.asarray(places[(trials - 1) % len(places)])


@cache
def _round(brackets: int, factor: int) -> tuple[int, ...]:
    """The brackets of one round of trials: each time, the one that is furthest behind its share."""
    shares = trials_of_brackets(brackets, factor)
    total = sum(shares)
    behind = [0] * brackets
    places = []
    for _ in range(total):
        behind = [late + share for late, share in zip(behind, shares, strict=True)]
        chosen = max(range(brackets), key=behind.__getitem__)
        behind[chosen] -= total
        places.append(chosen)
    return tuple(places)
