"""The composition root: the only file that knows every concrete class."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import dowse
from dowse.config import Settings
from dowse.domain.job import JobState
from dowse.errors import Unavailable
from dowse.sdk.client import Client
from dowse.service.folders import DataDirectory
from dowse.service.owner import OwnerCard, Ownership, read_card, socket_path

log = logging.getLogger(__name__)

START_TIMEOUT_S = 20.0
IDLE_S = 3.0
"""An owner in the background stays so long with nothing to do: a submission may be on its way."""
BUSY = (JobState.QUEUED, JobState.RUNNING, JobState.CANCELLING)


class SystemClock:
    def now(self) -> float:
        return time.time()


class Owner:
    """The one process of a data directory, from taking the lock to leaving.

    With `working` false the loop does not run: questions are answered, and nothing moves. The
    trials of `job` get the whole of `environ`, from the first that the loop starts.
    Raises Unavailable when the directory has an owner.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        environ: Mapping[str, str],
        working: bool = True,
        job: str | None = None,
    ) -> None:
        self.folders = DataDirectory(settings.data_dir)
        self._ownership = Ownership(self.folders)
        self._cleanup = contextlib.ExitStack()
        self._cleanup.callback(self._ownership.release)
        self._stop = threading.Event()
        try:
            self._build(settings, environ, working=working, job=job)
        except BaseException:
            self._cleanup.close()
            raise

    def _build(
        self, settings: Settings, environ: Mapping[str, str], *, working: bool, job: str | None
    ) -> None:
        from dowse.api.services import Services
        from dowse.service.jobs import Jobs
        from dowse.service.local import LocalWorkplace
        from dowse.service.queries import Queries
        from dowse.store.sqlite import SqliteStore

        clock = SystemClock()
        self.store = SqliteStore(self.folders.database, clock=clock)
        self._cleanup.callback(self.store.close)
        workplace = LocalWorkplace(self.folders, settings=settings, clock=clock, environ=environ)
        self._cleanup.callback(workplace.close)
        if job is not None:
            workplace.hand_environment(job, environ)
        wake = self._start_loop(settings, clock, workplace) if working else _nothing
        services = Services(
            jobs=Jobs(
                store=self.store,
                workplace=workplace,
                folders=self.folders,
                clock=clock,
                wake=wake,
            ),
            queries=Queries(store=self.store, folders=self.folders),
            version=dowse.__version__,
            data_dir=str(self.folders.root),
            environments=settings.environments,
            quotas=settings.quotas,
        )
        self._open_door(services)

    def _start_loop(self, settings: Settings, clock: SystemClock, workplace: Any) -> Any:
        from dowse.executors.local import LocalExecutor
        from dowse.service.loop import Loop
        from dowse.service.suggesting import SuggestingProcess

        executor = LocalExecutor(clock=clock, cpus=settings.cpus, gpus=settings.gpus)
        self._cleanup.callback(executor.close)
        suggesting = SuggestingProcess(
            on_answer=executor.wake,
            log=self._cleanup.enter_context(self.folders.log.open("ab", buffering=0)),
        )
        self._cleanup.callback(suggesting.close)
        loop = Loop(
            store=self.store,
            executor=executor,
            suggesting=suggesting,
            workplace=workplace,
            clock=clock,
            poll_s=settings.poll_s,
        )
        thread = threading.Thread(target=loop.run, args=(self._stop,), name="dowse-loop")
        thread.start()
        self._cleanup.callback(_stop_loop, self._stop, loop, thread)
        return loop.wake

    def _open_door(self, services: Any) -> None:
        """Serve the API on the socket, and only then say where it is."""
        import uvicorn

        from dowse.api.app import create_app

        path = socket_path(self.folders)
        door = _listen(path)
        config = uvicorn.Config(
            create_app(services), log_config=None, access_log=False, lifespan="off"
        )
        self._server = server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [door]}, name="dowse-api", daemon=True
        )
        thread.start()
        self._cleanup.callback(_close_door, server, thread, path)
        while not server.started and thread.is_alive():
            time.sleep(0.002)
        self.socket = path
        self._ownership.announce(
            OwnerCard(pid=os.getpid(), socket=str(path), version=dowse.__version__)
        )

    def is_busy(self) -> bool:
        """Whether a job still needs a working owner."""
        return bool(self.store.jobs(states=BUSY))

    def is_answering(self) -> bool:
        """Whether a request is being answered: taking a job's code can last."""
        return bool(self._server.server_state.tasks)

    def close(self) -> None:
        """Leave: trials go on by themselves, and the next owner finds them."""
        self._cleanup.close()


def connect(settings: Settings) -> Client | None:
    """A client of the present owner; None when there is none."""
    card = read_card(DataDirectory(settings.data_dir))
    if card is None:
        return None
    client = Client(Path(card.socket))
    try:
        client.health()
    except Unavailable:
        client.close()
        return None
    return client


@contextlib.contextmanager
def door(
    settings: Settings,
    *,
    environ: Mapping[str, str],
    working: bool = True,
    job: str | None = None,
) -> Iterator[Client]:
    """A client of the data directory's owner: of the present one, or of one in this process.

    `job` is one that the caller goes on with: an owner in this process gives it `environ`.
    An owner in this process that leaves work behind is succeeded by one in the background.
    """
    owner, client = _enter(settings, environ, working=working, job=job)
    try:
        yield client
    finally:
        client.close()
        if owner is not None:
            busy = working and owner.is_busy()
            owner.close()
            if busy:
                start_background_owner(settings, environ=environ, wait=False)


def _enter(
    settings: Settings, environ: Mapping[str, str], *, working: bool, job: str | None
) -> tuple[Owner | None, Client]:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        client = connect(settings)
        if client is not None:
            return None, client
        try:
            owner = Owner(settings, environ=environ, working=working, job=job)
        except Unavailable:
            # Another one is just starting or leaving.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
            continue
        return owner, Client(owner.socket)


def start_background_owner(
    settings: Settings, *, environ: Mapping[str, str], wait: bool = True
) -> None:
    """Leave an owner behind that works until no job needs it. Does nothing where there is one."""
    folders = DataDirectory(settings.data_dir)
    folders.make()
    with folders.log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "dowse.cli.main", "serve", "--until-idle"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**environ, "DOWSE_DATA_DIR": str(folders.root)},
            start_new_session=True,
        )
    deadline = time.monotonic() + START_TIMEOUT_S
    while wait and process.poll() is None and time.monotonic() < deadline:
        client = connect(settings)
        if client is not None:
            client.close()
            return
        time.sleep(0.05)


def serve(
    settings: Settings,
    *,
    environ: Mapping[str, str],
    stop: threading.Event,
    until_idle: bool,
    ready: Callable[[], None],
) -> None:
    """Own the data directory until `stop` is set, or until no job needs an owner.

    `ready` is called once the directory is owned.
    """
    owner = Owner(settings, environ=environ)
    ready()
    needed_at = time.monotonic()
    try:
        while not stop.wait(0.5):
            if owner.is_busy() or owner.is_answering():
                needed_at = time.monotonic()
            elif until_idle and time.monotonic() - needed_at > IDLE_S:
                return
    finally:
        owner.close()


def _nothing() -> None:
    """Waking a loop that does not run."""


def _listen(path: Path) -> socket.socket:
    """A socket that only this user may open; a dead one in its place is replaced."""
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listening.bind(str(path))
    finally:
        os.umask(before)
    listening.listen(128)
    return listening


def _stop_loop(stop: threading.Event, loop: Any, thread: threading.Thread) -> None:
    stop.set()
    loop.wake()
    thread.join()


def _close_door(server: Any, thread: threading.Thread, path: Path) -> None:
    server.should_exit = True
    thread.join(timeout=5)
    path.unlink(missing_ok=True)
