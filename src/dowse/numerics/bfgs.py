"""Minimisation inside a box, many starts at once.

    x   (b, d) the points still moving, f (b,) their values, g (b, d) their gradients
    H   (b, d, d) approximations of the inverse Hessians

Every start keeps its own dense inverse Hessian (Nocedal and Wright 2006, equation 6.17);
coordinates at a bound whose gradient points outwards are held. One call evaluates all rows
together, which is what makes it fast in NumPy, and rows that have converged are dropped.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dowse.numerics.arrays import BoolArray, FloatArray, IntArray

Evaluate = Callable[[FloatArray, IntArray], tuple[FloatArray, FloatArray]]
"""Values (b,) and gradients (b, d) at x (b, d), whose rows are those given of the starts."""

_ARMIJO = 1e-4
_BACKTRACKS = 3
_SHRINK = 0.2
_LARGEST_STEP = 1.5
_LEAST_CURVATURE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """When to stop, and how far the first step goes in the largest coordinate."""

    iterations: int = 25
    tolerance: float = 1e-4
    first_step: float = 0.3


def minimise(
    evaluate: Evaluate, start: FloatArray, lower: FloatArray, upper: FloatArray, options: Options
) -> tuple[FloatArray, FloatArray]:
    """Points (b, d) and values (b,) reached from each row of `start`, none worse than where it
    began.
    """
    rows = np.arange(len(start))
    x = start.copy()
    f, g = evaluate(x, rows)
    best_x, best_f = x.copy(), f.copy()
    H: FloatArray | None = None
    for iteration in range(options.iterations):
        direction, steps = _direction(
            x, g, H, lower=lower, upper=upper, first_step=options.first_step
        )
        x_new, f_new, g_new, moved = _line_search(
            evaluate,
            rows,
            x,
            f,
            g,
            direction=direction,
            steps=steps,
            lower=lower,
            upper=upper,
        )
        best_x[rows], best_f[rows] = x_new, f_new
        keep = moved & ((f - f_new > options.tolerance) | (iteration < 1))
        if not keep.any():
            break
        H = _updated(H, x_new - x, g_new - g, options.first_step)
        x, f, g, H, rows = x_new[keep], f_new[keep], g_new[keep], H[keep], rows[keep]
    return best_x, best_f


def _direction(
    x: FloatArray,
    g: FloatArray,
    H: FloatArray | None,
    *,
    lower: FloatArray,
    upper: FloatArray,
    first_step: float,
) -> tuple[FloatArray, FloatArray]:
    """Descent directions (b, d) and first step lengths (b,); steepest descent where H gives no
    descent.
    """
    held = ((x <= lower) & (g > 0)) | ((x >= upper) & (g < 0))
    free = np.where(held, 0.0, g)
    if H is None:
        direction = -free
        steepest = np.ones(len(x), dtype=np.bool_)
    else:
        direction = -np.matmul(H, free[:, :, None])[:, :, 0]
        direction[held] = 0.0
        steepest = np.einsum("ij,ij->i", direction, free) >= 0
        direction[steepest] = -free[steepest]
    length = np.abs(direction).max(1, initial=0.0) + 1e-300
    return direction, np.where(
        steepest, first_step / length, np.minimum(1.0, _LARGEST_STEP / length)
    )


def _line_search(
    evaluate: Evaluate,
    rows: IntArray,
    x: FloatArray,
    f: FloatArray,
    g: FloatArray,
    *,
    direction: FloatArray,
    steps: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
    """Backtracking to sufficient decrease; a row that finds none stays where it is."""
    x_new = _within(x + steps[:, None] * direction, lower, upper)
    f_new, g_new = evaluate(x_new, rows)
    moved = f_new <= f + _ARMIJO * np.einsum("ij,ij->i", g, x_new - x)
    for _ in range(_BACKTRACKS):
        if moved.all():
            return x_new, f_new, g_new, moved
        again = np.flatnonzero(~moved)
        steps[again] *= _SHRINK
        x_again = _within(x[again] + steps[again, None] * direction[again], lower, upper)
        f_new[again], g_new[again] = evaluate(x_again, rows[again])
        x_new[again] = x_again
        enough = _ARMIJO * np.einsum("ij,ij->i", g[again], x_again - x[again])
        moved[again] = f_new[again] <= f[again] + enough
    x_new[~moved], f_new[~moved], g_new[~moved] = x[~moved], f[~moved], g[~moved]
    return x_new, f_new, g_new, moved


def _within(x: FloatArray, lower: FloatArray, upper: FloatArray) -> FloatArray:
    """What `numpy.clip` gives, which takes several times as long on few numbers."""
    return np.minimum(np.maximum(x, lower), upper)


def _updated(H: FloatArray | None, s: FloatArray, y: FloatArray, first_step: float) -> FloatArray:
    """The BFGS update of H with steps s and gradient changes y; rows without positive curvature
    keep theirs.
    """
    sy = np.einsum("ij,ij->i", s, y)
    curved = sy > _LEAST_CURVATURE
    safe = np.where(curved, sy, 1.0)
    if H is None:
        size = np.where(curved, safe / np.maximum(np.einsum("ij,ij->i", y, y), 1e-300), first_step)
        H = np.eye(s.shape[1]) * size[:, None, None]
    Hy = np.matmul(H, y[:, :, None])[:, :, 0]
    weight = np.where(curved, (sy + np.einsum("ij,ij->i", y, Hy)) / (safe * safe), 0.0)
    scaled = np.where(curved, 1.0 / safe, 0.0)[:, None] * s
    P = Hy[:, :, None] * scaled[:, None, :]
    grown = H + (weight[:, None] * s)[:, :, None] * s[:, None, :]
    return np.asarray(grown - P - P.transpose(0, 2, 1), dtype=np.float64)
