"""Forks commands from a process that has loaded `dowse` already: `python forge.py SOCKET dowse`.

Loading takes a third of a second to one second, and the tests give hundreds of commands. Each is
still a process with a folder, an environment, streams and signals of its own, which runs `dowse` as
`python -m dowse` does and ends as any program ends. That a new Python can load it is for the tests
of the README and of starting to prove.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import struct
import sys
from typing import Any

LENGTH = struct.Struct("!I")
NUMBER = struct.Struct("!i")
"""A process id, and a wait status."""

# What is imported only when it is needed, by us or by a library.
LATE = (
    "anyio._backends._asyncio",
    "certifi",
    "encodings.idna",
    "h11",
    "httpcore",
    "platformdirs",
    "pydantic.v1",
    "rich.live",
    "rich.progress",
    "typer._adapters",
    "uvicorn.lifespan.off",
    "uvicorn.loops.asyncio",
)


class Forge:
    """Takes requests from a socket until whoever asks is gone.

    With each come four descriptors: three streams, and one into which go the process id at once and
    the wait status at the end.
    """

    def __init__(self, requests: socket.socket) -> None:
        self._requests = requests
        self._tellers: dict[int, int] = {}
        self._woken, self._waker = os.pipe()
        for end in (self._woken, self._waker):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(self._waker)

    def run(self) -> dict[str, Any] | None:
        """Returns in each child, with its request; and in the parent at the end, without any."""
        while True:
            ready = select.select([self._requests.fileno(), self._woken], [], [])[0]
            if self._woken in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._woken, 4096)
                self._tell_ends()
            if self._requests.fileno() in ready:
                head, descriptors, _, _ = socket.recv_fds(self._requests, LENGTH.size, 4)
                if not head:
                    return None
                text = self._read(LENGTH.unpack(head)[0])
                if text is None:
                    return None
                request: dict[str, Any] = json.loads(text)
                pid = os.fork()
                if pid == 0:
                    self._leave_to(descriptors)
                    return request
                for stream in descriptors[:3]:
                    os.close(stream)
                self._tellers[pid] = descriptors[3]
                _tell(descriptors[3], pid)

    def _read(self, length: int) -> bytes | None:
        """None where whoever asks was killed before it had said all."""
        found = b""
        while len(found) < length:
            more = self._requests.recv(length - len(found))
            if not more:
                return None
            found += more
        return found

    def _tell_ends(self) -> None:
        for pid, teller in list(self._tellers.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self._tellers[pid]
                _tell(teller, status)
                os.close(teller)

    def _leave_to(self, descriptors: list[int]) -> None:
        """What a new program would not have of its parent is closed and undone."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for stream, descriptor in enumerate(descriptors[:3]):
            os.dup2(descriptor, stream)
        # Streams find out once of what kind they are: these may be of another one.
        sys.stdin = os.fdopen(0, closefd=False)
        sys.stdout = os.fdopen(1, "w", closefd=False)
        sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)
        self._requests.close()
        for descriptor in (*descriptors, *self._tellers.values(), self._woken, self._waker):
            os.close(descriptor)


def _tell(teller: int, number: int) -> None:
    with contextlib.suppress(BrokenPipeError):  # Nobody may be there to hear it.
        os.write(teller, NUMBER.pack(number))


def load() -> None:
    import dowse

    for module in pkgutil.walk_packages(dowse.__path__, "dowse."):
        # Neither a program nor the scripts of Alembic are modules to import.
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    for name in LATE:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def become(request: dict[str, Any]) -> None:
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    further = os.environ.get("PYTHONPATH")
    sys.path[:0] = [request["folder"], *(further.split(os.pathsep) if further else [])]
    sys.argv[1:] = request["words"]
    runpy.run_module("dowse", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    del sys.path[0]
    load()
    if (taken := Forge(socket.socket(fileno=int(sys.argv[1]))).run()) is not None:
        become(taken)
