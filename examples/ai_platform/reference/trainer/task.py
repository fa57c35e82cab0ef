"""Learn NARMA-10 series with stacked recurrent cells whose inner weights stay random.

Only the linear read-out is trained (an echo state network), so that a trial takes a fraction of a
second. `metric1` is the share of variance explained (R²) on series that were held back, reported
after each further series that the read-out has learned from.
"""

import argparse

import hypertune
import numpy as np

TRAINING, HELD_BACK = 8, 4  # series
LENGTH, WASHOUT = 50, 12  # values of a series, and how many of them warm the cells up
RIDGE = 0.1


def narma10(series, length, rng):
    """Series, shape (length, series): the next value depends on the last ten inputs and values."""
    u = rng.uniform(0, 0.5, (length, series))
    y = np.zeros((length, series))
    for t in range(9, length - 1):
        recent = y[t - 9 : t + 1].sum(axis=0)
        y[t + 1] = 0.3 * y[t] + 0.05 * y[t] * recent + 1.5 * u[t - 9] * u[t] + 0.1
    return u, y


def sigmoid(x):
    return 0.5 * (1 + np.tanh(0.5 * x))


def normalize(x):
    return (x - x.mean(axis=-1, keepdims=True)) / (x.std(axis=-1, keepdims=True) + 1e-6)


class Cell:
    """One recurrent layer; the kind decides its gates. States have the shape (series, units)."""

    def __init__(self, kind, inputs, units, rng):
        self.kind = kind
        gates = {"BasicRNNCell": 1, "GRUCell": 3}.get(kind, 4)
        self.W = rng.standard_normal((gates, inputs, units), np.float32) / np.sqrt(inputs)
        self.U = rng.standard_normal((gates, units, units), np.float32) * (0.9 / np.sqrt(units))
        self.peephole = rng.standard_normal((3, units), np.float32) * 0.1
        self.h = self.c = np.zeros((TRAINING + HELD_BACK, units), np.float32)

    def step(self, x):
        a, b = x @ self.W, self.h @ self.U
        if self.kind == "BasicRNNCell":
            self.h = np.tanh(a[0] + b[0])
        elif self.kind == "GRUCell":
            keep, reset = sigmoid(a[0] + b[0]), sigmoid(a[1] + b[1])
            self.h = keep * self.h + (1 - keep) * np.tanh(a[2] + reset * b[2])
        else:
            self.h = self.lstm(a + b)
        return self.h

    def lstm(self, gates):
        i, f, o, candidate = normalize(gates) if self.kind == "LayerNormBasicLSTMCell" else gates
        look = self.peephole if self.kind == "LSTMCell" else np.zeros((3, 1), np.float32)
        kept = sigmoid(f + look[1] * self.c) * self.c
        self.c = kept + sigmoid(i + look[0] * self.c) * np.tanh(candidate)
        return sigmoid(o + look[2] * self.c) * np.tanh(self.c)


def run(cells, u):
    """States of the top layer with a constant beside them, shape (length, series, units + 1)."""
    states = []
    for values in u:
        x = (values[:, None] - 0.25).astype(np.float32)
        for cell in cells:
            x = cell.step(x)
        states.append(np.hstack([x, np.ones((len(x), 1))]))
    return np.array(states)


def r_squared(X, y, X_test, y_test):
    weights = np.linalg.solve(X.T @ X + RIDGE * np.eye(X.shape[1]), X.T @ y)
    return 1 - np.mean((X_test @ weights - y_test) ** 2) / np.var(y_test)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden1", type=int, default=100)
    parser.add_argument("--numRnnCells", type=int, default=1)
    parser.add_argument("--rnnCellType", default="BasicRNNCell")
    args = parser.parse_args()

    rng = np.random.default_rng(0)
    u, y = narma10(TRAINING + HELD_BACK, LENGTH, rng)
    inputs = [1] + [args.hidden1] * (args.numRnnCells - 1)
    cells = [Cell(args.rnnCellType, n, args.hidden1, rng) for n in inputs]
    X, y = run(cells, u)[WASHOUT:], y[WASHOUT:]
    test = X[:, TRAINING:].reshape(-1, X.shape[-1]), y[:, TRAINING:].ravel()

    reporter = hypertune.HyperTune()
    for step in range(1, TRAINING + 1):
        seen = X[:, :step].reshape(-1, X.shape[-1]), y[:, :step].ravel()
        metric = r_squared(*seen, *test)
        reporter.report_hyperparameter_tuning_metric("metric1", metric, global_step=step)
        print(f"learned from {step} of {TRAINING} series: R² {metric:.4f}", flush=True)


if __name__ == "__main__":
    main()
