"""Trials of real programs that pause on their rungs and go on, through a real owner's door."""

from __future__ import annotations

from pathlib import Path

import pytest

from dowse import wiring
from dowse.config import Settings
from dowse.sdk.client import Client
from tests.acceptance.test_api import client, folder, request, settings, wait_for
from tests.invariants import check_store

__all__ = ["client", "folder", "settings"]

pytestmark = pytest.mark.acceptance

PROGRAM = """
import json, os, sys, time
x = float(sys.argv[1].partition("=")[2])
place = os.path.join(os.environ["DOWSE_TRIAL_CHECKPOINT_DIR"], "epoch")
done = 0
if os.path.exists(place) and {keeps}:
    done = int(open(place).read())
for epoch in range(done + 1, 9):
    with open(place, "w") as file:
        file.write(str(epoch))
    with open(place + "s", "a") as file:
        file.write(f"{{epoch}} ")
    with open(os.environ["DOWSE_REPORT_FILE"], "a") as file:
        file.write(json.dumps({{"step": epoch, "loss": (x - 0.3) ** 2 + 1 / epoch}}) + "\\n")
    if epoch in (2, 4):
        time.sleep(0.7)  # Long enough to be stopped before the next rung.
"""

DOCUMENT = """
command: python train.py
metric: loss
goal: minimize
parameters:
  x: [0.3, 0.4, 0.5, 0.6, 0.7]  # Ever worse, so that whoever pauses first is promoted first.
algorithm: grid
early_stopping:
  {rule: asha, min_resource: 2, max_resource: 8, reduction_factor: 2, resource: step, resume: true}
limits: {parallel: 1}
"""


def epochs(settings: Settings, trial: int) -> list[int]:
    """The epochs that the programs of a trial carried out, in order."""
    place = settings.data_dir / "jobs" / "climb" / "trials" / f"{trial}.checkpoints" / "epochs"
    return [int(word) for word in place.read_text().split()]


def test_promoted_trials_go_on_from_their_checkpoints_under_another_owner_too(
    folder: Path, settings: Settings
) -> None:
    (folder / "train.py").write_text(PROGRAM.format(keeps=True))
    owner = wiring.Owner(settings, environ={})
    with Client(owner.socket) as before:
        before.submit(request(folder, DOCUMENT, name="climb"))
        while not before.progress("climb", wait_s=0.2)["counts"].get("paused"):
            pass
    owner.close()
    owner = wiring.Owner(settings, environ={})
    with Client(owner.socket) as after:
        wait_for(after, "climb", "succeeded")
        check_climb(after, settings)
    check_store(owner.store)
    owner.close()


def check_climb(client: Client, settings: Settings) -> None:
    """No epoch was carried out twice, and the attempts of each trial make one curve."""
    trials = client.job("climb")["trials"]
    gone_on = [t for t in trials if t["attempt"] > 1 and t["state"] == "succeeded"]
    assert gone_on, trials
    for trial in gone_on:
        assert epochs(settings, trial["number"]) == list(range(1, 9))
        assert trial["objective"] == pytest.approx((trial["parameters"]["x"] - 0.3) ** 2 + 1 / 8)
        curve = client.metrics("climb", trial["number"])["loss"]
        assert [one["step"] for one in curve] == list(range(1, 9))
        assert [one["seq"] for one in curve] == list(range(1, 9))
        first = client.metrics("climb", trial["number"], attempt=1)["loss"]
        assert len(first) < 8
    waiting = [t for t in trials if t["state"] == "stopped"]
    assert waiting, trials
    for trial in waiting:
        message = "its job ended before its promotion: waits at rung "
        assert trial["message"].startswith(message)
        done = epochs(settings, trial["number"])
        assert trial["step"] == done[-1] < 8
        loss = (trial["parameters"]["x"] - 0.3) ** 2 + 1 / done[-1]
        assert trial["objective"] == pytest.approx(loss)
    assert client.job("climb")["best"]["number"] == 1


def test_a_program_without_checkpoints_begins_again_and_each_step_counts_once(
    client: Client, folder: Path, settings: Settings
) -> None:
    (folder / "train.py").write_text(PROGRAM.format(keeps=False))
    client.submit(request(folder, DOCUMENT, name="climb"))
    wait_for(client, "climb", "succeeded")
    trials = client.job("climb")["trials"]
    again = [t for t in trials if t["attempt"] > 1 and t["state"] == "succeeded"]
    assert again, trials
    for trial in again:
        done = epochs(settings, trial["number"])
        assert done[-8:] == list(range(1, 9))
        assert len(done) > 8
        curve = client.metrics("climb", trial["number"])["loss"]
        assert [one["step"] for one in curve] == list(range(1, 9))
    events = [one["event"] for one in client.events("climb")]
    rungs = [
        (event["trial"], event["numbers"]["rung"])
        for event in events
        if event["kind"] == "stop_decided"
    ]
    assert len(rungs) == len(set(rungs)), "a trial was paused twice on one rung"
    promoted = [event for event in events if event["kind"] == "promotion_decided"]
    assert promoted
    assert all(event["numbers"]["rank"] <= event["numbers"]["allowed"] for event in promoted)
