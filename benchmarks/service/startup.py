"""What a server costs before anybody asks it for anything."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.foundation.command import scratch
from benchmarks.report import Row, at_most
from benchmarks.service.servers import DowseServer, dowse_server

SETTLE_S = 3.0


def measure_startup(*, quick: bool) -> list[Row]:
    # The first start may have to compile.
    found = [_start() for _ in range(2 if quick else 8)][1:]
    starts, servers, helpers = zip(*found, strict=True)
    return rows_of(starts, servers, helpers)


def rows_of(
    starts: Sequence[float], servers: Sequence[float], helpers: Sequence[float]
) -> list[Row]:
    """Seconds from spawning to the first answer; MB of the server, and of what it started."""
    return [
        at_most("server start, median", median(starts), "s", 1.5),
        at_most("idle memory of the server", max(servers), "MB", 150),
        Row(name="idle memory of its suggester", value=max(helpers), unit="MB"),
    ]


def _start() -> tuple[float, float, float]:
    with scratch() as folder, dowse_server(folder) as server:
        time.sleep(SETTLE_S)
        return server.start_s, resident_mb(server.pid), sum(map(resident_mb, _below(server)))


def _below(server: DowseServer) -> list[int]:
    """The processes that its threads started."""
    found = []
    for path in Path(f"/proc/{server.pid}/task").glob("*/children"):
        found += [int(pid) for pid in path.read_text().split()]
    return found


def resident_mb(pid: int) -> float:
    """Resident memory, with what is shared with others counted in full."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        key, _, value = line.partition(":")
        if key == "VmRSS":
            return int(value.split()[0]) / 1024
    raise RuntimeError(f"process {pid} has ended")
