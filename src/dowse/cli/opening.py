"""`dowse open`, and `dowse run --open`: the console in a browser that is logged in."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from dowse.cli import options
from dowse.cli.terminal import print_document, say, tell
from dowse.errors import Unavailable

if TYPE_CHECKING:
    from dowse.sdk.client import Client


def open_console(
    job: Annotated[
        str | None, typer.Argument(metavar="[JOB]", help="The job to show; without it, all.")
    ] = None,
    *,
    print_only: Annotated[
        bool, typer.Option("--print", help="Print the address and open nothing.")
    ] = False,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """Open the console in a browser, logged in.

    Its address works once and for an hour; the console itself as long as the server does.
    """
    from dowse import wiring

    settings = options.settings_for(data_dir)
    client = wiring.connect(settings)
    if client is None:
        raise Unavailable(
            "nothing answers for this data directory: start `dowse serve`, which also prints "
            "the address of the console"
        )
    with client:
        if job is not None:
            client.progress(job)
        address = client.invite(path_of(job))
    if as_json:
        print_document({"url": address})
    elif print_only:
        say(address)
    else:
        show(address)


def show_job(client: Client, job: str) -> None:
    """Open the page of a job that runs here."""
    show(client.invite(path_of(job)))


def path_of(job: str | None) -> str:
    return "/jobs" if job is None else f"/jobs/{quote(job, safe='')}"


def show(address: str) -> None:
    """Where no browser can be had, the address is all there is."""
    try:
        opened = webbrowser.open(address)
    except webbrowser.Error:
        opened = False
    what = "the console is open in the browser" if opened else "open the console in a browser"
    tell(f"{what}: {address}")
