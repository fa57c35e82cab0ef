"""Two hundred whole jobs with faults by seed; `python -m tests.simulation` runs more of them."""

import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from dowse.analysis.replay import Decision
from tests.simulation.simulation import Report, simulate

SEEDS = 200

pytestmark = pytest.mark.simulation


@cache
def report_of(seed: int) -> Report:
    return simulate(seed)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_promise_holds_after_every_step_and_every_job_ends(seed: int) -> None:
    report_of(seed)


# Alone it runs all the jobs itself, which a busy machine stretches.
@pytest.mark.timeout(300)
def test_the_seeds_together_go_through_crashes_and_every_kind_of_end() -> None:
    reports = [report_of(seed) for seed in range(SEEDS)]
    assert sum(report.crashes for report in reports) > 300
    assert sum(report.trials for report in reports) > 500
    assert sum(report.promotions for report in reports) > 30
    decisions = sum((report.decisions for report in reports), Counter[Decision]())
    assert decisions[Decision.SUGGESTION] > 500
    assert set(decisions) == set(Decision)
    ends = Counter(end for report in reports for end in report.ends)
    assert set(ends) >= {
        "succeeded: trials_done",
        "succeeded: search_space_exhausted",
        "failed: first_trial_failed",
        "failed: too_many_failures",
        "failed: no_metric",
        "cancelled: timeout",
        "cancelled: user",
    }
    trial_ends = {end for report in reports for end in report.trial_ends}
    assert trial_ends >= {
        "trial succeeded: None",
        "trial stopped: stopped_early",
        "trial cancelled: job_ended",
        "trial cancelled: timeout",
        *(
            f"trial failed: {reason}"
            for reason in ("no_metric", "nonzero_exit", "start_error", "lost", "infeasible")
        ),
    }


def test_seeds_go_the_same_way_in_every_process() -> None:
    command = [sys.executable, "-m", "tests.simulation", "--first", "16", "--seeds", "2", "--trace"]
    traces = []
    for hashing in ("1", "2"):
        done = subprocess.run(
            command,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": hashing},
            capture_output=True,
            text=True,
            check=True,
        )
        traces.append(done.stdout.partition("turns,")[0])
    assert "seed 16" in traces[0]
    assert "seed 17" in traces[0]
    assert traces[0] == traces[1]
