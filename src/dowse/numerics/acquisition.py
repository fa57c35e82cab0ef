"""What a point is worth trying, from the posterior mean and standard deviation there; everything is
maximised.

mean, sd    (m,) posterior of the (warped, minimised) objective
best        the incumbent: the smallest posterior mean at an observed point, which under noise is
            not the luckiest value
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dowse.numerics.arrays import FloatArray
from dowse.numerics.gp import Posterior
from dowse.numerics.stable import log_h


class Criterion(Protocol):
    """A function of mean and standard deviation."""

    def __call__(
        self, mean: FloatArray, sd: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Value (m,) and its partial derivatives by mean and by sd."""
        ...


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
