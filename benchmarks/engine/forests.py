"""Tree surrogates of scikit-learn trainings on random configurations; made for this project."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.engine import data
from benchmarks.engine.functions import FloatArray
from dowse import Double, Integer, SearchSpace
from dowse.domain.parameters import Parameter, Value
from dowse.domain.scales import Scale
from dowse.domain.space import Assignment


def _log(name: str, low: float, high: float) -> Double:
    return Double(name, low, high, scale="log")


_FOREST = SearchSpace(
    [
        Integer("max_depth", 1, 15),
        Double("max_features", 0.01, 0.99),
        Double("min_samples_split", 0.01, 0.99),
        Double("min_samples_leaf", 0.01, 0.49),
        Double("min_weight_fraction_leaf", 0.01, 0.49),
        Double("min_impurity_decrease", 0.0, 0.5),
    ]
)
_MACHINE = SearchSpace([_log("C", 1e-1, 1e3), _log("gamma", 1e-5, 1e-1), _log("tol", 1e-5, 1e-1)])
_PERCEPTRON = SearchSpace(
    [
        Integer("hidden_layer_sizes", 50, 200),
        _log("alpha", 1e-5, 1e1),
        Integer("batch_size", 10, 250),
        _log("learning_rate_init", 1e-5, 1e-1),
        _log("tol", 1e-5, 1e-1),
        Double("validation_fraction", 0.1, 0.9),
        Double("beta_1", 0.5, 0.99),
        Double("beta_2", 0.9, 1 - 1e-6),
        _log("epsilon", 1e-9, 1e-6),
    ]
)
SPACES: Mapping[str, SearchSpace] = {
    "DT-diabetes": SearchSpace(
        [
            Integer("max_depth", 1, 15),
            Double("min_samples_split", 0.01, 0.99),
            Double("min_samples_leaf", 0.01, 0.49),
            Double("min_weight_fraction_leaf", 0.01, 0.49),
            Double("max_features", 0.01, 0.99),
            Double("min_impurity_decrease", 0.0, 0.5),
        ]
    ),
    "RF-breast": _FOREST,
    "SVM-breast": _MACHINE,
    "MLPadam-breast": _PERCEPTRON,
    "ada-breast": SearchSpace([Integer("n_estimators", 10, 100), _log("learning_rate", 1e-4, 1e1)]),
    "lasso-breast": SearchSpace([_log("C", 1e-2, 1e2), _log("intercept_scaling", 1e-2, 1e2)]),
    "RF-wine": _FOREST,
    "SVM-diabetes": _MACHINE,
    "MLPadam-diabetes": _PERCEPTRON,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """A mean over regression trees; `feature` is negative at a leaf."""

    space: SearchSpace
    roots: np.ndarray
    feature: np.ndarray
    threshold: FloatArray
    value: FloatArray
    left: np.ndarray
    right: np.ndarray

    def loss(self, c: Assignment) -> float:
        # The trees were grown on single precision; a split may fall between two doubles.
        u = np.array([_position(p, c[p.name]) for p in self.space.parameters], np.float32)
        node = self.roots.copy()
        while (inner := (feature := self.feature[node]) >= 0).any():
            below = u[np.maximum(feature, 0)] <= self.threshold[node]
            node = np.where(inner, np.where(below, self.left[node], self.right[node]), node)
        return float(self.value[node].mean())


def load(name: str) -> Forest:
    """Raises FileNotFoundError where the data is missing."""
    with np.load(data.file("mltab", f"{name}.npz")) as stored:
        return Forest(
            space=SPACES[name],
            roots=stored["roots"],
            feature=stored["feature"].astype(int),
            threshold=stored["threshold"],
            value=stored["value"],
            left=stored["left"],
            right=stored["right"],
        )


def _position(parameter: Parameter, value: Value) -> float:
    """Where a value lies between the bounds, linearly or by its logarithm."""
    assert isinstance(parameter, Double | Integer)
    value = float(value)
    low, high = parameter.min, parameter.max
    if parameter.scale is Scale.LOG:
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)
