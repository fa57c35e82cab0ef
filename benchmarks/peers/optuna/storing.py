"""Optuna's storages keeping reports: `python -m benchmarks.peers.optuna.storing FOLDER`.

A line `sqlite 50` on standard input reports 50 values to a trial kept there; the answer is the
list of seconds that each report took.
"""

import json
import sys
import time
from pathlib import Path

import optuna
from optuna.storages import JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend


def main(folder: Path) -> None:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storages = {
        "sqlite": RDBStorage(f"sqlite:///{folder / 'optuna.db'}"),
        "journal": JournalStorage(JournalFileBackend(str(folder / "journal.log"))),
    }
    trials = {
        name: optuna.create_study(storage=storage).ask() for name, storage in storages.items()
    }
    steps = dict.fromkeys(trials, 0)
    for line in sys.stdin:
        name, count = line.split()
        times = []
        for _ in range(int(count)):
            steps[name] += 1
            began = time.perf_counter()
            trials[name].report(1 / steps[name], steps[name])
            times.append(time.perf_counter() - began)
        print(json.dumps(times), flush=True)
    for name, storage in storages.items():
        kept = len(storage.get_trial(trials[name]._trial_id).intermediate_values)
        if kept != steps[name]:
            raise RuntimeError(f"{name} kept {kept} of {steps[name]} reports")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
