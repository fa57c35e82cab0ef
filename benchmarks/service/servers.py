"""Servers, ours and others', started for one measurement and ended with all below them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.foundation.command import DOWSE, environment

GRACE_S = 10.0
START_S = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DowseServer:
    """A `dowse serve` that answers. `start_s` went by from its start to its first answer."""

    data_dir: Path
    port: int
    pid: int
    start_s: float

    @property
    def token(self) -> str:
        """The owner's."""
        return (self.data_dir / "token").read_text(encoding="ascii").strip()


@contextlib.contextmanager
def dowse_server(folder: Path) -> Iterator[DowseServer]:
    """Dowse's server over `<folder>/data`, ready."""
    data_dir, log, port = folder / "data", folder / "dowse.log", free_port()
    words = [*DOWSE, "serve", "--port", str(port), "--data-dir", str(data_dir)]
    with log.open("w") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            words, stdout=output, stderr=output, env=environment(), start_new_session=True
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process, log, every_s=0.005)
        start_s = time.perf_counter() - began
        yield DowseServer(data_dir=data_dir, port=port, pid=process.pid, start_s=start_s)
    finally:
        end_group(process)


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path, *, every_s: float = 0.2) -> None:
    """Return at the first answer. Raises RuntimeError, with the log, when there is none."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(every_s)
    print(log.read_text(), file=sys.stderr)
    raise RuntimeError(f"nothing answered at {url}")


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process that began a session of its own, and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
