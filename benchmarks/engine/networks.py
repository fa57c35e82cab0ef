"""Neural surrogates of real trainings, of YAHPO Gym (Pfisterer et al. 2022).

    lcbench_*   networks trained by Auto-PyTorch (Zimmer et al. 2021); loss 1 - validation accuracy
    xgb_*       gradient boosting on OpenML tasks (Binder et al. 2020); loss 1 - accuracy

from slds-lmu/yahpo_data (Apache-2.0). The networks are run by onnxruntime in a process of its own
environment, because nothing else here needs it: one JSON line with the inputs in, one with the
outputs out.
"""

import atexit
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.engine import data, environments
from dowse import Categorical, Double, Integer, SearchSpace
from dowse.domain.parameters import Parameter
from dowse.domain.space import Assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The inputs of a network in their order, and which of its outputs is the accuracy."""

    folder: str
    numbers: Sequence[str]
    labels: Sequence[str]
    output: int
    percent: bool
    fidelities: Sequence[str]


FAMILIES: Mapping[str, Family] = {
    "lcbench": Family(
        folder="lcbench",
        numbers=(
            "epoch",
            "batch_size",
            "learning_rate",
            "momentum",
            "weight_decay",
            "num_layers",
            "max_units",
            "max_dropout",
        ),
        labels=("OpenML_task_id",),
        output=1,
        percent=True,
        fidelities=("epoch",),
    ),
    "xgb": Family(
        folder="rbv2_xgboost",
        numbers=(
            "nrounds",
            "eta",
            "gamma",
            "lambda",
            "alpha",
            "subsample",
            "max_depth",
            "min_child_weight",
            "colsample_bytree",
            "colsample_bylevel",
            "rate_drop",
            "skip_drop",
            "trainsize",
            "repl",
        ),
        labels=("task_id", "booster", "num.impute.selected.cpo"),
        output=0,
        percent=False,
        fidelities=("trainsize", "repl"),
    ),
}
_MISSING = "#na#"
Conditions: TypeAlias = Sequence[tuple[str, str, Sequence[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """One data set of a family; `fixed` holds it and the full fidelity.

    `conditions` are (child, parent, values): a child counts as missing under other values. The
    space does not say so, as users' spaces often do not.
    """

    family: Family
    space: SearchSpace
    fixed: Mapping[str, Any]
    conditions: Conditions
    codes: Mapping[str, Mapping[str, int]]

    def loss(self, c: Assignment) -> float:
        whole: dict[str, Any] = {**c, **self.fixed}
        for child, parent, values in self.conditions:
            if whole.get(parent) not in values:
                whole.pop(child, None)
        numbers = [float(whole.get(name, 0)) for name in self.family.numbers]
        labels = [self.codes[name][whole.get(name, _MISSING)] for name in self.family.labels]
        accuracy = _process(self.family.folder).run(numbers, labels)[self.family.output]
        return 1.0 - accuracy / 100.0 if self.family.percent else 1.0 - accuracy


def load(kind: str, instance: str) -> Network:
    """Raises FileNotFoundError where the data is missing, KeyError for an unknown data set."""
    family = FAMILIES[kind]
    form = json.loads(data.file("surrogates", family.folder, "config_space.json").read_text())
    codes = json.loads(data.file("surrogates", family.folder, "encoding.json").read_text())
    parameters: list[Parameter] = []
    fixed: dict[str, Any] = {}
    for each in form["hyperparameters"]:
        name = each["name"]
        if name == family.labels[0]:
            if instance not in each["choices"]:
                raise KeyError(f"{kind}_{instance}")
            fixed[name] = instance
        elif name in family.fidelities:
            fixed[name] = each["upper"]
        else:
            parameters.append(_parameter(each))
    conditions = [
        (each["child"], each["parent"], each.get("values", [each.get("value")]))
        for each in form["conditions"]
    ]
    return Network(
        family=family,
        space=SearchSpace(parameters),
        fixed=fixed,
        conditions=conditions,
        codes=codes,
    )


def _parameter(form: Mapping[str, Any]) -> Parameter:
    name = form["name"]
    if form["type"] == "categorical":
        return Categorical(name, form["choices"])
    scale = "log" if form["log"] else "linear"
    if form["type"] == "uniform_int":
        return Integer(name, form["lower"], form["upper"], scale=scale)
    return Double(name, form["lower"], form["upper"], scale=scale)


class _Process:
    """The process that runs one network."""

    def __init__(self, folder: str) -> None:
        python = environments.python("tasks")
        server = Path(__file__).with_name("onnx_process.py")
        model = data.file("surrogates", folder, "model.onnx")
        self._child = subprocess.Popen(
            [str(python), str(server), str(model)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.close)

    def run(self, numbers: Sequence[float], labels: Sequence[int]) -> list[float]:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps([numbers, labels]) + "\n")
        self._child.stdin.flush()
        line = self._child.stdout.readline()
        if not line:
            raise RuntimeError(f"the network's process ended with {self._child.wait()}")
        outputs: list[float] = json.loads(line)
        return outputs

    def close(self) -> None:
        self._child.kill()
        self._child.wait()


@lru_cache(maxsize=4)
def _process(folder: str) -> _Process:
    return _Process(folder)
