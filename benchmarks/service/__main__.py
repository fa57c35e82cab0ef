"""`python -m benchmarks.service [--quick] [--only NAME... [--keep]]`.

A suite is a module with one function that measures and returns its rows. It is added to SUITES,
and that is all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from benchmarks.report import Row
from benchmarks.service.ingest import measure_ingest
from benchmarks.service.reading import measure_reading
from benchmarks.service.startup import measure_startup
from benchmarks.service.storing import measure_storing
from benchmarks.service.tracking import measure_tracking
from benchmarks.suites import measure

SUITES: Mapping[str, Callable[..., list[Row]]] = {
    "ingest": measure_ingest,
    "storing": measure_storing,
    "reading": measure_reading,
    "startup": measure_startup,
    "tracking": measure_tracking,
}


if __name__ == "__main__":
    sys.exit(measure("service", SUITES, __doc__))
