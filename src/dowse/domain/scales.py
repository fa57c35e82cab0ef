"""How a numeric range is stretched onto a coordinate on which equal steps mean equal change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Scale(StrEnum):
    LINEAR = "linear"
    LOG = "log"
    REVERSE_LOG = "reverse_log"


LARGEST_LOG = 709.0
"""exp of more than this is not a float; only the tail of an unbounded lognormal goes there."""


SMALLEST_SHARE = 1e-290
"""Of a bell: the relative precision of floats ends near 1e-308."""


@dataclass(frozen=True, slots=True)
class Normal:
    """A bell over the scale's own coordinate (ln v on a log scale); `sigma` > 0."""

    mu: float
    sigma: float


def coordinate(value: float, scale: Scale | str, low: float, high: float) -> float:
    """The increasing coordinate t(value): v, ln v, or -ln(high + low - v)."""
    if scale == Scale.LOG:
        return math.log(value)
    if scale == Scale.REVERSE_LOG:
        return -math.log(high + low - value)
    return value


def from_coordinate(t: float, scale: Scale | str, low: float, high: float) -> float:
    """The inverse of `coordinate`."""
    if scale == Scale.LOG:
        return math.exp(min(t, LARGEST_LOG))
    if scale == Scale.REVERSE_LOG:
        return high + low - math.exp(-t)
    return t


def quantile(u: float, start: float, stop: float, prior: Normal | None) -> float:
    """The coordinate below which a share `u` of the distribution on [start, stop] lies."""
    if prior is None or _is_flat(prior, start, stop):
        return start + (stop - start) * u
    if start > prior.mu:  # The lower tail is the one that floats resolve.
        return -quantile(1 - u, -stop, -start, Normal(-prior.mu, prior.sigma))
    from statistics import NormalDist

    below, above = _cumulated(start, prior), _cumulated(stop, prior)
    # inv_cdf is not defined at 0 and 1; the clamp is beyond eight standard deviations.
    share = min(max(below + (above - below) * u, 1e-300), 1 - 1e-15)
    return min(max(NormalDist(prior.mu, prior.sigma).inv_cdf(share), start), stop)


def share_below(t: float, start: float, stop: float, prior: Normal | None) -> float:
    """The inverse of `quantile`, clamped to [0, 1]."""
    if prior is None or _is_flat(prior, start, stop):
        share = (t - start) / (stop - start) if stop > start else 0.5
    elif start > prior.mu:
        return 1 - share_below(-t, -stop, -start, Normal(-prior.mu, prior.sigma))
    else:
        below, above = _cumulated(start, prior), _cumulated(stop, prior)
        share = (_cumulated(t, prior) - below) / (above - below) if above > below else 0.5
    return min(max(share, 0.0), 1.0)


def reaches(prior: Normal, start: float, stop: float) -> bool:
    """Whether a bell has a share on [start, stop] that floats can divide: up to some 36 sigma."""
    if _is_flat(prior, start, stop):
        return True
    if start > prior.mu:
        return reaches(Normal(-prior.mu, prior.sigma), -stop, -start)
    return _cumulated(stop, prior) - _cumulated(start, prior) > SMALLEST_SHARE


def _is_flat(prior: Normal, start: float, stop: float) -> bool:
    """Whether the bell is level over so narrow a range that only rounding would be left of it."""
    return stop - start < 1e-9 * prior.sigma


def _cumulated(t: float, prior: Normal) -> float:
    """The share of the whole bell below t, to full precision where it is small."""
    return 0.5 * math.erfc((prior.mu - t) / (prior.sigma * math.sqrt(2)))
