"""Tell two spirals apart with random features; nothing but the standard library.

Each layer's units are split evenly among the heads, and a head sees only its own share of the layer
below, so `hidden` must be a multiple of `heads`. The features stay random; a logistic read-out on
them is trained, and its accuracy on points that were held back is reported after every epoch.
"""

import argparse
import csv
import json
import math
import os
import random

EPOCHS = 15


def report(step, **metrics):
    """Append one line of JSON to the file that Dowse names; without Dowse, only print."""
    line = json.dumps({"step": step, **metrics})
    print(line, flush=True)
    path = os.environ.get("DOWSE_REPORT_FILE")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")


def should_stop():
    """Dowse creates this file when the trial is not worth going on with."""
    path = os.environ.get("DOWSE_STOP_FILE")
    return path is not None and os.path.exists(path)


def read_points(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [((float(r["x"]), float(r["y"])), int(r["arm"])) for r in csv.DictReader(file)]


def random_layers(layers, heads, hidden, rng):
    """For every layer and unit: the inputs it sees, as (index, weight) pairs, and its bias."""
    network, width = [], 2
    for layer in range(layers):
        share = hidden // heads
        units = []
        for unit in range(hidden):
            head = unit // share
            seen = range(width) if layer == 0 else range(head * share, (head + 1) * share)
            scale = 4 / math.sqrt(len(seen))
            units.append(([(i, rng.gauss(0, scale)) for i in seen], rng.uniform(-2, 2)))
        network.append(units)
        width = hidden
    return network


def features(point, network):
    values = point
    for units in network:
        values = [math.tanh(bias + sum(w * values[i] for i, w in seen)) for seen, bias in units]
    return [*values, 1.0]


def predict(weights, x):
    z = sum(w * v for w, v in zip(weights, x, strict=True))
    return 0.5 * (1 + math.tanh(0.5 * z))


class Sgd:
    def __init__(self, size, lr, momentum):
        self.lr, self.momentum, self.velocity = lr, momentum, [0.0] * size

    def step(self, weights, gradient):
        for i, g in enumerate(gradient):
            self.velocity[i] = self.momentum * self.velocity[i] - self.lr * g
            weights[i] += self.velocity[i]


class Adam:
    def __init__(self, size, lr):
        self.lr, self.t, self.m, self.v = lr, 0, [0.0] * size, [0.0] * size

    def step(self, weights, gradient):
        self.t += 1
        rate = self.lr * math.sqrt(1 - 0.999**self.t) / (1 - 0.9**self.t)
        for i, g in enumerate(gradient):
            self.m[i] += 0.1 * (g - self.m[i])
            self.v[i] += 0.001 * (g * g - self.v[i])
            weights[i] -= rate * self.m[i] / (math.sqrt(self.v[i]) + 1e-8)


def train_epoch(weights, optimizer, rows, rng):
    rng.shuffle(rows)
    for x, label in rows:
        error = predict(weights, x) - label
        optimizer.step(weights, [error * v for v in x])


def accuracy(weights, rows):
    return sum((predict(weights, x) > 0.5) == bool(label) for x, label in rows) / len(rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--layers", type=int, default=1)
    parser.add_argument("--heads", type=int, default=1)
    parser.add_argument("--hidden", type=int, default=16)
    parser.add_argument("--optimizer", choices=["sgd", "adam"], default="sgd")
    parser.add_argument("--momentum", type=float, default=0.0)
    args = parser.parse_args()

    rng = random.Random(0)
    network = random_layers(args.layers, args.heads, args.hidden, rng)
    rows = [(features(point, network), label) for point, label in read_points(args.data)]
    training, held_back = rows[:200], rows[200:]
    size = args.hidden + 1
    sgd = args.optimizer == "sgd"
    optimizer = Sgd(size, args.lr, args.momentum) if sgd else Adam(size, args.lr)
    weights = [0.0] * size
    for epoch in range(1, EPOCHS + 1):
        train_epoch(weights, optimizer, training, rng)
        report(step=epoch, accuracy=accuracy(weights, held_back))
        if should_stop():
            break


if __name__ == "__main__":
    main()
