"""Feasible points of a space in the model's coordinates: what searches start from and averages run
over.

    X   (m, d) points of `Coordinates`
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np

from dowse.domain.space import Assignment
from dowse.numerics.arrays import FloatArray
from dowse.surrogate.encoding import Encoding
from dowse.surrogate.sampling import Sampler

_OVERDRAWN = 4
_FEW = 32


def spread(
    encoding: Encoding, sampler: Sampler, count: int, rng: np.random.Generator
) -> FloatArray:
    """At most `count` feasible points all over the space; none where none is found."""
    coordinates = encoding.coordinates
    if not encoding.space.relations:
        return coordinates.from_unit(rng.random((count, coordinates.d)))
    if not sampler.tables:
        drawn = coordinates.from_unit(rng.random((_OVERDRAWN * count, coordinates.d)))
        drawn = drawn[encoding.feasible(drawn)][:count]
        if len(drawn) >= min(_FEW, count):
            return drawn
    return placed(encoding, list(islice(sampler.random(rng), count)), rng)


def placed(
    encoding: Encoding, assignments: Sequence[Assignment], rng: np.random.Generator
) -> FloatArray:
    """Points of assignments, with random values where a parameter is inactive."""
    coordinates = encoding.coordinates
    filling = coordinates.from_unit(rng.random((max(1, len(assignments)), coordinates.d)))
    return filled(encoding.encode(assignments), filling)


def filled(X: FloatArray, filling: FloatArray) -> FloatArray:
    """X with unknown and inactive values replaced by those of the rows of `filling`, in turn."""
    rows = np.arange(len(X)) % len(filling)
    return np.where(np.isnan(X), filling[rows], X)
