"""`python -m tests.simulation --seeds 10000`: the long runs."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from tests.simulation.simulation import SimulationError, simulate


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1_000, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first one")
    parser.add_argument("--keep-going", action="store_true", help="show every seed that fails")
    parser.add_argument("--trace", action="store_true", help="show how each seed ended")
    given = parser.parse_args()
    ends: Counter[str] = Counter()
    turns = crashes = trials = failures = 0
    began = time.perf_counter()
    for seed in range(given.first, given.first + given.seeds):
        try:
            report = simulate(seed)
        except SimulationError as error:
            print(error, file=sys.stderr)
            failures += 1
            if not given.keep_going:
                break
            continue
        if given.trace:
            print(f"seed {seed}", *report.trace, sep="\n")
        turns, crashes = turns + report.turns, crashes + report.crashes
        trials += report.trials
        ends.update([*report.ends, *report.trial_ends])
        if (seed + 1) % 500 == 0:
            print(f"seed {seed}, {time.perf_counter() - began:.0f} s", file=sys.stderr)
    print(
        f"{turns} turns, {crashes} crashes, {trials} trials, {failures} failures, "
        f"{time.perf_counter() - began:.1f} s"
    )
    for end, count in ends.most_common():
        print(f"{count:8}  {end}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
