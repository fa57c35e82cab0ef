"""Optuna's samplers with several objectives and with limits: GPSampler, TPESampler, NSGAIISampler.

A result is {"objectives": […], "excess": […]}; what exceeds 0 breaks a limit.
"""

from collections.abc import Sequence
from typing import Any

import optuna

from benchmarks.peers.optuna.adapter import Optuna
from benchmarks.peers.protocol import Space, serve


class OptunaSeveral(Optuna):
    def __init__(
        self,
        space: Space,
        seed: int,
        variant: str,
        batch: int,
        *,
        objectives: int,
        limits: int,
    ) -> None:
        super().__init__(space, seed, "tpe", batch)
        self._study = optuna.create_study(
            directions=["minimize"] * objectives,
            sampler=_sampler(variant, seed, _excess if limits else None),
        )

    def tell(self, results: Sequence[tuple[int, Any]]) -> None:
        for number, result in results:
            trial = self._running.pop(number)
            trial.set_user_attr("excess", result["excess"])
            self._study.tell(trial, result["objectives"])


def _excess(trial: Any) -> Sequence[float]:
    excess: Sequence[float] = trial.user_attrs["excess"]
    return excess


def _sampler(variant: str, seed: int, constraints: Any) -> Any:
    match variant:
        case "tpe":
            return optuna.samplers.TPESampler(seed=seed, constraints_func=constraints)
        case "gp":
            import torch

            torch.set_num_threads(1)
            return optuna.samplers.GPSampler(seed=seed, constraints_func=constraints)
        case "nsga2":
            return optuna.samplers.NSGAIISampler(seed=seed, constraints_func=constraints)
    raise ValueError(f"no sampler {variant!r}")


if __name__ == "__main__":
    serve(OptunaSeveral)
