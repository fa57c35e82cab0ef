"""What is told of a job's trials."""

from __future__ import annotations

import json
from pathlib import Path

from dowse.runtime import layout
from dowse.service.folders import DataDirectory
from dowse.service.queries import Queries
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock, make_spec, make_trial


def test_a_command_is_told_whole_and_only_once_its_trial_was_started(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    folders = DataDirectory(tmp_path)
    queries = Queries(store=store, folders=folders)
    trial = store.create_trial(make_trial(store.create_job(make_spec(), name="tune"), 1), note=None)
    assert queries.command("tune", 1) is None
    record = folders.attempt(trial.ref) / layout.LAUNCH
    record.parent.mkdir(parents=True)
    argv = ["python", "train.py", "--note=two words", "--lr=0.01"]
    record.write_text(json.dumps({"argv": argv, "shell": None}))
    assert queries.command("tune", 1) == "python train.py '--note=two words' --lr=0.01"
    record.write_text(json.dumps({"argv": None, "shell": "./run.sh > out"}))
    assert queries.command("tune", 1) == "./run.sh > out"
    store.close()
