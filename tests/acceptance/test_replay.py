"""The decisions of a real job derived again, and a log that somebody has changed."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.acceptance.commands import Place, place_in

pytestmark = pytest.mark.acceptance

MORE = """
early_stopping: {rule: median, evaluation_interval: 1, delay_evaluation: 2}
"""
# Slowly enough for verdicts, and each trial is worse than those before it: there are some.
PROGRAM = """
x = float(P["X"])
for step in range(1, 9):
    report(step, score=1 - (x - 0.3) ** 2 - N)
    time.sleep(0.1)
"""


def tamper(place: Place, kind: str, name: str, change: dict[str, float]) -> int:
    """Change values below `name` in the last event of a kind; returns the trial it speaks of."""
    with sqlite3.connect(place.data / "dowse.db") as database:
        number, text = database.execute(
            "SELECT number, document FROM events WHERE json_extract(document, '$.kind') = ? "
            "ORDER BY number DESC LIMIT 1",
            (kind,),
        ).fetchone()
        document = json.loads(text)
        document[name] |= change
        database.execute(
            "UPDATE events SET document = ? WHERE number = ?", (json.dumps(document), number)
        )
    return int(document["trial"])


def test_a_job_is_derived_again_and_a_changed_log_is_found(tmp_path: Path) -> None:
    with place_in(tmp_path) as place:
        place.program(PROGRAM, trials=8, parallel=2, more=MORE)
        job = place.folder / "job.yaml"
        job.write_text(job.read_text().replace("algorithm: random", "algorithm: bayesian"))
        place.dowse("run", "job.yaml", "--name", "again", "--quiet")
        found = place.document("replay", "again")
        suggested = [c for c in found["checks"] if c["decision"] == "suggestion"]
        assert [(c["trial"], c["agreement"], c["message"]) for c in suggested] == [
            (number, "equal", "") for number in range(1, 9)
        ]
        stops = [c for c in found["checks"] if c["decision"] == "stop"]
        assert stops
        assert {(c["agreement"], c["message"]) for c in stops} == {("equal", "")}

        stopped = tamper(place, "stop_decided", "numbers", {"median": -1.0})
        moved = tamper(place, "trial_suggested", "parameters", {"x": 0.123})
        shown = place.dowse("replay", "again", code=1).stdout.splitlines()
        wrong = [line.split()[:3] for line in shown if " differs " in line]
        assert sorted(wrong) == sorted(
            [[str(stopped), "stop", "differs"], [str(moved), "suggestion", "differs"]]
        )
        assert any("the trial is another than in the log" in line for line in shown)
        assert ", 2 different" in shown[-1]
