"""How far an earlier study's landscape lies beside the present one.

    shift   (J, D) by how much the points of each source are moved; zero in columns that are not
            numeric
    M       (n, J) what the moved sources predict at the n observed points
    B, b    the basis of the mean and its coefficients, see `trend`
    alpha   K^-1 (z - B b)

The optimum of a similar task is rarely in the same place: a better learning rate is larger, a good
depth smaller. Shifts maximise the posterior of the results under a normal prior of width WIDTH,
with hyper-parameters fixed; since b is the best for each shift, its change adds nothing to the
gradient, d/d shift_j = -b_j sum_i alpha_i grad m_j(x_i + shift_j) + shift_j / WIDTH^2.
"""

from dataclasses import dataclass, replace

import numpy as np

from dowse.numerics.arrays import BoolArray, FloatArray, IntArray
from dowse.numerics.bfgs import Options, minimise
from dowse.numerics.trend import Basis, SourceMean, Stack

WIDTH = 0.08
_FARTHEST = 3.0 * WIDTH
_OPTIONS = Options(iterations=8, tolerance=1e-2, first_step=0.03)


def moved(source: SourceMean, shift: FloatArray) -> SourceMean:
    """The source with its landscape moved by -shift (D,): its mean at x is that at x + shift."""
    return replace(source, Z=source.Z - shift / source.scale)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Misfit:
    """The negative log posterior of shifts, given what was observed, z at F (n, D)."""

    stack: Stack
    F: FloatArray
    z: FloatArray
    Linv: FloatArray
    basis: Basis

    def __call__(self, shift: FloatArray) -> tuple[float, FloatArray]:
        """Its value at shifts (J, D), up to a constant, and its gradient (J, D)."""
        stack = self.stack.moved(shift)
        means, slope = stack.cross(self.F)
        B = np.column_stack([np.ones(len(self.z)), means.T])
        LB, Lz = self.Linv @ B, self.Linv @ self.z
        b = self.basis.coefficients(LB.T @ LB, LB.T @ Lz)
        residual = Lz - LB @ b
        alpha = self.Linv.T @ residual
        gradient = shift / WIDTH**2 - stack.pull_back(slope, b[1:, None] * alpha).sum(1)
        value = float(residual @ residual) + float((shift**2).sum()) / WIDTH**2
        return 0.5 * value + self.basis.penalty(b), gradient


def align(misfit: Misfit, *, start: FloatArray, numeric: BoolArray) -> FloatArray:
    """Shifts (J, D) of the sources along the numeric columns (D,) that each of them knows."""
    known = numeric & np.isfinite(misfit.stack.scale)
    size = int(known.sum())

    def evaluate(x: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        shift = np.zeros(known.shape)
        shift[known] = x[0]
        value, gradient = misfit(shift)
        return np.array([value]), gradient[known][None]

    limit = np.full(size, _FARTHEST)
    found, _ = minimise(evaluate, start[known][None], -limit, limit, _OPTIONS)
    shift = np.zeros(known.shape)
    shift[known] = found[0]
    return shift
