"""Sobol points: a sequence that fills the unit cube more evenly than random points do.

    V   (m, bits) direction numbers of m dimensions as integers; point k is the exclusive or of
        those columns where the Gray code of k has a one

Scrambled by the seed: a random lower-triangular matrix times each dimension's digits, then a
digital shift (Matousek 1998), which keeps the evenness and takes away the bias of a fixed grid.
Sources: Sobol (1967); direction numbers of Joe and Kuo (2008), for the first dimensions; what a
space has beyond them is filled with independent random numbers, since evenness in that many
dimensions needs more points than anybody asks for.
"""

import numpy as np

from dowse.numerics.arrays import FloatArray, IntArray

BITS = 30

# Per dimension after the first: the primitive polynomial over GF(2), its highest coefficient
# first in binary, and the initial direction numbers.
_JOE_KUO: tuple[tuple[int, tuple[int, ...]], ...] = (
    (3, (1,)),
    (7, (1, 3)),
    (11, (1, 3, 1)),
    (13, (1, 1, 1)),
    (19, (1, 1, 3, 3)),
    (25, (1, 3, 5, 13)),
    (37, (1, 1, 5, 5, 17)),
    (41, (1, 1, 5, 5, 5)),
    (47, (1, 1, 7, 11, 19)),
    (55, (1, 1, 5, 1, 1)),
    (59, (1, 1, 1, 3, 11)),
    (61, (1, 3, 5, 5, 31)),
    (67, (1, 3, 3, 9, 7, 49)),
    (91, (1, 1, 1, 15, 21, 21)),
    (97, (1, 3, 1, 13, 27, 49)),
    (103, (1, 1, 1, 15, 7, 5)),
    (109, (1, 3, 1, 15, 13, 25)),
    (115, (1, 1, 5, 5, 19, 61)),
    (131, (1, 3, 7, 11, 23, 15, 103)),
    (137, (1, 3, 7, 13, 13, 15, 69)),
    (143, (1, 1, 3, 13, 7, 35, 63)),
    (145, (1, 3, 5, 9, 1, 25, 53)),
    (157, (1, 3, 1, 13, 9, 35, 107)),
    (167, (1, 3, 1, 5, 27, 61, 31)),
    (171, (1, 1, 5, 11, 19, 41, 61)),
    (185, (1, 3, 5, 3, 3, 13, 69)),
    (191, (1, 1, 7, 13, 1, 19, 1)),
    (193, (1, 3, 7, 5, 13, 19, 59)),
    (203, (1, 1, 3, 9, 25, 29, 41)),
    (211, (1, 3, 5, 13, 23, 1, 55)),
    (213, (1, 3, 7, 3, 13, 59, 17)),
    (229, (1, 3, 1, 3, 5, 53, 69)),
    (239, (1, 1, 5, 5, 23, 33, 13)),
    (241, (1, 1, 7, 7, 1, 61, 123)),
    (247, (1, 1, 7, 9, 13, 61, 49)),
    (253, (1, 3, 3, 5, 3, 55, 33)),
    (285, (1, 3, 1, 15, 31, 13, 49, 245)),
    (299, (1, 3, 5, 15, 31, 59, 63, 97)),
    (301, (1, 3, 1, 11, 11, 11, 77, 249)),
)


def _directions(polynomial: int, initial: tuple[int, ...]) -> list[int]:
    """(bits,) direction numbers v_i = m_i 2^(bits - i) of one dimension by its recurrence."""
    degree = polynomial.bit_length() - 1
    m = list(initial)
    for i in range(degree, BITS):
        new = m[i - degree] ^ (m[i - degree] << degree)
        for k in range(1, degree):
            if polynomial >> (degree - k) & 1:
                new ^= m[i - k] << k
        m.append(new)
    return [value << (BITS - 1 - i) for i, value in enumerate(m)]


_DIRECTIONS: list[list[int]] = []


def _direction_matrix(d: int) -> IntArray:
    """(d, bits) direction numbers, the first dimension being van der Corput's sequence."""
    if not _DIRECTIONS:
        _DIRECTIONS.append([1 << (BITS - 1 - i) for i in range(BITS)])
        _DIRECTIONS.extend(_directions(p, m) for p, m in _JOE_KUO)
    return np.array(_DIRECTIONS[:d], dtype=np.intp).reshape(-1, BITS)


def _scrambled(V: IntArray, rng: np.random.Generator) -> IntArray:
    """Each dimension's digits multiplied by a random lower-triangular matrix over GF(2)."""
    places = np.arange(BITS - 1, -1, -1)
    digits = (V[:, :, None] >> places) & 1
    lower = np.tril(rng.integers(0, 2, (len(V), BITS, BITS)), -1) + np.eye(BITS, dtype=np.intp)
    mixed = np.matmul(digits, lower.transpose(0, 2, 1)) & 1
    return np.asarray((mixed << places).sum(2), dtype=np.intp)


class Sobol:
    """A scrambled sequence in d dimensions, determined by `entropy`."""

    def __init__(self, d: int, entropy: list[int]) -> None:
        rng = np.random.default_rng(entropy)
        self._d = d
        self._entropy = entropy
        self._V = _scrambled(_direction_matrix(d), rng)
        self._shift = rng.integers(0, 1 << BITS, len(self._V))

    def point(self, k: int) -> FloatArray:
        """(d,) the k-th point, k from 0, strictly inside the unit cube."""
        gray = k ^ (k >> 1)
        ones = [i for i in range(BITS) if gray >> i & 1]
        digits = np.bitwise_xor.reduce(self._V[:, ones], axis=1, initial=0) ^ self._shift
        point = np.empty(self._d)
        point[: len(digits)] = (digits + 0.5) / (1 << BITS)
        if len(digits) < self._d:
            rest = np.random.default_rng([*self._entropy, k])
            point[len(digits) :] = rest.random(self._d - len(digits))
        return point

    def points(self, count: int) -> FloatArray:
        """(count, d) the first points at once."""
        k = np.arange(count)
        gray = k ^ (k >> 1)
        digits = np.broadcast_to(self._shift, (count, len(self._shift))).copy()
        for i in range(int(gray.max(initial=0)).bit_length()):
            digits ^= (gray >> i & 1)[:, None] * self._V[:, i]
        points = np.empty((count, self._d))
        points[:, : digits.shape[1]] = (digits + 0.5) / (1 << BITS)
        if digits.shape[1] < self._d:
            rest = np.random.default_rng([*self._entropy, count])
            points[:, digits.shape[1] :] = rest.random((count, self._d - digits.shape[1]))
        return points
