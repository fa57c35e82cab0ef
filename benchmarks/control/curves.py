"""Tables of learning curves, one row a configuration, one column a report; all are minimised.

`gbm_breast` and `sgd_digits` are recorded from scikit-learn trainings of our own, `taskset_*` are
those of TaskSet (Apache-2.0). Diverged trainings hold NaN and numbers up to 1e18: they stay in,
as they come in practice. The first column of TaskSet is the untrained network, which no program
reports; it is left out.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.engine import data

FloatArray = npt.NDArray[np.float64]
_METRICS = {"gbm": ("loss", "err"), "sgd": ("err",), "taskset": ("valid_loss", "test_loss")}
"""Which arrays of a file are tables, by the first word of its name."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """`values` is (configurations, reports); `path` is the file, which knows the configurations."""

    name: str
    values: FloatArray
    path: Path

    @property
    def finals(self) -> FloatArray:
        """The last value of each configuration; infinite where it is no number."""
        return finals_of(self.values)


def tables(*, untrained: bool = False) -> list[Table]:
    """All of them, in the order of their names; with the column of the untrained network where
    there is one and it is wanted. Raises FileNotFoundError without the data.
    """
    found = []
    for path in sorted(data.file("curves").glob("*.npz")):
        with np.load(path) as arrays:
            for metric in _METRICS[path.stem.split("_")[0]]:
                values = arrays[metric].astype(np.float64)
                if path.stem.startswith("taskset") and not untrained:
                    values = values[:, 1:]
                found.append(Table(name=f"{path.stem}/{metric}", values=values, path=path))
    return found


def finals_of(values: FloatArray) -> FloatArray:
    """The last value of each row; infinite where it is no number."""
    last = values[:, -1]
    return np.where(np.isfinite(last), last, np.inf)


def draw(table: Table, trials: int, reports: int, rng: np.random.Generator) -> FloatArray:
    """The curves (trials, reports) of a job: configurations in random order, reports evenly spaced.

    A table with fewer configurations gives all it has: one drawn twice would be a second chance to
    find the best.
    """
    rows = rng.permutation(len(table.values))[:trials]
    width = table.values.shape[1]
    columns = np.round(np.linspace(0, width - 1, reports)).astype(int)
    curves: FloatArray = table.values[np.ix_(rows, columns)]
    return curves


def loss_of(kept: float, finals: FloatArray) -> float:
    """How much worse the best final value that is left is, as a share of the range of finals.

    The range is robust: finals that diverged, and those beyond the fence of a box plot (the upper
    quartile and one and a half times the distance between the quartiles), count as lying on the
    fence. With one training that ended at 1e18 any other best would be no loss.
    """
    finite = finals[np.isfinite(finals)]
    lower, upper = np.quantile(finite, [0.25, 0.75])
    fence = upper + 1.5 * (upper - lower)
    reach = min(float(finite.max()), fence) - float(finite.min())
    missed = kept - float(finite.min())
    if missed <= 0.0:
        return 0.0
    return min(1.0, float(missed / reach)) if reach > 0.0 else 1.0
