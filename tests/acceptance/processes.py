"""Processes of the command, in the form of `subprocess.Popen`."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

from tests.acceptance.forge import LENGTH, NUMBER


@functools.cache
def _forge() -> int:
    """Where this test run asks its forge, which ends by itself when the run does."""
    ours, its = socket.socketpair()
    with its:
        its.set_inheritable(True)
        # The last word is for whoever looks who the processes are.
        program = Path(__file__).with_name("forge.py")
        words = [sys.executable, str(program), str(its.fileno()), "dowse"]
        null = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1)]
        os.posix_spawn(sys.executable, words, os.environ, file_actions=null)
    return ours.detach()


class Process:
    """A running `dowse`. `stdout` is PIPE, DEVNULL, or a descriptor or file to write to."""

    def __init__(
        self,
        words: tuple[str, ...],
        *,
        folder: Path,
        environment: dict[str, str],
        stdout: int | IO[str] = subprocess.PIPE,
    ) -> None:
        self.args = ("dowse", *words)
        self.returncode: int | None = None
        self._readers: list[threading.Thread] = []
        self._said = {"stdout": "", "stderr": ""}
        request = {"words": words, "folder": str(folder), "environment": environment}
        text = json.dumps(request).encode()
        self.stdout: IO[str] | None = None
        if stdout == subprocess.PIPE:
            self.stdout, out = _pipe()
        else:
            out = _opened(stdout)
        self.stderr, err = _pipe()
        null = os.open(os.devnull, os.O_RDONLY)
        told, telling = os.pipe()
        self._told = os.fdopen(told, "rb", buffering=0)
        with socket.socket(fileno=os.dup(_forge())) as asking:
            socket.send_fds(asking, [LENGTH.pack(len(text))], [null, out, err, telling])
            asking.sendall(text)
        for descriptor in (null, out, err, telling):
            os.close(descriptor)
        self.pid = self._number()

    def _number(self) -> int:
        found = self._told.read(NUMBER.size)
        if not found:
            raise ChildProcessError("the process that forks commands has died")
        return int(NUMBER.unpack(found)[0])

    def poll(self) -> int | None:
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        found = self._look(timeout)
        if found is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        return found

    def _look(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._told], [], [], timeout)[0]:
            self.returncode = os.waitstatus_to_exitcode(self._number())
            self._told.close()
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it said, once it has ended. After a TimeoutExpired it can be asked again."""
        deadline = None if timeout is None else time.monotonic() + timeout
        if not self._readers:
            for name, stream in (("stdout", self.stdout), ("stderr", self.stderr)):
                if stream is not None:
                    self._readers.append(threading.Thread(target=self._read, args=(name, stream)))
                    self._readers[-1].daemon = True
                    self._readers[-1].start()
        for reader in self._readers:
            reader.join(_left(deadline))
            if reader.is_alive():
                raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        self.wait(_left(deadline))
        return self._said["stdout"], self._said["stderr"]

    def _read(self, name: str, stream: IO[str]) -> None:
        with stream:
            self._said[name] = stream.read()

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """End it if it still runs, and let go of its streams."""
        self.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):  # Its children may have them, too.
            self.communicate(timeout=5.0)


def _pipe() -> tuple[IO[str], int]:
    reading, writing = os.pipe()
    return open(reading, encoding="utf-8"), writing


def _opened(stdout: int | IO[str]) -> int:
    if stdout == subprocess.DEVNULL:
        return os.open(os.devnull, os.O_WRONLY)
    return os.dup(stdout if isinstance(stdout, int) else stdout.fileno())


def _left(deadline: float | None) -> float | None:
    return None if deadline is None else max(0.0, deadline - time.monotonic())
