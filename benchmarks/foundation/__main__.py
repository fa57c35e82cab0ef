"""`python -m benchmarks.foundation [--quick] [--only NAME...]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

from benchmarks.foundation.kills import measure_kills, measure_runner_kills
from benchmarks.foundation.overhead import measure_added, measure_rate, measure_runner
from benchmarks.foundation.startup import measure_help, measure_validate
from benchmarks.report import Row, publish, table

FIGURES: Mapping[str, Callable[..., list[Row]]] = {
    "help": measure_help,
    "validate": measure_validate,
    "added": measure_added,
    "rate": measure_rate,
    "runner": measure_runner,
    "kills": measure_kills,
    "runner-kills": measure_runner_kills,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.foundation", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=sorted(FIGURES), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="few repetitions, nothing written")
    options = parser.parse_args()
    rows = []
    for name in options.only or FIGURES:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        rows += FIGURES[name](quick=options.quick)
    if options.quick or options.only:
        print(table(rows))
    else:
        publish("foundation", rows)
    return 0 if all(row.holds is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
