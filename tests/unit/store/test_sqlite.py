"""What is promised of the SQLite file: failures at any point, kills, a full disk, copies."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dowse.domain.events import Noted
from dowse.domain.job import Intent, JobState
from dowse.domain.lifecycle import Outcome, advance_job, advance_trial, intend
from dowse.domain.trial import AttemptRef, TrialState
from dowse.errors import Unavailable
from dowse.store.sqlite import SqliteStore
from dowse.store.tables import metadata
from tests.contracts.store_contract import SettableClock, make_report, make_spec, make_trial
from tests.unit.store.disturbance import Disturbance, io_error

FIRST = AttemptRef("digits", 1, 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dowse.db"


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, once the file is found to be sound."""
    with contextlib.closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        return {
            name: raw.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()
            for name in metadata.tables
        }


def change_trial(to: TrialState) -> Callable[[SqliteStore], object]:
    outcome = Outcome(exit_code=0, objective=0.5, step=1) if to is TrialState.SUCCEEDED else None
    return lambda store: store.change_trial(
        advance_trial(store.trial(1, 1), to, at=2.0, outcome=outcome, output_dir="/out")
    )


LIFE: tuple[Callable[[SqliteStore], object], ...] = (
    lambda store: store.create_job(make_spec(), name="digits"),
    lambda store: store.change_job(advance_job(store.job("digits"), JobState.RUNNING, at=1.0)),
    lambda store: store.create_trial(make_trial(store.job("digits")), note={"k": 1}),
    change_trial(TrialState.RUNNING),
    lambda store: store.record(
        FIRST, [make_report(0.5, key="0"), make_report(2, metric="loss")], source="r", offset=9
    ),
    change_trial(TrialState.SUCCEEDED),
    lambda store: store.append_event(1, Noted(message="half time")),
    lambda store: store.change_job(intend(store.job("digits"), Intent.PAUSE)),
    lambda store: store.delete_job(1),
)
"""The life of a small job; each step is one transaction."""


def live(store: SqliteStore) -> int:
    """How many steps of LIFE were acknowledged until the first failure."""
    for count, step in enumerate(LIFE):
        try:
            step(store)
        except Unavailable:
            return count
    return len(LIFE)


@pytest.fixture(scope="module")
def snapshots(
    tmp_path_factory: pytest.TempPathFactory,
) -> list[dict[str, list[tuple[object, ...]]]]:
    """What the file holds after 0, 1, 2 … steps of an undisturbed life."""
    path = tmp_path_factory.mktemp("clean") / "dowse.db"
    store = SqliteStore(path, clock=SettableClock())
    found = [contents(path)]
    for step in LIFE:
        step(store)
        found.append(contents(path))
    store.close()
    return found


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 51))
def test_a_failure_at_any_statement_leaves_the_old_or_the_new_state(
    path: Path, snapshots: list[dict[str, list[tuple[object, ...]]]], at: int, after: bool
) -> None:
    disturbance = Disturbance()
    store = SqliteStore(path, clock=SettableClock(), connect=disturbance.connect)

    def fail() -> None:
        raise io_error()

    disturbance.arm(at, fail, after=after)
    acknowledged = live(store)
    assert acknowledged < len(LIFE)
    committed = after and disturbance.seen[at - 1] == "COMMIT"
    assert contents(path) == snapshots[acknowledged + committed]
    # Nothing was retried, and the store goes on by itself.
    for step in LIFE[acknowledged + committed :]:
        step(store)
    assert contents(path) == snapshots[-1]
    store.close()


CHILD = """
import os, sys, threading
from pathlib import Path
from dowse.domain.metrics import Measurement
from dowse.domain.trial import AttemptRef
from dowse.store.sqlite import SqliteStore

class Clock:
    def now(self): return 0.0

store = SqliteStore(Path(sys.argv[1]), clock=Clock())
start = int(sys.argv[2])

def work(thread):
    for k in range(1_000_000):
        key = f"{start}.{thread}.{k}"
        report = Measurement(metric="accuracy", value=k / 7, step=k, time=1.0, key=key)
        store.record(AttemptRef("digits", 1, 1), [report], source="http", offset=k)
        os.write(1, (key + chr(10)).encode())

for thread in range(8):
    threading.Thread(target=work, args=(thread,)).start()
"""


def test_what_was_acknowledged_survives_kill_9_of_the_writing_process(path: Path) -> None:
    store = SqliteStore(path, clock=SettableClock())
    store.create_trial(make_trial(store.create_job(make_spec(), name="digits")), note=None)
    store.close()
    rng = random.Random(1)
    acknowledged: set[str] = set()
    for start in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path), str(start)], stdout=subprocess.PIPE
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(rng.uniform(0.02, 0.2))
        child.kill()
        # The last line may be half a line; a whole one is an acknowledgement.
        lines = child.stdout.read().decode().splitlines(keepends=True)
        child.stdout.close()
        assert child.wait() == -signal.SIGKILL
        acknowledged |= {line.strip() for line in lines if line.endswith("\n")}
    contents(path)
    store = SqliteStore(path, clock=SettableClock())
    curve = store.curve(FIRST, "accuracy")
    store.close()
    keys = [stored.measurement.key for stored in curve]
    assert len(acknowledged) > 100
    assert acknowledged <= set(keys)
    assert len(set(keys)) == len(keys)
    assert [stored.seq for stored in curve] == list(range(1, len(keys) + 1))
    assert all(
        stored.measurement.value == stored.measurement.step / 7
        and stored.measurement.key.endswith(f".{stored.measurement.step}")
        for stored in curve
    )


FULL_DISK = """
import json, resource, sys
from pathlib import Path
from dowse.domain.metrics import Measurement
from dowse.domain.trial import AttemptRef
from dowse.errors import Unavailable
from dowse.store.sqlite import SqliteStore

class Clock:
    def now(self): return 0.0

store = SqliteStore(Path(sys.argv[1]), clock=Clock())
attempt = AttemptRef("digits", 1, 1)

def record(k):
    report = Measurement(metric="accuracy" * 30, value=k, step=k, time=1.0, key=f"{k:0500d}")
    store.record(attempt, [report], source="http", offset=k)

soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
failures, acknowledged = [], []
for k in range(400):
    try:
        record(k)
    except Unavailable as error:
        failures.append(str(error))
        readable = len(store.curve(attempt, "accuracy" * 30)) == len(acknowledged)
    else:
        acknowledged.append(k)
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
for k in range(400, 405):
    record(k)
    acknowledged.append(k)
store.close()
print(json.dumps({"failures": failures, "acknowledged": acknowledged, "readable": readable}))
"""


def test_a_file_that_cannot_grow_loses_nothing_is_readable_and_goes_on_with_space(
    path: Path,
) -> None:
    store = SqliteStore(path, clock=SettableClock())
    store.create_trial(make_trial(store.create_job(make_spec(), name="digits")), note=None)
    store.close()
    output = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True
    ).stdout
    result = json.loads(output)
    assert result["failures"]
    assert all(str(path) in failure for failure in result["failures"])
    assert result["readable"]
    contents(path)
    store = SqliteStore(path, clock=SettableClock())
    curve = store.curve(FIRST, "accuracy" * 30)
    store.close()
    assert [stored.measurement.step for stored in curve] == result["acknowledged"]


def test_a_copy_made_while_others_write_is_a_sound_database(path: Path, tmp_path: Path) -> None:
    store = SqliteStore(path, clock=SettableClock())
    for step in LIFE[:4]:
        step(store)
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path), "0"], stdout=subprocess.PIPE)
    store.close()
    assert child.stdout is not None
    child.stdout.readline()
    copy = tmp_path / "copy.db"
    with (
        contextlib.closing(sqlite3.connect(path)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    child.kill()
    child.stdout.close()
    child.wait()
    contents(copy)
    restored = SqliteStore(copy, clock=SettableClock())
    curve = restored.curve(FIRST, "accuracy")
    assert [stored.seq for stored in curve] == list(range(1, len(curve) + 1))
    assert restored.job("digits").state is JobState.RUNNING
    restored.close()


def test_commits_are_flushed_to_the_disk(path: Path) -> None:
    store = SqliteStore(path, clock=SettableClock())
    with store._reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "fullfsync")
        }
    store.close()
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "fullfsync": 1,
    }


def test_a_closed_store_has_one_file_and_refuses_writes(path: Path) -> None:
    store = SqliteStore(path, clock=SettableClock())
    LIFE[0](store)
    store.close()
    assert os.listdir(path.parent) == ["dowse.db"]
    with pytest.raises(Unavailable, match=f"^the database {path} is closed$"):
        store.append_event(1, Noted(message="too late"))


def test_nobody_else_may_read_the_database(path: Path) -> None:
    store = SqliteStore(path, clock=SettableClock())
    LIFE[0](store)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    store.close()
    assert modes == {"dowse.db": 0o600, "dowse.db-wal": 0o600, "dowse.db-shm": 0o600}


def test_a_folder_that_does_not_exist_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="unable to open database file"):
        SqliteStore(tmp_path / "absent" / "dowse.db", clock=SettableClock())
