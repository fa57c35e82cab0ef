"""A family of tuning problems like that of Google's article on jobs that build on each other.

The space has the article's parameters nembeds (3 to 30), nnsize (4, 16, 32, 64, 128) and batch_size
(16 to 512), and a learning rate (1e-4 to 1e-1). With x in [0, 1]^4, the places of their values, all
but that of nembeds on logarithmic scales, one problem is

    final(x) = 1.075 + h q(x - a) / max q + ripple(x)
    q(s) = s' R s                          R: ones, and r_ij beside the diagonal: what suits one
                                           parameter depends on the others
    ripple = .02 (cos(w1 . x + p1) + cos(w2 . x + p2)) / 2

with the best point a ~ U(.1, .9)^4, the interactions r_ij ~ U(-.3, .3), the height h ~ U(.5, 1),
the frequencies w ~ N(0, 4^2) and the phases p ~ U(0, 2 pi); the maximum is that over the corners.
The article's worst result is 1.0 above its best. Training once more gives another result:
final + N(0, .002^2).

The t-th of 40 reports of one training is a power law (pow3 of Domhan et al. 2015) with noise:

    y(t) = final + g (t^-c - 40^-c) + N(0, .001^2),  g ~ U(.5, 1.5),  c ~ U(.6, 1.2)

in which g and c belong to the problem, for one program learns all its models alike, but for a tenth
that varies from training to training.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dowse.domain.parameters import Discrete, Double, Integer
from dowse.domain.space import Assignment, SearchSpace

FloatArray = NDArray[np.float64]

REPORTS = 40
SPACE = SearchSpace(
    [
        Integer("nembeds", 3, 30),
        Discrete("nnsize", [4, 16, 32, 64, 128]),
        Integer("batch_size", 16, 512, scale="log"),
        Double("learning_rate", 1e-4, 1e-1, scale="log"),
    ]
)
D = len(SPACE.parameters)
_CORNERS = np.array(list(itertools.product((0.0, 1.0), repeat=D)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One program and its data; `train` is one training of it."""

    best: FloatArray
    R: FloatArray
    height: float
    frequencies: FloatArray
    phases: FloatArray
    gap: float
    speed: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Problem:
        beside = np.triu(rng.uniform(-0.3, 0.3, (D, D)), 1)
        return cls(
            best=rng.uniform(0.1, 0.9, D),
            R=np.eye(D) + beside + beside.T,
            height=float(rng.uniform(0.5, 1.0)),
            frequencies=rng.normal(0.0, 4.0, (2, D)),
            phases=rng.uniform(0.0, 2.0 * math.pi, 2),
            gap=float(rng.uniform(0.5, 1.5)),
            speed=float(rng.uniform(0.6, 1.2)),
        )

    def final(self, parameters: Assignment) -> float:
        """What training to the end gives, but for its noise."""
        x = _place(parameters)
        share = self._bowl(x) / max(map(self._bowl, _CORNERS))
        ripple = np.cos(self.frequencies @ x + self.phases).mean()
        return 1.075 + self.height * share + 0.02 * float(ripple)

    def train(self, parameters: Assignment, rng: np.random.Generator) -> FloatArray:
        """(40,) the reports of one training."""
        t = np.arange(1.0, REPORTS + 1.0)
        final = self.final(parameters) + rng.normal(0.0, 0.002)
        gap, speed = np.array([self.gap, self.speed]) * rng.uniform(0.9, 1.1, 2)
        curve = final + gap * (t**-speed - REPORTS**-speed)
        return np.asarray(curve + rng.normal(0.0, 0.001, REPORTS), dtype=np.float64)

    def _bowl(self, x: FloatArray) -> float:
        away = x - self.best
        return float(away @ self.R @ away)


def _place(parameters: Assignment) -> FloatArray:
    logs = [("nnsize", 4.0, 128.0), ("batch_size", 16.0, 512.0), ("learning_rate", 1e-4, 1e-1)]
    return np.array(
        [
            (float(parameters["nembeds"]) - 3.0) / 27.0,
            *(
                math.log(float(parameters[name]) / low) / math.log(high / low)
                for name, low, high in logs
            ),
        ]
    )
