"""`dowse serve`: an owner of the data directory in the foreground."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer

from dowse.cli import options
from dowse.cli.terminal import tell


def serve(
    *,
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="HOST", help="Where to listen (DOWSE_HOST).  [127.0.0.1]"),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="PORT", help="0 is any free one (DOWSE_PORT).  [8470]"),
    ] = None,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allowed-host",
            metavar="NAME",
            help="A name by which the server may be called; may be given several times.",
        ),
    ] = None,
    insecure_no_tls: Annotated[
        bool,
        typer.Option("--insecure-no-tls", help="Let tokens cross the network without encryption."),
    ] = False,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", hidden=True, help="Leave when no job needs an owner.")
    ] = False,
    data_dir: options.DataDir = None,
) -> None:
    """Work on all jobs of the data directory, and answer over HTTP, until Ctrl-C or TERM.

    Running trials go on without it, and the next start finds them.
    """
    import logging

    from dowse import wiring
    from dowse.config import refuse_open_doors
    from dowse.service.folders import DataDirectory

    settings = options.settings_for(
        data_dir,
        host=host,
        port=port,
        allowed_hosts=tuple(allowed_host) if allowed_host else None,
        insecure_no_tls=insecure_no_tls or None,
    )
    if not until_idle:
        refuse_open_doors(settings)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    DataDirectory(settings.data_dir).make()

    def ready(owner: wiring.Owner) -> None:
        where = "DOWSE_TOKEN" if settings.token else str(owner.folders.token)
        tell(f"dowse works on {settings.data_dir} and answers at {owner.url} (Ctrl-C leaves)")
        tell(f"the token is in {where}")
        if not until_idle:
            tell(f"the console, for one browser within an hour: {owner.invitation()}")

    wiring.serve(
        settings, environ=options.own_environment(), stop=stop, until_idle=until_idle, ready=ready
    )
