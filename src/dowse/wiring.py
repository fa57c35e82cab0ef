"""The composition root: the only file that knows every concrete class."""

from __future__ import annotations

import contextlib
import logging
import os
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
from dowse.domain.prices import Prices
from dowse.errors import Unavailable
from dowse.sdk import client as sdk
from dowse.sdk.client import Client
from dowse.service.folders import DataDirectory
from dowse.service.owner import OwnerCard, Ownership, read_card, socket_path
from dowse.service.secret_files import load_secrets
from dowse.service.trial_door import TrialDoor

log = logging.getLogger(__name__)

_LEFT_BEHIND: list[subprocess.Popen[bytes]] = []
"""Owners that outlive us: Python would complain of each that it forgets while it runs."""

START_TIMEOUT_S = 20.0
IDLE_S = 3.0
"""An owner in the background stays so long with nothing to do: a submission may be on its way."""
PASSING_S = 10.0
"""So long an owner in the background waits for the one before it to leave."""
BUSY = (JobState.QUEUED, JobState.RUNNING, JobState.CANCELLING)


class SystemClock:
    def now(self) -> float:
        return time.time()


class Owner:
    """The one process of a data directory, from taking the lock to leaving.

    With `working` false the loop does not run: questions are answered, and nothing moves. The
    trials of `job` get the whole of `environ`, from the first that the loop starts. With
    `serving` it also listens where the settings say.
    Raises Unavailable when the directory has an owner, or an address is in use.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        environ: Mapping[str, str],
        working: bool = True,
        job: str | None = None,
        serving: bool = False,
    ) -> None:
        self.folders = DataDirectory(settings.data_dir)
        self._ownership = Ownership(self.folders)
        self._cleanup = contextlib.ExitStack()
        self._cleanup.callback(self._ownership.release)
        self._stop = threading.Event()
        try:
            self._take_doors(settings, serving=serving)
            self._build(settings, environ, working=working, job=job)
        except BaseException:
            self._cleanup.close()
            raise

    def _take_doors(self, settings: Settings, *, serving: bool) -> None:
        from dowse.api.doors import Address, Doors
        from dowse.api.security.invitations import Invitations

        self._invitations = Invitations(time.monotonic)
        self.secrets = load_secrets(self.folders, token=settings.token)
        wanted = serving and settings.port != 0
        self._doors = Doors(
            socket_path=socket_path(self.folders),
            port_file=self.folders.port,
            server=Address(host=settings.host, port=settings.port) if wanted else None,
        )
        self._cleanup.callback(self._doors.close)
        self.socket = self._doors.socket_path
        self.url = settings.public_url or self._doors.server_url or self._doors.trial_url
        self.trial_door = TrialDoor(url=self._doors.trial_url, tokens=self.secrets.trial_tokens)

    def _build(
        self, settings: Settings, environ: Mapping[str, str], *, working: bool, job: str | None
    ) -> None:
        from dowse.api.services import Services
        from dowse.service.local import LocalWorkplace
        from dowse.service.outputs import Outputs
        from dowse.service.previews import Previews
        from dowse.service.queries import Queries
        from dowse.service.reports import Reports
        from dowse.service.running.arrivals import Arrivals
        from dowse.service.tracking.tracking import Tracking
        from dowse.service.uploads import Uploads
        from dowse.store.sqlite import SqliteStore

        clock, prices = SystemClock(), _prices(settings)
        self.store = SqliteStore(self.folders.database, clock=clock)
        self._cleanup.callback(self.store.close)
        self._log = self._cleanup.enter_context(self.folders.log.open("ab", buffering=0))
        workplace = LocalWorkplace(
            self.folders, settings=settings, clock=clock, environ=environ, door=self.trial_door
        )
        self._cleanup.callback(workplace.close)
        if job is not None:
            workplace.hand_environment(job, environ)
        arrivals = Arrivals()
        wake = self._start_loop(settings, clock, workplace, arrivals) if working else _nothing
        reports = Reports(store=self.store, arrivals=arrivals, clock=clock)
        self._queries = Queries(store=self.store, folders=self.folders)
        services = Services(
            queries=self._queries,
            **self._at_work(workplace, clock, wake, prices, settings),
            **self._overviews(clock, prices),
            previews=Previews(workplace, clock=clock, environ=environ),
            outputs=Outputs(store=self.store, folders=self.folders),
            studies=self._studies(clock),
            store=self.store,
            clock=clock,
            trial_door=self.trial_door,
            uploads=Uploads(self.folders, max_bytes=settings.max_code_mb * 1_000_000, clock=clock),
            tracking=Tracking.over(reports, folders=self.folders, is_full=workplace.disk_full),
            version=dowse.__version__,
            data_dir=str(self.folders.root),
            environments=settings.environments,
            quotas=settings.quotas,
            url=self.url,
            settings=settings.shown(),
            max_streams=settings.max_streams,
            is_leaving=lambda: self._doors.is_leaving,
        )
        self._open_doors(settings, services)

    def _at_work(
        self, workplace: Any, clock: SystemClock, wake: Any, prices: Prices, settings: Settings
    ) -> dict[str, Any]:
        """What makes jobs, and what tells of them what to do next, by its name in the services."""
        from dowse.service.analysts import Analysts
        from dowse.service.jobs import Jobs

        jobs = Jobs(
            store=self.store,
            workplace=workplace,
            folders=self.folders,
            clock=clock,
            wake=wake,
            prices=prices,
            quotas=settings.quotas,
        )
        queries = self._queries
        analysts = Analysts.over(self.store, jobs=jobs, queries=queries, prices=prices)
        return {"jobs": jobs, "analysts": analysts}

    def _overviews(self, clock: SystemClock, prices: Prices) -> dict[str, Any]:
        """What tells of many trials or jobs at once, by its name in the services."""
        from dowse.service.accounts import Accounts
        from dowse.service.additions import Additions
        from dowse.service.selections import Selections
        from dowse.service.sheets import Sheets

        return {
            "accounts": Accounts(
                store=self.store, queries=self._queries, clock=clock, prices=prices
            ),
            "additions": Additions(store=self.store, queries=self._queries, clock=clock),
            "sheets": Sheets(store=self.store, queries=self._queries),
            "selections": Selections(store=self.store, queries=self._queries, clock=clock),
        }

    def _studies(self, clock: SystemClock) -> Any:
        from dowse.service.studies.studies import Studies
        from dowse.service.suggesting import SuggestingProcess

        def make_suggesting(on_answer: Callable[[], None]) -> SuggestingProcess:
            return SuggestingProcess(on_answer=on_answer, log=self._log)

        studies = Studies(store=self.store, clock=clock, make_suggesting=make_suggesting)
        self._cleanup.callback(studies.close)
        return studies

    def _start_loop(
        self, settings: Settings, clock: SystemClock, workplace: Any, arrivals: Any
    ) -> Any:
        from dowse.executors.local import LocalExecutor
        from dowse.service.running.loop import Loop
        from dowse.service.suggesting import SuggestingProcess

        executor = LocalExecutor(clock=clock, cpus=settings.cpus, gpus=settings.gpus)
        self._cleanup.callback(executor.close)
        suggesting = SuggestingProcess(on_answer=executor.wake, log=self._log)
        self._cleanup.callback(suggesting.close)
        loop = Loop(
            store=self.store,
            executor=executor,
            suggesting=suggesting,
            workplace=workplace,
            clock=clock,
            poll_s=settings.poll_s,
            arrivals=arrivals,
            prices=_prices(settings),
        )
        thread = threading.Thread(target=loop.run, args=(self._stop,), name="dowse-loop")
        thread.start()
        self._cleanup.callback(_stop_loop, self._stop, loop, thread)
        return loop.wake

    def _open_doors(self, settings: Settings, services: Any) -> None:
        """Serve the API, and only then say where it is."""
        from dowse.api.app import create_app

        self.app = create_app(services, self._defence(settings))
        self._doors.open(self.app)
        # First of all: what is still answered must find the store and the loop at work.
        self._cleanup.callback(self._doors.shut)
        self._ownership.announce(
            OwnerCard(
                pid=os.getpid(),
                socket=str(self.socket),
                version=dowse.__version__,
                url=self.url,
            )
        )

    def _defence(self, settings: Settings) -> Any:
        from dowse.api.security.bodies import MEGABYTE, BodyLimits
        from dowse.api.security.credentials import Keyring
        from dowse.api.security.failures import FailedLogins
        from dowse.api.security.gate import Defence
        from dowse.api.security.hosts import AllowedHosts
        from dowse.api.security.sessions import Sessions

        token, key = self.secrets.token, self.secrets.key
        return Defence(
            keyring=Keyring(
                token=token,
                trial_tokens=self.secrets.trial_tokens,
                sessions=Sessions(key=key, token=token, now=time.time),
                now=time.time,
            ),
            hosts=AllowedHosts(settings.allowed_hosts, ports=self._doors.ports),
            failed=FailedLogins(time.monotonic),
            invitations=self._invitations,
            body=BodyLimits(
                max_bytes=settings.max_body_mb * MEGABYTE,
                max_depth=settings.max_json_depth,
                timeout_s=settings.body_timeout_s,
            ),
            max_upload_mb=settings.max_code_mb,
            max_artifact_mb=settings.max_artifact_mb,
            trusted_socket=str(self.socket),
        )

    def invitation(self) -> str:
        """An address that logs one browser in, once."""
        from dowse.api.security.invitations import address

        return address(self.url, self._invitations.issue())

    def work(self) -> frozenset[str]:
        """The jobs that still need a working owner."""
        queries = self._queries
        found = queries.jobs(states=BUSY)
        return frozenset(job.name for job in found if not queries.spec_of(job).is_external)

    def is_busy(self) -> bool:
        return bool(self.work())

    def is_answering(self) -> bool:
        """Whether a request is being answered: taking a job's code can last."""
        return self._doors.is_answering

    def close(self) -> frozenset[str]:
        """Leave: trials go on by themselves, and the next owner finds them.

        Returns the work for that one, with what was asked for at the last moment.
        """
        try:
            self._doors.shut()
            return self.work()
        finally:
            self._cleanup.close()


def connect(settings: Settings) -> Client | None:
    """A client of the present owner; None when there is none.

    Where the settings name a server, a client of that one; raises Unavailable when it is away.
    """
    if settings.url is not None:
        return sdk.connect(settings.url, token=settings.token)
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
    An owner in this process that leaves work behind is succeeded by one in the background; one
    that does not work, where others gave it work meanwhile.
    """
    owner, client = _enter(settings, environ, working=working, job=job)
    not_ours = owner.work() if owner is not None and not working else frozenset()
    try:
        yield client
    finally:
        client.close()
        if owner is not None and owner.close() - not_ours:
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
    if settings.url is not None:
        return
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
    _LEFT_BEHIND.append(process)
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
    ready: Callable[[Owner], None],
) -> None:
    """Own the data directory until `stop` is set, or with `until_idle` until no job needs an owner.

    Only an owner that stays listens where the settings say. `ready` is called once it does.
    """
    owner = (
        _succeed(settings, environ)
        if until_idle
        else Owner(settings, environ=environ, serving=True)
    )
    ready(owner)
    needed_at = time.monotonic()
    try:
        while not stop.wait(0.5):
            if owner.is_busy() or owner.is_answering():
                needed_at = time.monotonic()
            elif until_idle and time.monotonic() - needed_at > IDLE_S:
                return
    finally:
        if owner.close() and until_idle and not stop.is_set():
            start_background_owner(settings, environ=environ, wait=False)


def _succeed(settings: Settings, environ: Mapping[str, str]) -> Owner:
    """Whoever only looks owns the directory for a moment; who stays longer works on all jobs."""
    deadline = time.monotonic() + PASSING_S
    while True:
        try:
            return Owner(settings, environ=environ)
        except Unavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _prices(settings: Settings) -> Prices:
    return Prices(table=settings.prices, currency=settings.currency)


def _nothing() -> None:
    """Waking a loop that does not run."""


def _stop_loop(stop: threading.Event, loop: Any, thread: threading.Thread) -> None:
    stop.set()
    loop.wake()
    thread.join()
