"""What a point is worth trying, from the posterior mean and standard deviation there; everything is
maximised.

mean, sd    (m,) posterior of the (warped, minimised) objective
best        the incumbent: the smallest posterior mean at an observed point, which under noise is
            not the luckiest value
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dowse.numerics.arrays import FloatArray, IntArray
from dowse.numerics.gp import Posterior
from dowse.numerics.stable import log_h, log_ndtr


class Criterion(Protocol):
    """A function of mean and standard deviation."""

    def __call__(
        self, mean: FloatArray, sd: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Value (m,) and its partial derivatives by mean and by sd."""
        ...


class Term(Protocol):
    """A function of features F (m, D) that may be added to others."""

    def __call__(self, F: FloatArray) -> FloatArray: ...

    def with_gradient(self, F: FloatArray) -> tuple[FloatArray, FloatArray]: ...


@dataclass(frozen=True, slots=True)
class LogExpectedImprovement:
    """log E[max(best - f, 0)] = log h((best - mean) / sd) + log sd. Source: Ament et al. (2023)."""

    best: float

    def __call__(
        self, mean: FloatArray, sd: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        z = (self.best - mean) / sd
        value, slope = log_h(z)
        return value + np.log(sd), -slope / sd, (1.0 - slope * z) / sd


@dataclass(frozen=True, slots=True)
class ConfidenceBound:
    """-(mean - beta sd): how good the point may well be. Source: Srinivas et al. (2010)."""

    beta: float

    def __call__(
        self, mean: FloatArray, sd: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        ones = np.ones_like(mean)
        return self.beta * sd - mean, -ones, self.beta * ones


@dataclass(frozen=True, slots=True)
class LogProbabilityBelow:
    """log P(f <= bound): how likely a limit is kept. Source: Gardner et al. (2014)."""

    bound: float

    def __call__(
        self, mean: FloatArray, sd: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        z = (self.bound - mean) / sd
        value, slope = log_ndtr(z)
        return value, -slope / sd, -slope * z / sd


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition:
    """A criterion on one posterior, as a function of features F (m, D)."""

    posterior: Posterior
    criterion: Criterion

    @property
    def scale(self) -> FloatArray:
        """(D,) lengthscale of each feature column."""
        return self.posterior.scale

    def __call__(self, F: FloatArray) -> FloatArray:
        mean, variance = self.posterior.predict(F)
        return self.criterion(mean, np.sqrt(variance))[0]

    def with_gradient(self, F: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Values (m,) and gradients by F (m, D)."""
        cross = self.posterior.cross(F)
        value, by_mean, by_sd = self.criterion(cross.mean, np.sqrt(cross.variance))
        return value, self.posterior.pull_back(cross, by_mean, by_sd)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bells:
    """Where the user expects good values: a normal density over each of some feature columns.

    `centre` and `width` (p,) are in units of the columns named.
    """

    columns: IntArray
    centre: FloatArray
    width: FloatArray

    def log_density(self, F: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Logarithm (m,) up to a constant, and its gradient by F (m, D)."""
        z = (F[:, self.columns] - self.centre) / self.width
        gradient = np.zeros_like(F)
        gradient[:, self.columns] = -z / self.width
        return -0.5 * np.einsum("ij,ij->i", z, z), gradient


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Preference:
    """`weight` times the log density of what the user expects, to be added to an acquisition.

    With a weight that falls as results come in, a wrong expectation costs time and not the result.
    Source: Hvarfner et al., piBO (2022), equation 6, in logarithms.
    """

    bells: Bells
    weight: float

    def __call__(self, F: FloatArray) -> FloatArray:
        return self.weight * self.bells.log_density(F)[0]

    def with_gradient(self, F: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Values (m,) and gradients by F (m, D)."""
        density, slope = self.bells.log_density(F)
        return self.weight * density, self.weight * slope


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sum:
    """Several functions of features added up; `scale` (D,) is over which length they change."""

    terms: tuple[Term, ...]
    scale: FloatArray

    def __call__(self, F: FloatArray) -> FloatArray:
        value = self.terms[0](F)
        for term in self.terms[1:]:
            value = value + term(F)
        return value

    def with_gradient(self, F: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Values (m,) and gradients by F (m, D)."""
        value, gradient = self.terms[0].with_gradient(F)
        for term in self.terms[1:]:
            more, slope = term.with_gradient(F)
            value, gradient = value + more, gradient + slope
        return value, gradient
