"""A real `dowse serve` for real clients."""

from __future__ import annotations

import contextlib
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.commands import Place, place_in
from tests.acceptance.processes import Process

_ADDRESS = re.compile(r"answers at (\S+)")


@dataclass(frozen=True)
class Server:
    url: str
    token: str
    place: Place


@contextlib.contextmanager
def serving(folder: Path, *options: str) -> Iterator[Server]:
    """A server on a free port, with an empty data directory below `folder`."""
    with place_in(folder) as place, serving_in(place, *options) as server:
        yield server


@contextlib.contextmanager
def serving_in(
    place: Place, *options: str, end: signal.Signals = signal.SIGTERM
) -> Iterator[Server]:
    """A server on what an earlier one left there; `end` is how it is ended."""
    process = place.start("serve", "--port", "0", *options)
    try:
        yield Server(url=_address(process), token=_token(place), place=place)
    finally:
        process.send_signal(end)
        _, said = process.communicate(timeout=30)
        sys.stderr.write(said)  # Shown beside a test that failed.


def _address(process: Process) -> str:
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if found := _ADDRESS.search(line):
            return found[1]
    raise AssertionError(f"the server did not start:\n{said}")


def _token(place: Place) -> str:
    return (place.data / "token").read_text().strip()
