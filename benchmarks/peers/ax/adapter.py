"""Ax with its defaults: a few Sobol points, then BoTorch's Gaussian process."""

import logging
import warnings
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import torch
from ax.api.client import Client
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig

from benchmarks.peers.protocol import Space, serve


class Ax:
    version = version("ax-platform")

    def __init__(self, space: Space, seed: int, variant: str, batch: int) -> None:
        warnings.simplefilter("ignore")
        logging.disable(logging.ERROR)
        torch.set_num_threads(1)
        self._client = Client(random_seed=seed)
        self._client.configure_experiment([_parameter(each) for each in space])
        self._client.configure_optimization("-loss")

    def ask(self, count: int) -> list[tuple[int, dict[str, Any]]]:
        trials = self._client.get_next_trials(max_trials=count)
        # It may give fewer than it was asked for while its first points are out.
        while len(trials) < count:
            more = self._client.get_next_trials(max_trials=count - len(trials))
            if not more:
                break
            trials.update(more)
        return [(number, dict(parameters)) for number, parameters in trials.items()]

    def tell(self, results: Sequence[tuple[int, float]]) -> None:
        for number, value in results:
            self._client.complete_trial(number, raw_data={"loss": value})

    def load(self, known: Sequence[tuple[dict[str, Any], float]]) -> None:
        for parameters, value in known:
            number = self._client.attach_trial(parameters)
            self._client.complete_trial(number, raw_data={"loss": value})


def _parameter(each: Any) -> Any:
    match each["kind"]:
        case "double" | "integer":
            return RangeParameterConfig(
                name=each["name"],
                bounds=(each["min"], each["max"]),
                parameter_type="float" if each["kind"] == "double" else "int",
                scaling="log" if each["log"] else None,
            )
    choices = each["choices"]
    kind = "str" if isinstance(choices[0], str) else "int" if _whole(choices) else "float"
    return ChoiceParameterConfig(
        name=each["name"],
        values=choices if kind != "float" else [float(choice) for choice in choices],
        parameter_type=kind,
        is_ordered=each["kind"] == "discrete",
    )


def _whole(choices: Sequence[Any]) -> bool:
    return all(isinstance(choice, int) for choice in choices)


if __name__ == "__main__":
    serve(Ax)
