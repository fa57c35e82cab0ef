"""The command line of a folder of suites: `[--quick] [--only NAME... [--keep]]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

from benchmarks.report import Row, publish_part, table


def measure(folder: str, suites: Mapping[str, Callable[..., list[Row]]], about: str | None) -> int:
    """Run the suites that were asked for; the exit code is 0 when every goal holds.

    The whole is published to benchmarks/results/<folder>.json; a part is printed, and with `--keep`
    takes the place of what that file has of it.
    """
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{folder}", description=about)
    parser.add_argument("--only", nargs="+", choices=sorted(suites), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="few repetitions, nothing written")
    parser.add_argument("--keep", action="store_true", help="write what --only measures, too")
    options = parser.parse_args()
    measured = {}
    for name in options.only or suites:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        measured[name] = suites[name](quick=options.quick)
    rows = [row for of_one in measured.values() for row in of_one]
    if options.quick or (options.only and not options.keep):
        print(table(rows))
    else:
        publish_part(folder, measured, list(suites))
    return 0 if all(row.holds is not False for row in rows) else 1
