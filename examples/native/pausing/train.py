"""Fit a logistic regression that can be interrupted after any epoch and goes on where it was.

Nothing but the standard library. An epoch is reported before its checkpoint is written, and that
is written as a whole or not at all. Whoever is stopped in between trains and reports the epoch
again, which counts once; the other way round its report would be missing.
"""

import argparse
import json
import math
import os
import random

EPOCHS = 27
POINTS, INPUTS = 20_000, 12


def report(step, **metrics):
    """Append one line of JSON to the file that Dowse names; without Dowse, only print."""
    line = json.dumps({"step": step, **metrics})
    print(line, flush=True)
    path = os.environ.get("DOWSE_REPORT_FILE")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")


def checkpoint():
    """Every attempt of a trial finds the same directory; without Dowse it is this one."""
    return os.path.join(os.environ.get("DOWSE_TRIAL_CHECKPOINT_DIR", "."), "checkpoint.json")


def restore():
    """The state after the last epoch that was saved, or the state before the first."""
    try:
        with open(checkpoint(), encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {"epoch": 0, "weights": [0.0] * INPUTS, "velocity": [0.0] * INPUTS}


def save(state):
    with open(checkpoint() + ".new", "w", encoding="utf-8") as file:
        json.dump(state, file)
    os.replace(checkpoint() + ".new", checkpoint())


def sigmoid(z):
    return 0.5 * (1 + math.tanh(0.5 * z))


def examples(rng):
    """Points of two classes that overlap; later inputs matter less and are larger."""
    rows = []
    for _ in range(POINTS):
        x = [rng.gauss(0, 1 + i / 2) for i in range(INPUTS)]
        z = sum(v / (1 + i) ** 2 for i, v in enumerate(x))
        rows.append((x, float(rng.random() < sigmoid(3 * z))))
    return rows


def train_epoch(state, rows, args):
    weights, velocity = state["weights"], state["velocity"]
    gradient = [args.decay * w for w in weights]
    for x, label in rows:
        error = sigmoid(sum(w * v for w, v in zip(weights, x, strict=True))) - label
        for i, v in enumerate(x):
            gradient[i] += error * v / len(rows)
    for i, g in enumerate(gradient):
        velocity[i] = args.momentum * velocity[i] - args.lr * g
        weights[i] += velocity[i]


def loss(weights, rows):
    total = 0.0
    for x, label in rows:
        p = sigmoid(sum(w * v for w, v in zip(weights, x, strict=True)))
        total -= math.log(max(p if label else 1 - p, 1e-12))
    return total / len(rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--momentum", type=float, default=0.0)
    parser.add_argument("--decay", type=float, default=0.0)
    args = parser.parse_args()

    rows = examples(random.Random(0))
    training, held_back = rows[: POINTS // 2], rows[POINTS // 2 :]
    state = restore()
    while state["epoch"] < EPOCHS:
        train_epoch(state, training, args)
        state["epoch"] += 1
        report(step=state["epoch"], loss=loss(state["weights"], held_back))
        save(state)


if __name__ == "__main__":
    main()
