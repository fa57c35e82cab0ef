"""`python -m benchmarks.console [--quick] [--only NAME...]`.

A suite is a module with one function that measures and returns its rows. It is added to SUITES,
and that is all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from benchmarks.console.charts import measure_curves, measure_parallel
from benchmarks.console.live import measure_live
from benchmarks.console.opening import measure_opening, measure_size
from benchmarks.console.peer import measure_peer
from benchmarks.console.table import measure_table
from benchmarks.report import Row
from benchmarks.suites import measure

SUITES: Mapping[str, Callable[..., list[Row]]] = {
    "size": measure_size,
    "opening": measure_opening,
    "parallel": measure_parallel,
    "curves": measure_curves,
    "table": measure_table,
    "live": measure_live,
    "peer": measure_peer,
}


if __name__ == "__main__":
    sys.exit(measure("console", SUITES, __doc__))
