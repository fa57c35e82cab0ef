"""`dowse logs`: what a trial printed, or what happened to a job."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dowse.cli import options, words
from dowse.cli.clients import looking, require_data
from dowse.cli.following import is_at_rest
from dowse.cli.terminal import flush_output, print_document, printable, put, say
from dowse.errors import NotFound

if TYPE_CHECKING:
    from dowse.config import Settings
    from dowse.sdk.client import Client

Document = dict[str, Any]
FOLLOW_S = 0.5
LIVE = ("queued", "running", "stopping", "paused")

Follow = Annotated[
    bool, typer.Option("--follow", "-f", help="Go on until the end: of the trial, or of the job.")
]
OnlyPath = Annotated[bool, typer.Option("--path", help="Only say which file it is.")]


def show_logs(
    job: options.JobName,
    trial: Annotated[
        int | None,
        typer.Argument(metavar="TRIAL", help="The number of a trial.", min=1, show_default=False),
    ] = None,
    *,
    follow: Follow = False,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """What a trial printed; without TRIAL, everything that happened to the job, in order."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    if trial is not None:
        _print_log(settings, job, trial, follow=follow, as_json=as_json)
    elif as_json:
        print_document({"events": list(_events(settings, job, follow=follow))})
    else:
        for event in _events(settings, job, follow=follow):
            say(line(event))
            flush_output()


def show_trial_log(
    job: options.JobName,
    number: options.Number,
    *,
    follow: Follow = False,
    path: OnlyPath = False,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """What a trial printed."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    if path and not as_json:
        with looking(settings) as client:
            say(client.log(job, number)["path"])
    else:
        _print_log(settings, job, number, follow=follow, as_json=as_json)


def show_events(
    job: options.JobName, *, as_json: options.Json = False, data_dir: options.DataDir = None
) -> None:
    """Everything that happened to a job, in order, with its numbers."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    events = _events(settings, job, follow=False)
    if as_json:
        print_document({"events": list(events)})
        return
    for event in events:
        say(f"{event['number']:>5}  {line(event)}")


def line(event: Document) -> str:
    """One event as a line of the job's log."""
    from dowse.cli.history import sentence

    return f"{words.moment(event['time'])}  {printable(sentence(event['event']))}"


def _print_log(settings: Settings, job: str, number: int, *, follow: bool, as_json: bool) -> None:
    pieces = _log(settings, job, number, follow=follow)
    if as_json:
        found = list(pieces)
        text = "".join(piece["text"] for piece in found)
        print_document({"job": job, "trial": number, "path": found[-1]["path"], "text": text})
        return
    for piece in pieces:
        put(piece["text"])
        flush_output()


def _log(settings: Settings, job: str, number: int, *, follow: bool) -> Iterator[Document]:
    """Pieces as they come; the last one is what there was at the end."""
    offset = 0

    def look(client: Client) -> tuple[list[Document], bool]:
        nonlocal offset
        live = client.trial(job, number)["state"] in LIVE
        try:
            piece = client.log(job, number, offset=offset)
        except NotFound:
            if not (follow and live):
                raise
            return [], False
        more = piece["offset"] > offset
        offset = piece["offset"]
        return [piece], not more and not (follow and live)

    return _until_done(settings, look)


def _events(settings: Settings, job: str, *, follow: bool) -> Iterator[Document]:
    seen = 0

    def look(client: Client) -> tuple[list[Document], bool]:
        nonlocal seen
        ended = not follow or is_at_rest(client.progress(job)["job"])
        batch = client.events(job, after=seen)
        seen = batch[-1]["number"] if batch else seen
        return batch, ended and not batch

    return _until_done(settings, look)


def _until_done(
    settings: Settings, look: Callable[[Client], tuple[list[Document], bool]]
) -> Iterator[Document]:
    """No door is held while waiting: it would keep others from working."""
    while True:
        with looking(settings) as client:
            found, done = look(client)
        yield from found
        if done:
            return
        if not found:
            time.sleep(FOLLOW_S)
