"""What single migrations make of the data that is there."""

from __future__ import annotations

import importlib
import math
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from dowse.ports import Summary
from dowse.store.connections import connect, make_engine
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock, make_report, make_spec, make_trial


def test_series_of_an_older_database_are_summed_up(tmp_path: Path) -> None:
    path = tmp_path / "dowse.db"
    store = SqliteStore(path, clock=SettableClock())
    job = store.create_job(make_spec(), name="digits")
    trial = store.create_trial(make_trial(job), note=None)
    store.record(trial.ref, [make_report(v) for v in (3.0, math.nan, 1.0)], source="file")
    expected = [Summary(1, "accuracy", 3, 1.0, 0, 1.0, 3.0)]
    assert store.summaries(job.id) == expected
    store.close()

    engine = make_engine(path, connect)
    with engine.connect() as connection:
        for column in ("reports", "low", "high"):
            connection.exec_driver_sql(f"ALTER TABLE series DROP COLUMN {column}")
        with Operations.context(MigrationContext.configure(connection)):
            importlib.import_module("dowse.store.migrations.versions.v0005_summaries").upgrade()
    engine.dispose()

    store = SqliteStore(path, clock=SettableClock())
    assert store.summaries(job.id) == expected
    store.close()
