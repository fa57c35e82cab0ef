"""How light the commands are: CPU time, and what they import."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

from benchmarks.foundation.command import DOWSE, measured
from benchmarks.report import Row, at_most

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai_platform" / "reference"
HEAVY = ("numpy", "scipy")

_LIST_HEAVY = (
    "import sys\n"
    "from dowse.cli.main import app\n"
    "try:\n"
    "    app(['--help'], prog_name='dowse')\n"
    "except SystemExit:\n"
    f"    print('\\nheavy:', *sorted(set({HEAVY!r}) & set(sys.modules)))\n"
)


def measure_help(*, quick: bool) -> list[Row]:
    cpu_s = _median_cpu([*DOWSE, "--help"], runs=3 if quick else 11)
    heavy = measured([sys.executable, "-c", _LIST_HEAVY]).output.rpartition("heavy:")[2].split()
    return [
        at_most("dowse --help, CPU", cpu_s, "s", 0.25),
        at_most(
            "dowse --help, heavy modules imported", len(heavy), "", 0, ", ".join(heavy) or None
        ),
    ]


def measure_validate(*, quick: bool) -> list[Row]:
    file = EXAMPLE / "hptuning_config.yaml"
    cpu_s = _median_cpu([*DOWSE, "validate", str(file)], runs=3 if quick else 11)
    return [at_most("dowse validate of the Google example, CPU", cpu_s, "s", 0.5)]


def _median_cpu(words: list[str], *, runs: int) -> float:
    measured(words)  # The first run may have to compile.
    return median(measured(words).cpu_s for _ in range(runs))
