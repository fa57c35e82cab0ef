"""HEBO with its defaults."""

import warnings
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
import torch
from hebo.design_space.design_space import DesignSpace
from hebo.optimizers.hebo import HEBO

from benchmarks.peers.protocol import Space, serve


class Hebo:
    version = version("HEBO")

    def __init__(self, space: Space, seed: int, variant: str, batch: int) -> None:
        warnings.simplefilter("ignore")
        torch.set_num_threads(1)
        np.random.seed(seed)
        torch.manual_seed(seed)
        self._space = {each["name"]: each for each in space}
        self._optimizer = HEBO(DesignSpace().parse([_parameter(each) for each in space]))
        self._asked: dict[int, Any] = {}
        self._count = 0

    def ask(self, count: int) -> list[tuple[int, dict[str, Any]]]:
        rows = self._optimizer.suggest(n_suggestions=count)
        found = []
        for index in range(len(rows)):
            row = rows.iloc[[index]]
            self._asked[self._count] = row
            found.append((self._count, {name: self._value(name, row) for name in self._space}))
            self._count += 1
        return found

    def tell(self, results: Sequence[tuple[int, float]]) -> None:
        rows = pd.concat([self._asked.pop(number) for number, _ in results])
        self._optimizer.observe(rows, np.array([[value] for _, value in results]))

    def load(self, known: Sequence[tuple[dict[str, Any], float]]) -> None:
        rows = [{name: self._told(name, each[name]) for name in self._space} for each, _ in known]
        self._optimizer.observe(pd.DataFrame(rows), np.array([[value] for _, value in known]))

    def _told(self, name: str, value: Any) -> Any:
        """The inverse of `_value`."""
        each = self._space[name]
        if each["kind"] in ("double", "integer"):
            return value
        place = each["choices"].index(value)
        return place if each["kind"] == "discrete" else str(place)

    def _value(self, name: str, row: Any) -> Any:
        each, value = self._space[name], row[name].iloc[0]
        match each["kind"]:
            case "double":
                return min(max(float(value), each["min"]), each["max"])
            case "integer":
                return min(max(round(float(value)), each["min"]), each["max"])
        # Labels travel as their positions, for HEBO takes numbers among labels for text.
        return each["choices"][int(value)]


def _parameter(each: Any) -> dict[str, Any]:
    name = each["name"]
    match each["kind"]:
        case "double":
            kind = "pow" if each["log"] else "num"
            return {"name": name, "type": kind, "lb": each["min"], "ub": each["max"]}
        case "integer":
            kind = "pow_int" if each["log"] else "int"
            return {"name": name, "type": kind, "lb": each["min"], "ub": each["max"]}
        case "discrete":
            return {"name": name, "type": "int", "lb": 0, "ub": len(each["choices"]) - 1}
    return {
        "name": name,
        "type": "cat",
        "categories": [str(i) for i in range(len(each["choices"]))],
    }


if __name__ == "__main__":
    serve(Hebo)
