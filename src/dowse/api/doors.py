"""Where the API listens: a Unix socket for this user, loopback for trials, and a server's address.

The sockets are taken before anything is served, so that trials can be told where they lead; who
comes early waits in the queue of the socket.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from dowse.api.connections import MAX_CONNECTIONS, Connection
from dowse.errors import Unavailable

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
BACKLOG = 512
KEEP_ALIVE_S = 15
CLOSING_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a server listens beyond the door for trials; port 0 is any free one."""

    host: str
    port: int


class Doors:
    """Takes its sockets at once and gives them back in `close`.

    `port_file` remembers the port for trials: those that run hold its URL, and the next owner
    takes it again. Raises Unavailable where an address is in use.
    """

    def __init__(self, *, socket_path: Path, port_file: Path, server: Address | None) -> None:
        self._closing = contextlib.ExitStack()
        self._serving = contextlib.ExitStack()
        self.socket_path = socket_path
        self.is_leaving = False
        with contextlib.ExitStack() as undo:
            undo.callback(self._closing.close)
            self._unix = self._closing.enter_context(_listen_here(socket_path))
            self._closing.callback(socket_path.unlink, missing_ok=True)
            self._loopback = self._closing.enter_context(_listen_for_trials(port_file))
            self._server = None
            if server is not None:
                self._server = self._closing.enter_context(_listen_at(server))
            undo.pop_all()

    @property
    def trial_url(self) -> str:
        """Where trials on this machine reach the API."""
        return f"http://{LOOPBACK}:{_port_of(self._loopback)}"

    @property
    def server_url(self) -> str | None:
        """Where a server that was asked for listens."""
        if self._server is None:
            return None
        host = str(self._server.getsockname()[0])
        return f"http://{f'[{host}]' if ':' in host else host}:{_port_of(self._server)}"

    @property
    def ports(self) -> tuple[int, ...]:
        return tuple(_port_of(door) for door in self._tcp)

    @property
    def _tcp(self) -> list[socket.socket]:
        return [self._loopback] if self._server is None else [self._loopback, self._server]

    def open(self, app: ASGIApp) -> None:
        """Serve on all doors, in a thread; returns when they are open."""
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            http=Connection,
            loop="asyncio",
            limit_concurrency=MAX_CONNECTIONS,
            ws="none",
            server_header=False,
            proxy_headers=False,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=CLOSING_S,
        )
        self._uvicorn = server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run,
            kwargs={"sockets": [self._unix, *self._tcp]},
            name="dowse-api",
            daemon=True,
        )
        thread.start()
        self._serving.callback(self._end, server, thread)
        self._closing.callback(self.shut)
        while not server.started and thread.is_alive():
            time.sleep(0.002)

    @property
    def is_answering(self) -> bool:
        """Whether a request is being answered."""
        return bool(self._uvicorn.server_state.tasks)

    def shut(self) -> None:
        """Answer what was asked already, and take nothing more."""
        self._serving.close()

    def close(self) -> None:
        self._closing.close()

    def _end(self, server: uvicorn.Server, thread: threading.Thread) -> None:
        self.is_leaving = True
        server.should_exit = True
        thread.join(timeout=CLOSING_S)


@contextlib.contextmanager
def _listen_here(path: Path) -> Iterator[socket.socket]:
    """A socket that only this user may open; a dead one in its place is replaced."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        before = os.umask(0o177)
        try:
            listening.bind(str(path))
        finally:
            os.umask(before)
        listening.listen(BACKLOG)
        yield listening


@contextlib.contextmanager
def _listen_for_trials(port_file: Path) -> Iterator[socket.socket]:
    remembered = _remembered(port_file)
    try:
        listening = _bound(LOOPBACK, remembered)
    except OSError as error:
        if error.errno != errno.EADDRINUSE or not remembered:
            raise Unavailable(f"cannot listen on {LOOPBACK}: {error.strerror}") from None
        log.warning(
            "port %d is taken by another program: trials that run since an earlier owner "
            "cannot report over HTTP any more",
            remembered,
        )
        listening = _bound(LOOPBACK, 0)
    with listening:
        port_file.write_text(f"{_port_of(listening)}\n", encoding="ascii")
        yield listening


def _remembered(port_file: Path) -> int:
    """The port that was taken last; 0 when there is none."""
    try:
        port = int(port_file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
    return port if 0 < port < 65_536 else 0


@contextlib.contextmanager
def _listen_at(address: Address) -> Iterator[socket.socket]:
    host, port = address.host, address.port
    try:
        listening = _bound(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Unavailable(
                f"port {port} of {host} is in use by another program, perhaps another Dowse; "
                "choose another one with --port (DOWSE_PORT), or 0 for any that is free"
            ) from None
        why = error.strerror or error
        raise Unavailable(f"cannot listen on {host}, port {port}: {why}") from None
    with listening:
        yield listening


def _bound(host: str, port: int) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    family, kind, protocol, _, place = found[0]
    # Only where the protocol is said outright does asyncio send small answers at once; otherwise
    # each waits 40 ms for the acknowledgement of its head.
    listening = socket.socket(family, kind, protocol)
    try:
        # The connections of an earlier owner may linger on its port for a minute.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(BACKLOG)
    except BaseException:
        listening.close()
        raise
    return listening


def _port_of(listening: socket.socket) -> int:
    return int(listening.getsockname()[1])
