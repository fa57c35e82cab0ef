"""Problems with several objectives, and problems with limits on what is measured.

`evaluate` gives the objectives, all minimised, and how far each limited metric lies beyond its
bound. The fronts are those of Zitzler, Deb and Thiele (2000) and Deb et al. (2005); the limits
those of Gardner et al. (2014) and of the engineering designs that Coello (2000) collected.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dowse import Discrete, Double, SearchSpace
from dowse.domain.pareto import Losses, hypervolume

Evaluated = tuple[Sequence[float], Sequence[float]]
_BEYOND = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`best` is the hypervolume of the true front below `reference`, or the least value that keeps
    the limits.
    """

    space: SearchSpace
    evaluate: Callable[[Mapping[str, Any]], Evaluated]
    objectives: int
    limits: int
    best: float
    reference: Losses = ()


def problems() -> dict[str, Problem]:
    """All of them, by name."""
    return {
        "zdt1": _zdt(lambda f, g: 1.0 - math.sqrt(f / g), 1.21 - 1 / 3),
        "zdt2": _zdt(lambda f, g: 1.0 - (f / g) ** 2, 1.21 - 2 / 3),
        "zdt3": _zdt(_waves, _volume_of_waves()),
        "dtlz2, 2 objectives": _dtlz2(2, 1.21 - math.pi / 4),
        "dtlz2, 3 objectives": _dtlz2(3, 1.331 - math.pi / 6),
        "gardner": Problem(
            space=SearchSpace([Double("x", 0.0, 6.0), Double("y", 0.0, 6.0)]),
            evaluate=_gardner,
            objectives=1,
            limits=1,
            best=math.asin(0.95) - 1.0,
        ),
        "pressure vessel": Problem(
            space=SearchSpace(
                [
                    Discrete("shell", [k * 0.0625 for k in range(1, 100)]),
                    Discrete("head", [k * 0.0625 for k in range(1, 100)]),
                    Double("radius", 10.0, 200.0),
                    Double("length", 10.0, 200.0),
                ]
            ),
            evaluate=_pressure_vessel,
            objectives=1,
            limits=3,
            best=6059.7143,
        ),
        "welded beam": Problem(
            space=SearchSpace(
                [
                    Double("h", 0.1, 2.0),
                    Double("l", 0.1, 10.0),
                    Double("t", 0.1, 10.0),
                    Double("b", 0.1, 2.0),
                ]
            ),
            evaluate=_welded_beam,
            objectives=1,
            limits=5,
            best=1.724852,
        ),
        "spring": Problem(
            space=SearchSpace(
                [Double("wire", 0.05, 2.0), Double("coil", 0.25, 1.3), Double("turns", 2.0, 15.0)]
            ),
            evaluate=_spring,
            objectives=1,
            limits=4,
            best=0.012665,
        ),
    }


def _unit_space(d: int) -> SearchSpace:
    return SearchSpace([Double(f"x{i}", 0.0, 1.0) for i in range(d)])


def _zdt(shape: Callable[[float, float], float], best: float) -> Problem:
    def evaluate(parameters: Mapping[str, Any]) -> Evaluated:
        first, *rest = parameters.values()
        g = 1.0 + 9.0 * sum(rest) / len(rest)
        return (first, g * shape(first, g)), ()

    return Problem(
        space=_unit_space(8),
        evaluate=evaluate,
        objectives=2,
        limits=0,
        best=best,
        reference=(_BEYOND, _BEYOND),
    )


def _waves(f: float, g: float) -> float:
    return 1.0 - math.sqrt(f / g) - f / g * math.sin(10.0 * math.pi * f)


def _volume_of_waves() -> float:
    points = [(float(f), _waves(float(f), 1.0)) for f in np.linspace(0.0, 1.0, 20_001)]
    return hypervolume(points, (_BEYOND, _BEYOND))


def _dtlz2(m: int, best: float) -> Problem:
    def evaluate(parameters: Mapping[str, Any]) -> Evaluated:
        x = np.array(list(parameters.values()))
        angle, rest = 0.5 * math.pi * x[: m - 1], x[m - 1 :]
        radius = 1.0 + float(((rest - 0.5) ** 2).sum())
        found = []
        for k in range(m):
            value = radius * float(np.cos(angle[: m - 1 - k]).prod())
            found.append(value * math.sin(angle[m - 1 - k]) if k else value)
        return found, ()

    return Problem(
        space=_unit_space(8),
        evaluate=evaluate,
        objectives=m,
        limits=0,
        best=best,
        reference=(_BEYOND,) * m,
    )


def _gardner(p: Mapping[str, Any]) -> Evaluated:
    x, y = p["x"], p["y"]
    value = math.sin(x) + y
    return (value,), (math.sin(x) * math.sin(y) + 0.95,)


def _pressure_vessel(p: Mapping[str, Any]) -> Evaluated:
    shell, head, radius, length = p["shell"], p["head"], p["radius"], p["length"]
    cost = (
        0.6224 * shell * radius * length
        + 1.7781 * head * radius**2
        + 3.1661 * shell**2 * length
        + 19.84 * shell**2 * radius
    )
    volume = math.pi * radius**2 * length + 4 / 3 * math.pi * radius**3
    return (cost,), (0.0193 * radius - shell, 0.00954 * radius - head, 1_296_000 - volume)


def _welded_beam(p: Mapping[str, Any]) -> Evaluated:
    h, length, t, b = p["h"], p["l"], p["t"], p["b"]
    load, span = 6_000.0, 14.0
    modulus, shear = 30e6, 12e6
    primary = load / (math.sqrt(2) * h * length)
    arm = math.sqrt(length**2 / 4 + ((h + t) / 2) ** 2)
    inertia = 2 * math.sqrt(2) * h * length * (length**2 / 12 + ((h + t) / 2) ** 2)
    secondary = load * (span + length / 2) * arm / inertia
    tau = math.sqrt(primary**2 + primary * secondary * length / arm + secondary**2)
    sigma = 6 * load * span / (b * t**2)
    deflection = 4 * load * span**3 / (modulus * t**3 * b)
    buckling = 4.013 * modulus * math.sqrt(t**2 * b**6 / 36) / span**2
    buckling *= 1 - t / (2 * span) * math.sqrt(modulus / (4 * shear))
    cost = 1.10471 * h**2 * length + 0.04811 * t * b * (14 + length)
    return (cost,), (tau - 13_600, sigma - 30_000, h - b, deflection - 0.25, load - buckling)


def _spring(p: Mapping[str, Any]) -> Evaluated:
    wire, coil, turns = p["wire"], p["coil"], p["turns"]
    ratio = (4 * coil**2 - wire * coil) / (12_566 * (coil * wire**3 - wire**4))
    return ((turns + 2) * coil * wire**2,), (
        1 - coil**3 * turns / (71_785 * wire**4),
        ratio + 1 / (5_108 * wire**2) - 1,
        1 - 140.45 * wire / (coil**2 * turns),
        (coil + wire) / 1.5 - 1,
    )
