"""From observed points and values to a posterior: warp, hyper-parameters, and which points to use
when there are many.

    X       (n, d) observed points
    y       (n,) observed values, smaller is better; NaN or infinite for a failure
    theta   (d + 2,) hyper-parameters, see `fit`

Fitting again after every observation would cost most and change little, so `State` says what the
last fit found and when; without a state everything is fitted afresh. The result depends on nothing
but the arguments.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from dowse.numerics.arrays import FloatArray, IntArray
from dowse.numerics.bfgs import Options
from dowse.numerics.coordinates import Coordinates
from dowse.numerics.fit import Fit, Prior, fit
from dowse.numerics.gp import Posterior, condition
from dowse.numerics.guard import Judged, Sources, hear
from dowse.numerics.kernels import FIXED
from dowse.numerics.trend import Basis
from dowse.numerics.warp import SOFTNESSES, Warped, complete, warp

# Fewer results cannot tell a shift from another height.
_ALIGNED_FROM = 3
_MUCH_NOISE = math.log(0.1)
_FIT = Options(iterations=30, tolerance=1e-2, first_step=0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The constants of the model; `docs/engine.md` records what other values cost."""

    lengthscale: float = 0.25
    """Centre of the lengthscale prior, times sqrt(d)."""
    lengthscale_sd: float = 1.0
    noise: float = 1e-3
    noise_sd: float = 3.0
    selected_on: int = 120
    fitted_on: int = 220
    conditioned_on: int = 400
    warps: tuple[int, ...] = tuple(range(len(SOFTNESSES)))
    """Which of the SOFTNESSES may be chosen."""
    warp_cost: float = 0.5
    """Log evidence that a logarithmic warp must gain over the linear one."""
    compressed: bool = True
    """Whether values out of all proportion are compressed; without it all values are finite."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """What a later fit may start from."""

    softness: int
    """Index into SOFTNESSES of the chosen warp."""
    thetas: tuple[FloatArray | None, ...]
    """Last hyper-parameters under each softness."""
    fitted: int
    """Number of observations at the last fit."""
    selected: int
    """Number of observations when the warp was last chosen."""
    shifts: FloatArray | None = None
    """(J, D) by how much each source is moved, see `align`."""

    @property
    def theta(self) -> FloatArray:
        theta = self.thetas[self.softness]
        assert theta is not None
        return theta


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A posterior over warped values, the warp, and the state for the next fit."""

    posterior: Posterior
    warped: Warped
    state: State
    rows: IntArray
    """Which of the observations the posterior is conditioned on."""
    judged: Judged | None = None
    """What came of the sources."""


def prior_for(d: int, settings: Settings) -> Prior:
    """Lengthscales grow with sqrt(d) so that distances, which do too, keep their meaning (Hvarfner
    et al. 2024).
    """
    centre = math.log(settings.lengthscale) + 0.5 * math.log(max(d, 1))
    return Prior(
        mean=np.array([centre] * d + [0.0, math.log(settings.noise)]),
        sd=np.array([settings.lengthscale_sd] * d + [1.0, settings.noise_sd]),
    )


def taught(prior: Prior, lengthscales: FloatArray, group: IntArray) -> Prior:
    """The same about the lengthscales (D,) of earlier studies: what mattered there matters here."""
    mean = prior.mean.copy()
    known = np.isfinite(lengthscales) & (group != FIXED)
    mean[group[known]] = np.log(lengthscales[known])
    return replace(prior, mean=mean)


def start_of(prior: Prior) -> FloatArray:
    """The prior mode, with much noise.

    From little noise, a fit to noisy values is caught where lengthscales are short enough to pass
    through every one of them; from much, a fit to exact values still finds its way down.
    """
    theta = prior.mean.copy()
    theta[-1] = max(theta[-1], _MUCH_NOISE)
    return theta


def learn(
    coordinates: Coordinates,
    X: FloatArray,
    y: FloatArray,
    *,
    state: State | None,
    settings: Settings,
    rng: np.random.Generator,
    sources: Sources | None = None,
) -> Model:
    """The model of n >= 1 observations.

    Sources count as long as the model is conditioned on every observation; beyond, they have
    nothing to add.
    """
    F = coordinates.features(X)
    values = complete(y) if settings.compressed else y
    n = len(values)
    prior = prior_for(coordinates.d, settings)
    if state is not None and len(state.theta) != len(prior.mean):
        state = None
    hearing = None
    if sources is not None and n <= settings.conditioned_on:
        hearing = hear(sources, F, values, _shifts(state, len(sources.means), coordinates.D))
        prior = taught(prior, hearing.lengthscales, coordinates.group)
    basis = Basis.constant(n) if hearing is None else hearing.basis
    if state is None or n >= state.fitted * (1.0 + _refit_growth(n)):
        state = _renewed(
            F,
            values,
            coordinates.group,
            basis=basis,
            prior=prior,
            state=state,
            settings=settings,
            rng=rng,
        )
    warped = warp(values, SOFTNESSES[state.softness])
    theta = state.theta
    used = _conditioning_rows(F, warped.z, theta, coordinates.group, settings.conditioned_on)
    posterior = condition(F[used], warped.z[used], theta, coordinates.group)
    if hearing is not None:
        if state.fitted == n >= _ALIGNED_FROM and hearing.live.any():
            hearing = hearing.aligned(F, warped.z, posterior.Linv, coordinates.measured)
        state = replace(state, shifts=hearing.shifts)
        posterior = posterior.with_mean(hearing.basis, hearing.means)
    return Model(
        posterior=posterior,
        warped=warped,
        state=state,
        rows=used,
        judged=None if hearing is None else hearing.judged(posterior.trend),
    )


def _shifts(state: State | None, J: int, D: int) -> FloatArray:
    """Those of the last fit, else none."""
    if state is None or state.shifts is None or state.shifts.shape != (J, D):
        return np.zeros((J, D))
    return state.shifts


def _renewed(
    F: FloatArray,
    values: FloatArray,
    group: IntArray,
    *,
    basis: Basis,
    prior: Prior,
    state: State | None,
    settings: Settings,
    rng: np.random.Generator,
) -> State:
    """The state after a new fit, the warp being chosen again when the history has grown enough."""
    n = len(values)
    if state is None or n < 12 or n >= state.selected * (1.0 + _selection_growth(n)):
        rows = _fitting_rows(values, settings.selected_on, rng)
        state = _select(
            F[rows],
            values,
            rows,
            group,
            basis=basis.at(rows),
            prior=prior,
            state=state,
            settings=settings,
        )
        if len(rows) == n:
            return state
        starts = []
    else:
        # A mode can be lost for good; every eighth fit looks from the prior's mode as well.
        starts = [start_of(prior)] if n % 8 == 0 else []
    rows = _fitting_rows(values, settings.fitted_on, rng)
    return _refit(
        F[rows],
        values,
        rows,
        group,
        basis=basis.at(rows),
        prior=prior,
        state=state,
        starts=starts,
    )


def _selection_growth(n: int) -> float:
    """By which share the history must have grown before the warp is chosen again; of a hundred
    results a few more hardly change it, and choosing means as many fits as there are warps.
    """
    return 0.15 if n < 100 else 0.25


def _refit_growth(n: int) -> float:
    """By which share the history must have grown before hyper-parameters are fitted again."""
    if n < 80:
        return 0.0
    return 0.03 if n < 300 else 0.08


def _select(
    F: FloatArray,
    values: FloatArray,
    rows: IntArray,
    group: IntArray,
    *,
    basis: Basis,
    prior: Prior,
    state: State | None,
    settings: Settings,
) -> State:
    """Fit under every softness and choose by evidence, which the Jacobian makes comparable."""
    n = len(values)
    thetas: list[FloatArray | None] = []
    evidence = []
    fallback = None if state is None else state.theta
    for index, softness in enumerate(SOFTNESSES):
        if index not in settings.warps:
            thetas.append(None)
            evidence.append(-math.inf)
            continue
        warped = warp(values, softness)
        known = None if state is None else state.thetas[index]
        start = known if known is not None else fallback
        starts = [start_of(prior) if start is None else start]
        z = warped.z[rows]
        found = fit(F, z, group, prior, starts=starts, options=_FIT, basis=basis)
        thetas.append(found.theta)
        fallback = found.theta if fallback is None else fallback
        cost = 0.0 if math.isinf(softness) else settings.warp_cost
        evidence.append(warped.log_jacobian * len(rows) / n - found.objective - cost)
    return State(softness=int(np.argmax(evidence)), thetas=tuple(thetas), fitted=n, selected=n)


def _refit(
    F: FloatArray,
    values: FloatArray,
    rows: IntArray,
    group: IntArray,
    *,
    basis: Basis,
    prior: Prior,
    state: State,
    starts: list[FloatArray],
) -> State:
    """Fit under the chosen softness from the last mode, and from further starts."""
    z = warp(values, SOFTNESSES[state.softness]).z[rows]
    tried = [state.theta, *starts]
    found: Fit = fit(F, z, group, prior, starts=tried, options=_FIT, basis=basis)
    thetas = list(state.thetas)
    thetas[state.softness] = found.theta
    return replace(state, thetas=tuple(thetas), fitted=len(values))


def _fitting_rows(values: FloatArray, count: int, rng: np.random.Generator) -> IntArray:
    """The best third and a random rest, when there are more observations than the fit uses."""
    if len(values) <= count:
        return np.arange(len(values))
    order = np.argsort(values, kind="stable")
    head = count // 3
    return np.concatenate([order[:head], rng.choice(order[head:], count - head, replace=False)])


def _conditioning_rows(
    F: FloatArray, z: FloatArray, theta: FloatArray, group: IntArray, count: int
) -> IntArray:
    """The best half by value and the rest nearest to the incumbent, when there are too many to
    condition on.
    """
    if len(z) <= count:
        return np.arange(len(z))
    head = _smallest(z, count // 2)
    weight = np.append(np.exp(-2.0 * theta[:-2]), 1.0)[group]
    away = F - F[head[0]]
    away *= away
    distance = away @ weight
    distance[head] = np.inf
    return np.concatenate([head, _smallest(distance, count - len(head))])


def _smallest(values: FloatArray, count: int) -> IntArray:
    """Indices of the smallest values in their order, the earlier first of equal ones."""
    limit = np.partition(values, count - 1)[count - 1]
    rows = np.flatnonzero(values <= limit)
    return rows[np.argsort(values[rows], kind="stable")[:count]]
