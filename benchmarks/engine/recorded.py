"""Figures of peers on the open tasks, recorded once: they are too slow to run beside every change.

Measured on 20 November 2026 on two cores with one thread and default settings: optuna 5.0.0,
google-vizier 0.1.24, ax-platform 1.3.1, HEBO 0.3.6, smac 2.4.1, hyperopt 0.3.0,
scikit-optimize 0.10.2. Few seeds for the slow ones (Vizier, Ax and HEBO 1 to 2, GPSampler 3), so
that differences below 0.1 between them are noise; Vizier ran six of the eight core tasks.
"""

from __future__ import annotations

from collections.abc import Mapping

SEQUENTIAL: Mapping[str, Mapping[int, float]] = {
    "Vizier": {10: 0.95, 25: 0.40},
    "Ax": {10: 0.85, 25: 0.43, 50: 0.33},
    "HEBO": {10: 0.82, 25: 0.54, 40: 0.45},
    "Optuna GPSampler": {10: 1.10, 25: 0.54, 50: 0.33, 100: 0.23},
    "Optuna TPE": {10: 1.10, 25: 0.69, 50: 0.46, 100: 0.41},
    "CMA-ES (Optuna)": {10: 1.07, 25: 0.92, 50: 0.79, 100: 0.66},
    "SMAC": {10: 1.14, 25: 1.05, 50: 0.83},
    "hyperopt": {10: 1.15, 25: 1.04, 50: 0.90, 100: 0.76},
}
"""Mean score on the eight core tasks after so many trials, one at a time."""

BATCHES_OF_FOUR: Mapping[str, Mapping[int, float]] = {
    "Ax": {24: 0.60, 40: 0.40},
    "Optuna GPSampler": {24: 0.71, 40: 0.40, 60: 0.28},
    "HEBO": {24: 0.65, 40: 0.49},
    "Optuna TPE": {24: 0.80, 40: 0.56, 60: 0.52},
}


def best_of(figures: Mapping[str, Mapping[int, float]], trials: int) -> str | None:
    """The best peer after so many trials, as a person reads it."""
    known = [(values[trials], name) for name, values in figures.items() if trials in values]
    if not known:
        return None
    value, name = min(known)
    return f"{name} {value:.2f} (recorded)"
