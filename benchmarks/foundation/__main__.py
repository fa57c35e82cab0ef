"""`python -m benchmarks.foundation [--quick] [--only NAME... [--keep]]`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from benchmarks.foundation.kills import measure_kills, measure_runner_kills
from benchmarks.foundation.overhead import measure_added, measure_rate, measure_runner
from benchmarks.foundation.startup import measure_help, measure_validate
from benchmarks.report import Row
from benchmarks.suites import measure

FIGURES: Mapping[str, Callable[..., list[Row]]] = {
    "help": measure_help,
    "validate": measure_validate,
    "added": measure_added,
    "rate": measure_rate,
    "runner": measure_runner,
    "kills": measure_kills,
    "runner-kills": measure_runner_kills,
}


if __name__ == "__main__":
    sys.exit(measure("foundation", FIGURES, __doc__))
