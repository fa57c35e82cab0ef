"""The live area of a terminal: a status line, the running trials, the best one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from typing import IO, Any, cast

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from dowse.cli import words
from dowse.cli.display import Document
from dowse.cli.lines import EventLines
from dowse.cli.terminal import SteadyStream, printable

WAIT_S = 0.4
"""Reports make no events, so it looks again this often."""
MAX_RUNNING = 8
MAX_FRONT = 12
"""More running trials than this are only counted."""
COUNTED = ("succeeded", "stopped", "failed", "cancelled", "queued")


class LiveDisplay:
    """Drawn only when asked, by the one thread that uses it. Trouble stays above the area."""

    wait_s = WAIT_S

    def __init__(self, known_warnings: Collection[str], *, clock: Callable[[], float]) -> None:
        self._lines = EventLines(known_warnings)
        self._clock = clock
        self._console = Console(file=cast(IO[str], SteadyStream(sys.stderr)), highlight=False)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._live.start()

    def event(self, event: Document) -> None:
        for line in self._lines.of(event, only_trouble=True):
            self._console.print(Text(line, style="red" if " failed" in line else "yellow"))

    def show(self, progress: Document) -> None:
        self._lines.metric = progress["metric"]
        self._live.update(Group(*area(progress, self._clock())), refresh=True)

    def note(self, text: str) -> None:
        self._console.print(Text(text, style="bold"))

    def close(self) -> None:
        self._live.stop()


def area(progress: Document, now: float) -> list[Text]:
    """The lines of the live area."""
    lines = [_status(progress, now)]
    live = progress["live"]
    for trial in live[:MAX_RUNNING]:
        lines.append(_running(trial, progress["latest"].get(str(trial["number"]))))
    if len(live) > MAX_RUNNING:
        lines.append(Text(f"  and {len(live) - MAX_RUNNING} more", style="dim"))
    if progress["best"] is not None:
        lines.append(_best(progress["best"], progress["metric"]))
    elif progress.get("front"):
        lines.append(Text(f"  on the front: {_listed(progress['front'])}", style="green"))
    for line in lines:
        line.no_wrap = True
        line.overflow = "ellipsis"
    return lines


def _status(progress: Document, now: float) -> Text:
    job, counts = progress["job"], progress["counts"]
    ended = sum(counts.get(state, 0) for state in ("succeeded", "stopped", "failed", "cancelled"))
    most = progress["max_trials"]
    parts = [f"{ended} of {most} trials" if most else words.counted(ended, "trial")]
    parts += [f"{counts[state]} {state}" for state in COUNTED if counts.get(state)]
    parts.append(f"{len(progress['live'])} running")
    text = Text(job["name"], style="bold")
    text.append(f"  {_state(job)}  ", style="cyan")
    text.append(" · ".join(parts), style="not bold")
    return text.append(f"  {words.duration(_active(job, now))}", style="not bold dim")


def _state(job: Document) -> str:
    if job["state"] == "running" and job["intent"] in ("pause", "pause_now"):
        return "pausing"
    return str(job["state"])


def _active(job: Document, now: float) -> float:
    resumed = job["resumed_at"]
    return float(job["active_s"] + (max(0.0, now - resumed) if resumed is not None else 0.0))


def _running(trial: Document, latest: Document | None) -> Text:
    text = Text(f"  trial {trial['number']}")
    if trial["state"] == "stopping":
        text.append("  stopping", style="yellow")
    if latest is not None:
        text.append(f"  {latest['metric']} {words.short(words.number(latest['value']))}")
        text.append(f"  step {latest['step']}", style="dim")
    return text.append(f"  {printable(words.parameters(trial['parameters']))}", style="dim")


def _best(trial: Document, metric: str) -> Text:
    text = Text(f"  best: trial {trial['number']}", style="green")
    text.append(f"  {metric} {_value(trial)}", style="bold")
    return text.append(f"  {printable(words.parameters(trial['parameters']))}", style="not bold")


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:MAX_FRONT]))
    more = len(numbers) - MAX_FRONT
    noun = "trial" if len(numbers) == 1 else "trials"
    return f"{noun} {shown} and {more} more" if more > 0 else f"{noun} {shown}"


def _value(trial: Any) -> str:
    return words.short(words.number(trial["objective"]))
