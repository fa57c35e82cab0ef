"""Watching one job until it rests, and handing on what the person at the terminal wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dowse.cli.display import Display
from dowse.cli.interrupts import Interrupts
from dowse.errors import Refused

if TYPE_CHECKING:
    from dowse.sdk.client import Client

Document = dict[str, Any]

FINAL = ("succeeded", "failed", "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Where a job has come to: its whole document, its last progress, what was asked for."""

    job: Document
    progress: Document
    spec: Document


def is_over(job: Document) -> bool:
    return job["state"] in FINAL


def is_at_rest(job: Document) -> bool:
    """Nothing will move until somebody asks for it."""
    return is_over(job) or (job["state"] == "paused" and job["intent"] in ("pause", "pause_now"))


class Follower:
    """Follows one job across any number of owners. `seen` is the last event that was shown."""

    def __init__(self, name: str, *, interrupts: Interrupts | None = None, seen: int = 0) -> None:
        self._name = name
        self._interrupts = interrupts
        self._handled = 0
        self._seen = seen
        self.losses = 0
        """Owners in a row that left before they answered; the caller counts them."""

    def until_rest(self, client: Client, display: Display) -> Rest:
        """Raises Unavailable when the owner leaves before the job rests; then ask the next one."""
        while True:
            self._hand_on_interrupts(client, display)
            progress = client.progress(self._name, after_event=self._seen, wait_s=display.wait_s)
            self.losses = 0
            display.show(progress)
            self._show_events(client, display)
            if is_at_rest(progress["job"]):
                spec = client.spec(self._name)
                return Rest(job=client.job(self._name), progress=progress, spec=spec)

    def _show_events(self, client: Client, display: Display) -> None:
        while batch := client.events(self._name, after=self._seen):
            for event in batch:
                display.event(event)
            self._seen = batch[-1]["number"]

    def _hand_on_interrupts(self, client: Client, display: Display) -> None:
        count = self._interrupts.count if self._interrupts is not None else 0
        if count == self._handled:
            return
        try:
            client.pause(self._name, now=count >= 2, interrupted=True)
        except Refused:
            pass  # The job is over or being cancelled: it comes to rest by itself.
        else:
            live = len(client.progress(self._name)["live"])
            display.note(_answer(count, live))
        self._handled = count


def _answer(count: int, live: int) -> str:
    """To the `count`-th Ctrl-C, with `live` trials running."""
    if count >= 2:
        return "ending the running trials; they run again on resume (Ctrl-C again: leave now)"
    if not live:
        return "no new trials; the job pauses"
    return (
        f"no new trials; waiting for {live} running "
        "(Ctrl-C again ends them; they run again on resume)"
    )
