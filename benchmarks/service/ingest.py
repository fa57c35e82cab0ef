"""How fast reports become durable, with the load on the same cores as the server."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from benchmarks.foundation.command import scratch
from benchmarks.report import Row, at_least, at_most
from benchmarks.service.load import Load, put_load
from benchmarks.service.programs import waiting_trials
from benchmarks.service.servers import dowse_server

CONNECTIONS = 64
TRIALS = 4
BATCH = 100


def measure_ingest(*, quick: bool) -> list[Row]:
    seconds = 1.0 if quick else 10.0
    with scratch() as folder:
        with dowse_server(folder) as server, waiting_trials(server, folder, TRIALS) as doors:
            loads = [
                put_load(doors, connections=CONNECTIONS, batch=batch, seconds=lasting)
                # The first of each kind only warms up.
                for batch in (1, BATCH)
                for lasting in (1.0, seconds)
            ]
        stored = stored_measurements(folder / "data" / "dowse.db")
    _, single, _, batches = loads
    return rows_of(single, batches, lost=sum(load.stored for load in loads) - stored)


def rows_of(single: Load, batches: Load, *, lost: int) -> list[Row]:
    """`lost` are measurements that were acknowledged and are not in the database."""
    at = f"at {CONNECTIONS} connections"
    return [
        at_least(f"single measurements {at}", single.requests_per_s, "1/s", 3_000),
        at_most(f"single measurements {at}, 99 %", single.late_ms(0.99), "ms", 100),
        Row(name=f"single measurements {at}, median", value=single.late_ms(0.5), unit="ms"),
        at_least(f"measurements in batches of {BATCH}", batches.measurements_per_s, "1/s", 50_000),
        Row(name=f"batches of {BATCH}, 99 %", value=batches.late_ms(0.99), unit="ms"),
        at_most("acknowledged measurements that are not stored once", abs(lost), "", 0),
    ]


def stored_measurements(database: Path) -> int:
    """Read past the server, which has ended: what it acknowledged must be on the disk."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as raw:
        return int(raw.execute("SELECT count(*) FROM measurements").fetchone()[0])
