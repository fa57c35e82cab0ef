"""Whether the numbers of a stored decision lead to it, whatever rule made it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from dowse.domain.metrics import Goal, better


def leads_to_stop(numbers: Mapping[str, Any], goal: Goal) -> bool:
    """By the comparison that the numbers are of. Raises ValueError where they are of none that is
    known here, as those of a plug-in's rule.
    """
    match numbers:
        case {"rank": rank, "chance": said, "threshold": threshold}:
            again = _chance(numbers, rank)
            return math.isclose(again, said, rel_tol=1e-9) and again < float(threshold)
        case {"lost": lost, "threshold": threshold}:
            return bool(lost >= threshold)
        case {"best": best, "median": median}:
            return better(median, best, goal)
        case {"best": best, "leading": _, "threshold": threshold}:
            return better(threshold, best, goal)
        case {"rank": rank, "last_to_stay": last}:
            return bool(rank > last)
    raise ValueError(f"numbers of no rule that is known: {', '.join(numbers)}")


def _chance(numbers: Mapping[str, Any], rank: float) -> float:
    """By the prediction, or by the rank where nothing could be predicted."""
    # Loads SciPy, which the other comparisons do not need.
    from dowse.stopping.forecast import chance, chance_of_rank

    if "mean" not in numbers:
        return chance_of_rank(rank, numbers["ranked_at"])
    return chance(numbers["mean"], numbers["spread"], numbers["degrees"], rank)
