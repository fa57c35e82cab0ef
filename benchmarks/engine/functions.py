"""Classical test functions, and two that look like hyperparameter tuning. All are minimised.

    x   (d,) a point in the function's own units

Sources of the classical ones: Surjanovic and Bingham, Virtual Library of Simulation Experiments.
`tuning` and `training` are our own: validation errors with the interactions that tables of real
trainings show.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
Function: TypeAlias = Callable[[FloatArray], float]
Configuration: TypeAlias = Mapping[str, Any]

_HARTMANN_A = np.array(
    [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ]
)
_HARTMANN_P = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)
_HARTMANN_C = np.array([1, 1.2, 3, 3.2])
_ACKLEY_CENTRE = 32.768 * 0.3 * np.cos(np.arange(10) * 1.7 + 0.4)


def branin(x: FloatArray) -> float:
    a, b = x
    valley = b - 5.1 / (4 * np.pi**2) * a * a + 5 / np.pi * a - 6
    return float(valley**2 + 10 * (1 - 1 / (8 * np.pi)) * np.cos(a) + 10)


def hartmann6(x: FloatArray) -> float:
    return -float(_HARTMANN_C @ np.exp(-(_HARTMANN_A * (x - _HARTMANN_P) ** 2).sum(1)))


def ackley(x: FloatArray) -> float:
    bowl = -20 * np.exp(-0.2 * np.sqrt((x**2).mean()))
    return float(bowl - np.exp(np.cos(2 * np.pi * x).mean()) + 20 + np.e)


def ackley_off_centre(x: FloatArray) -> float:
    """In ten dimensions, with its optimum away from the centre of the box."""
    return ackley(x - _ACKLEY_CENTRE)


def levy(x: FloatArray) -> float:
    w = 1 + (x - 1) / 4
    middle = (w[:-1] - 1) ** 2 * (1 + 10 * np.sin(np.pi * w[:-1] + 1) ** 2)
    last = (w[-1] - 1) ** 2 * (1 + np.sin(2 * np.pi * w[-1]) ** 2)
    return float(np.sin(np.pi * w[0]) ** 2 + middle.sum() + last)


def rosenbrock(x: FloatArray) -> float:
    return float((100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum())


def styblinski(x: FloatArray) -> float:
    return float(0.5 * (x**4 - 16 * x**2 + 5 * x).sum())


def tuning(c: Configuration) -> float:
    """The error of a network whose best learning rate depends on optimiser, batch and depth."""
    best, optimizer = {"sgd": (-1.2, 0.02), "adam": (-2.9, 0.0), "rmsprop": (-3.2, 0.03)}[
        c["optimizer"]
    ]
    activation = {"relu": 0.015, "tanh": 0.06, "gelu": 0.0, "swish": 0.01}[c["activation"]]
    best += 0.25 * (np.log2(c["batch"]) - 6) - 0.12 * (c["layers"] - 3)
    off = np.log10(c["lr"]) - best
    v = min(0.09 * off * off if off < 0 else 0.25 * off * off, 0.7)
    capacity = c["layers"] * 0.6 + np.log2(c["units"])
    v += 0.012 * (capacity - 10.2) ** 2 * (1 if capacity < 10.2 else 0.35)
    v += 0.15 * (c["dropout"] - 0.06 * max(capacity - 7, 0)) ** 2
    v += 0.006 * (np.log10(c["weight_decay"]) + 4) ** 2
    v += activation * (1 + 0.3 * (c["layers"] > 4)) + optimizer
    if c["activation"] == "tanh" and c["layers"] > 5:
        v += 0.1
    return float(0.05 + 0.9 * (1 - np.exp(-v)))


def training(c: Configuration) -> float:
    """The error of a network with a cliff where the learning rate makes training diverge."""
    lr, decay = np.log10(c["lr"]), np.log10(c["wd"])
    layers, units, batch = c["layers"], np.log2(c["units"]), np.log2(c["batch"])
    best, optimizer = {
        "sgd": (-0.6, 0.035),
        "momentum": (-1.5, 0.012),
        "adam": (-2.9, 0.0),
        "rmsprop": (-3.2, 0.01),
    }[c["opt"]]
    activation = {"relu": 0.006, "gelu": 0.0, "tanh": 0.03}[c["act"]]
    off = lr - (best + 0.15 * (batch - 6) - 0.08 * (layers - 3))
    steep = 0.045 if off < 0 else 0.11
    error = 0.05 + optimizer + activation + steep * off * off / (1 + 0.05 * off * off)
    capacity = (units - 5) * 0.5 + layers * 0.35
    damping = c["dropout"] * 2.2 + max(0, decay + 6) * 0.28
    error += 0.012 * (capacity - 3.4) ** 2 * (1 if capacity < 3.4 else 0.35)
    error += 0.02 * (damping - 0.35 * capacity - 0.15) ** 2
    error += 0.006 * abs(batch - 6) + 0.02 * (layers > 6) * (c["act"] == "tanh") * (layers - 6)
    if off > 1.6:
        error += 0.5 * (1 - np.exp(-(off - 1.6) * 2))
    return float(min(error, 0.9))
