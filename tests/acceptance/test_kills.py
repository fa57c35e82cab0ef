"""A few kills of the figures that `python -m benchmarks.foundation` measures with many."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.foundation.kills import Campaign

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are told apart by /proc"),
]


@pytest.mark.parametrize("runners_too", [False, True], ids=["owner", "owner and runners"])
def test_killed_jobs_end_every_trial_once_and_truly(tmp_path: Path, *, runners_too: bool) -> None:
    campaign = Campaign(tmp_path, seed=5, runners_too=runners_too, trials=16)
    tally = campaign.run(kills=3)
    assert tally.faults == []
    assert tally.trials >= 16
    assert tally.measurements > 0
    assert (tally.killed_runners > 0) is runners_too
