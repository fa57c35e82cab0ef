"""`dowse pause`, `dowse stop`, `dowse jobs cancel`: what people want of a job or of a trial."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dowse.cli import options
from dowse.cli.clients import acting, require_data
from dowse.cli.following import is_at_rest, is_over
from dowse.cli.terminal import print_document, say

if TYPE_CHECKING:
    from dowse.sdk.client import Client

Document = dict[str, Any]
MOMENT_S = 1.0


def cancel_job(
    job: options.JobName, *, as_json: options.Json = False, data_dir: options.DataDir = None
) -> None:
    """End a job and its trials for good."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with acting(settings) as client:
        client.cancel(job)
        found = _settled(client, job, is_over)
    if as_json:
        print_document(found)
        return
    done = is_over(found)
    say(f"{job} is cancelled" if done else f"{job} is being cancelled: its trials are ending")


def pause_job(
    job: options.JobName,
    *,
    now: Annotated[
        bool, typer.Option("--now", help="End running trials; they run again on resume.")
    ] = False,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """Start no more trials of a job; the running ones end by themselves."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with acting(settings) as client:
        client.pause(job, now=now)
        found = _settled(client, job, is_at_rest)
    if as_json:
        print_document(found)
        return
    done = is_at_rest(found)
    say(f"{job} is paused" if done else f"{job} pauses as soon as its running trials have ended")


def stop(
    job: options.JobName,
    trial: Annotated[
        int | None,
        typer.Argument(metavar="TRIAL", help="The number of a trial.", min=1, show_default=False),
    ] = None,
    *,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """End a job and its trials for good; with TRIAL, only that one, whose last value counts."""
    if trial is None:
        cancel_job(job, as_json=as_json, data_dir=data_dir)
        return
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with acting(settings) as client:
        client.stop_trial(job, trial)
        found = _ended(client, job, trial)
    if as_json:
        print_document(found)
    elif found["state"] == "stopping":
        say(f"trial {trial} of {job} is being ended")
    else:
        say(f"trial {trial} of {job} is {found['state']}")


def _ended(client: Client, job: str, number: int) -> Document:
    """The trial once it is over, or after a moment."""
    deadline = time.monotonic() + MOMENT_S
    while True:
        found = client.trial(job, number)
        if found["state"] != "stopping" or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


def _settled(client: Client, job: str, rested: Callable[[Document], bool]) -> Document:
    """The job as it stands once it rests, or after a moment: the answer can say which."""
    deadline = time.monotonic() + MOMENT_S
    seen: int | None = None
    while True:
        progress = client.progress(job, after_event=seen, wait_s=MOMENT_S / 2)
        found: Document = progress["job"]
        if rested(found) or time.monotonic() > deadline:
            return found
        seen = progress["last_event"]
