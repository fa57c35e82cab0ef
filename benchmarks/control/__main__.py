"""`python -m benchmarks.control [--quick] [--only NAME... [--keep]]`.

A suite is a module with one function that measures and returns its rows. It is added to SUITES,
and that is all. The folder of the curve tables is named by the environment variable BENCHMARK_DATA.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from benchmarks.control.confirming import measure_confirm
from benchmarks.control.continued import measure_continued
from benchmarks.control.deciding import measure_deciding
from benchmarks.control.forecasts import measure_forecasts
from benchmarks.control.ledger import measure_ledger
from benchmarks.control.policies import measure_policies
from benchmarks.control.search import measure_search
from benchmarks.report import Row
from benchmarks.suites import measure

SUITES: Mapping[str, Callable[..., list[Row]]] = {
    "confirm": measure_confirm,
    "deciding": measure_deciding,
    "forecasts": measure_forecasts,
    "continued": measure_continued,
    "policies": measure_policies,
    "ledger": measure_ledger,
    "search": measure_search,
}


if __name__ == "__main__":
    sys.exit(measure("control", SUITES, __doc__))
