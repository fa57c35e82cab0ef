"""`dowse serve`: an owner of the data directory in the foreground."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer

from dowse.cli import options
from dowse.cli.terminal import tell


def serve(
    until_idle: Annotated[
        bool, typer.Option("--until-idle", hidden=True, help="Leave when no job needs an owner.")
    ] = False,
    data_dir: options.DataDir = None,
) -> None:
    """Work on all jobs of the data directory until Ctrl-C or TERM; trials go on without it."""
    import logging

    from dowse import wiring
    from dowse.service.folders import DataDirectory

    settings = options.settings_for(data_dir)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    DataDirectory(settings.data_dir).make()
    wiring.serve(
        settings,
        environ=options.own_environment(),
        stop=stop,
        until_idle=until_idle,
        ready=lambda: tell(f"dowse works on {settings.data_dir} (Ctrl-C leaves)"),
    )
