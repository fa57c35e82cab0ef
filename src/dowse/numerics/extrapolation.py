"""Where learning curves end: families of shapes, fitted to each and weighted by how well they fit.

    Y   (n, k) values of n curves at their first k reports
    E   (n, s) end of each curve under each of s shapes

A family y(t) = a + b g(t) is linear in a and b once its shape g is fixed. So a few shapes stand for
each family, fitting is one product with a matrix that depends on k alone, and nothing is searched
for. Source: Domhan et al. (2015), Speeding up automatic hyperparameter optimization of deep neural
networks by extrapolation of learning curves; their power laws and exponentials.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from dowse.numerics.arrays import FloatArray, IntArray

_POWERS = (0.3, 0.7, 1.5)
_DECAYS = (1.0, 4.0)
"""Times the curve so far."""
_FEWEST = 3
"""Reports that can tell a shape from a line."""
_SETTLED_FROM = 8
"""From so many reports on the first quarter is left out: it is the start that fits no family."""
_COARSE = 64
"""Longer curves are taken as the means of so many stretches."""
_MOST_WEIGHT = 20
"""Reports of one curve are no independent witnesses: more than so many do not count."""
_FARTHEST = 2.0
"""How far an end may lie from the last value, in units of the values."""


def ends(Y: FloatArray, horizon: int) -> FloatArray:
    """(n,) the value that each curve is heading for at report `horizon`."""
    k = Y.shape[1]
    last = latest(Y)
    if k < _FEWEST:
        return last
    edges = _edges(k)
    means = np.add.reduceat(Y, edges[:-1], axis=1)[:, : len(edges) - 1] / np.diff(edges)
    shapes = _shapes(k, horizon)
    # (n, s, 2), a and b of each: one small product, which no linear algebra spreads over threads.
    AB = (means @ shapes.solve).reshape(len(Y), -1, 2)
    E = (AB * shapes.at_end).sum(axis=2)
    misfit = np.stack([_misfit(means - AB[:, i] @ A.T) for i, A in enumerate(shapes.A)], axis=1)
    m = len(edges) - 1
    likelihood = -0.5 * min(m, _MOST_WEIGHT) * np.log(misfit + 1e-8 * m)
    weight = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    found = (weight * E).sum(axis=1) / weight.sum(axis=1)
    return np.asarray(np.clip(found, last - _FARTHEST, last + _FARTHEST))


def latest(Y: FloatArray) -> FloatArray:
    """(n,) where each curve is: the mean of its last few reports."""
    k = Y.shape[1]
    width = max(1, min(k // 4, max(5, k // 20)))
    return np.asarray(Y[:, -width:].mean(axis=1))


def _misfit(residual: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("ij,ij->i", residual, residual))


@lru_cache(maxsize=512)
def _edges(k: int) -> IntArray:
    """Where the stretches of reports begin that are taken together, and where the last one ends."""
    first = 0 if k < _SETTLED_FROM else k // 4
    return np.round(np.linspace(first, k, min(k - first, _COARSE) + 1)).astype(np.intp)


class _Shapes(NamedTuple):
    """Of s shapes for the means of m stretches."""

    solve: FloatArray
    """(m, 2s) what gives a and b under each."""
    A: tuple[FloatArray, ...]
    """(m, 2) for each, what gives the fitted curve of them."""
    at_end: FloatArray
    """(s, 2) what gives the end."""


@lru_cache(maxsize=512)
def _shapes(k: int, horizon: int) -> _Shapes:
    edges = _edges(k)
    t = (edges[:-1] + 1 + edges[1:]) / 2.0
    at = np.append(t, float(horizon))
    curves = [at**-power for power in _POWERS] + [np.exp(-decay * at / k) for decay in _DECAYS]
    every = tuple(np.column_stack([np.ones(len(t)), curve[:-1]]) for curve in curves)
    ridge = np.diag([0.0, 1e-6])
    return _Shapes(
        solve=np.hstack([np.linalg.solve(A.T @ A + ridge, A.T).T for A in every]),
        A=every,
        at_end=np.array([[1.0, curve[-1]] for curve in curves]),
    )
