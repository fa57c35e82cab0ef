"""Trials as a real pandas DataFrame."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.compat.environments import python

SCRIPT = """
from dowse.sdk.values import Trials, trial_of

def trial(number, objective, **parameters):
    times = {"created_at": 1.0, "started_at": 2.0, "ended_at": 4.5}
    rest = {"reason": None, "message": "", "attempt": 1, "exit_code": 0, "output_dir": "/o",
            "why": {}, "further": {}, "tags": []}
    return trial_of({"number": number, "state": "succeeded", "objective": objective, "step": 3,
                     "parameters": parameters, **rest, **times})

frame = Trials([trial(1, 0.5, lr=0.1), trial(2, "NaN", lr=0.2, kind="a")], "loss").to_pandas()
assert list(frame.index) == [1, 2], frame
assert frame["loss"].isna().tolist() == [False, True], frame
assert frame["parameters.lr"].tolist() == [0.1, 0.2]
assert frame["parameters.kind"].isna().tolist() == [True, False]
assert frame["duration_s"].tolist() == [2.5, 2.5]
assert frame["loss"].idxmin() == 1
assert Trials([], "loss").to_pandas().empty
print("ok")
"""


def test_trials_become_a_frame_with_a_column_for_each_parameter() -> None:
    source = Path(__file__).parents[2] / "src"
    environment = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run(
        [str(python("pandas")), "-c", SCRIPT],
        env=environment, capture_output=True, text=True, check=False, timeout=110,
    )  # fmt: skip
    assert done.stdout == "ok\n", done.stderr
