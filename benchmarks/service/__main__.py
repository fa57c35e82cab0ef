"""`python -m benchmarks.service [--quick] [--only NAME...]`.

A suite is a module with one function that measures and returns its rows. It is added to SUITES,
and that is all.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

from benchmarks.report import Row, publish, table
from benchmarks.service.ingest import measure_ingest
from benchmarks.service.reading import measure_reading
from benchmarks.service.startup import measure_startup
from benchmarks.service.storing import measure_storing
from benchmarks.service.tracking import measure_tracking

SUITES: Mapping[str, Callable[..., list[Row]]] = {
    "ingest": measure_ingest,
    "storing": measure_storing,
    "reading": measure_reading,
    "startup": measure_startup,
    "tracking": measure_tracking,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=sorted(SUITES), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="few repetitions, nothing written")
    options = parser.parse_args()
    rows = []
    for name in options.only or SUITES:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        rows += SUITES[name](quick=options.quick)
    if options.quick or options.only:
        print(table(rows))
    else:
        publish("service", rows)
    return 0 if all(row.holds is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
