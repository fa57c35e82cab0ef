"""A job in the foreground: begun or joined, shown, and followed over every change of owners."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from dowse.cli.display import Display
from dowse.cli.following import Follower, Rest, is_at_rest
from dowse.cli.interrupts import Interrupts
from dowse.cli.lines import LineDisplay, QuietDisplay
from dowse.cli.options import how_to, own_environment
from dowse.cli.terminal import SteadyStream, is_terminal
from dowse.errors import Refused, Unavailable

if TYPE_CHECKING:
    from dowse.config import Settings
    from dowse.sdk.client import Client

MAX_LOSSES = 10
"""So many owners in a row that vanish before they answer are a fault, not a change of owners."""
LOSS_PAUSE_S = 0.2

Begin = Callable[["Client"], tuple[str, int]]
"""Submits or resumes; returns the job's name and the last event that is not to be shown."""


def stay(
    settings: Settings,
    begin: Begin,
    *,
    quiet: bool,
    known_warnings: Collection[str] = (),
    job: str | None = None,
) -> Rest:
    """Begin a job and stay until it rests; `job` is its name where it exists already.

    Raises Unavailable when no owner can be had.
    """
    from dowse import wiring

    environ = own_environment()
    with contextlib.ExitStack() as stack:
        interrupts = stack.enter_context(Interrupts("leaving; running trials go on by themselves"))
        with wiring.door(settings, environ=environ, job=job) as client:
            name, seen = begin(client)
            interrupts.farewell += f"; go on with: {how_to(settings, f'resume {name}')}"
            display = choose_display(quiet=quiet, known_warnings=known_warnings)
            stack.callback(display.close)
            follower = Follower(name, interrupts=interrupts, seen=seen)
            rest = _until_rest(follower, client, display)
        while rest is None:
            time.sleep(LOSS_PAUSE_S)
            with wiring.door(settings, environ=environ, job=name) as client:
                _hand_environment(client, name, environ)
                rest = _until_rest(follower, client, display)
        return rest


def _until_rest(follower: Follower, client: Client, display: Display) -> Rest | None:
    """None when the owner has left and the next one is to be asked."""
    try:
        return follower.until_rest(client, display)
    except Unavailable:
        follower.losses += 1
        if follower.losses >= MAX_LOSSES:
            raise
        return None


def _hand_environment(client: Client, name: str, environ: Mapping[str, str]) -> None:
    """A new owner knows nothing of this terminal's environment, which the trials shall have."""
    try:
        job = client.progress(name)["job"]
        if job["intent"] == "run" and not is_at_rest(job):
            client.resume(name, environment=environ)
    except (Refused, Unavailable):
        pass  # It is over, or this owner leaves too: the follower finds out.


def choose_display(*, quiet: bool, known_warnings: Collection[str] = ()) -> Display:
    """A live area where a person watches, plain lines elsewhere."""
    if quiet:
        return QuietDisplay()
    if not is_terminal(SteadyStream(sys.stderr)):
        return LineDisplay(known_warnings)
    from dowse.cli.live import LiveDisplay

    return LiveDisplay(known_warnings, clock=time.time)
