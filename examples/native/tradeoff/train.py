"""Classifies points of two rings by their nearest examples; more examples are better and slower.

Reports the share that it gets right and what an answer costs, in distances computed.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random

Point = tuple[float, float, int]


def points(count: int, seed: int) -> list[Point]:
    """Two noisy rings around the origin, of class 0 and 1."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        kind = number % 2
        radius = 1.0 + 0.5 * kind + chance.gauss(0.0, 0.22)
        angle = chance.uniform(0.0, 2.0 * math.pi)
        found.append((radius * math.cos(angle), radius * math.sin(angle), kind))
    return found


def accuracy(examples: list[Point], neighbours: int, tested: list[Point]) -> float:
    right = 0
    for x, y, kind in tested:
        near = sorted(examples, key=lambda one: (one[0] - x) ** 2 + (one[1] - y) ** 2)[:neighbours]
        right += (2 * sum(one[2] for one in near) > len(near)) == (kind == 1)
    return right / len(tested)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=int, required=True)
    parser.add_argument("--neighbours", type=int, required=True)
    asked = parser.parse_args()
    found = accuracy(points(asked.examples, seed=1), asked.neighbours, points(200, seed=2))
    with open(os.environ["DOWSE_REPORT_FILE"], "a", encoding="utf-8") as report:
        report.write(json.dumps({"accuracy": found, "distances": asked.examples}) + "\n")


if __name__ == "__main__":
    main()
