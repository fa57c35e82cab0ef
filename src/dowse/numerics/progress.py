"""Whether a search still makes progress."""

from dowse.numerics.arrays import FloatArray

PATIENCE = 8
"""Results without progress after which a whole search counts as refined."""
# Less than this, in standard deviations of the warped values, is no progress.
_PROGRESS = 0.05
_BEFORE = 2


def refined(z: FloatArray, patience: int = PATIENCE) -> bool:
    """Whether the last `patience` of the results z (m,), smaller being better, were hardly better
    than the best of those before.
    """
    if len(z) < patience + _BEFORE:
        return False
    return bool(z[:-patience].min() - z.min() < _PROGRESS)
