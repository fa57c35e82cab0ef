"""Whether a search still makes progress."""

from dowse.numerics.arrays import FloatArray

PATIENCE = 8
"""Results without progress after which a whole search counts as refined."""
PROGRESS = 0.05
"""Less than this, in standard deviations of the warped values, is hardly any progress."""
_BEFORE = 2


def refined(z: FloatArray, patience: int = PATIENCE, progress: float = PROGRESS) -> bool:
    """Whether the last `patience` of the results z (m,), smaller being better, gained less than
    `progress` on the best of those before.
    """
    if len(z) < patience + _BEFORE:
        return False
    return bool(z[:-patience].min() - z.min() < progress)
