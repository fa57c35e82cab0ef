"""The command line of a folder of suites: `[--quick] [--only NAME...]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

from benchmarks.report import Row, publish, table


def measure(folder: str, suites: Mapping[str, Callable[..., list[Row]]], about: str | None) -> int:
    """Run the suites that were asked for; the exit code is 0 when every goal holds.

    Only the whole is published to benchmarks/results/<folder>.json; a part is printed.
    """
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{folder}", description=about)
    parser.add_argument("--only", nargs="+", choices=sorted(suites), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="few repetitions, nothing written")
    options = parser.parse_args()
    rows = []
    for name in options.only or suites:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        rows += suites[name](quick=options.quick)
    if options.quick or options.only:
        print(table(rows))
    else:
        publish(folder, rows)
    return 0 if all(row.holds is not False for row in rows) else 1
