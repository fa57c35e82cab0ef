"""A load of reports that costs the machine little: raw sockets, and one thread for all of them."""

from __future__ import annotations

import json
import re
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.service.programs import Door

TIMEOUT_S = 30.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(slots=True)
class Load:
    """`times` are seconds of each request; `stored` are measurements that were acknowledged."""

    times: list[float] = field(default_factory=list)
    stored: int = 0
    lasted_s: float = 0.0

    @property
    def requests_per_s(self) -> float:
        return len(self.times) / self.lasted_s

    @property
    def measurements_per_s(self) -> float:
        return self.stored / self.lasted_s

    def late_ms(self, share: float) -> float:
        """What a share of the requests, such as 0.99, did not exceed."""
        return sorted(self.times)[round(share * (len(self.times) - 1))] * 1000


class Reporter:
    """One connection of one trial, with at most one request under way."""

    def __init__(self, door: Door, *, batch: int) -> None:
        self.socket = socket.create_connection((door.host, door.port), timeout=TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (
            "POST /api/v1/report HTTP/1.1\r\n"
            f"Host: {door.host}:{door.port}\r\n"
            f"Authorization: Bearer {door.token}\r\n"
            "Content-Type: application/json\r\n"
            "Content-Length: "
        ).encode()
        self._batch = batch
        self._step = 0
        self._answer = b""
        self._began = 0.0

    def send(self) -> None:
        body = self._body().encode()
        self._answer = b""
        self._began = time.perf_counter()
        self.socket.sendall(b"%b%d\r\n\r\n%b" % (self._head, len(body), body))

    def receive(self, load: Load) -> bool:
        """Read what has come; whether the answer is complete, and then counted.

        Raises RuntimeError for any answer but one of acknowledgment.
        """
        came = self.socket.recv(65_536)
        self._answer += came
        stored = acknowledged(self._answer)
        if stored is None:
            if not came:
                raise RuntimeError(f"the server hung up after {self._answer!r}")
            return False
        load.times.append(time.perf_counter() - self._began)
        load.stored += stored
        return True

    def _body(self) -> str:
        first, self._step = self._step, self._step + self._batch
        reports = [
            f'{{"metrics":{{"loss":{1 / (step + 1):.6f}}},"step":{step}}}'
            for step in range(first, self._step)
        ]
        return reports[0] if self._batch == 1 else f'{{"reports":[{",".join(reports)}]}}'


def acknowledged(answer: bytes) -> int | None:
    """How many measurements an answer says are stored; None while it is incomplete.

    Raises RuntimeError when it says anything else.
    """
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return None
    length = _LENGTH.search(head)
    if length is None or not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"a report was refused: {answer.decode(errors='replace')}")
    return int(json.loads(body)["new"]) if len(body) >= int(length[1]) else None


def put_load(doors: Sequence[Door], *, connections: int, batch: int, seconds: float) -> Load:
    """Every connection reports without pause; what is under way at the end still counts."""
    load = Load()
    reporters = [Reporter(doors[k % len(doors)], batch=batch) for k in range(connections)]
    with selectors.DefaultSelector() as selector:
        for reporter in reporters:
            selector.register(reporter.socket, selectors.EVENT_READ, reporter)
        began = time.perf_counter()
        for reporter in reporters:
            reporter.send()
        while selector.get_map():
            ready = selector.select(TIMEOUT_S)
            if not ready:
                raise RuntimeError(f"no answer for {TIMEOUT_S:g} s")
            for key, _ in ready:
                if not key.data.receive(load):
                    continue
                if time.perf_counter() - began < seconds:
                    key.data.send()
                else:
                    selector.unregister(key.fileobj)
        load.lasted_s = time.perf_counter() - began
    for reporter in reporters:
        reporter.socket.close()
    return load
