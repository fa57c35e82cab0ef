"""Displays without a live area: one plain line for each event, or nothing."""

from __future__ import annotations

from collections.abc import Collection

from dowse.cli import words
from dowse.cli.display import Document
from dowse.cli.history import sentence
from dowse.cli.terminal import printable, tell

WAIT_S = 1.0


class QuietDisplay:
    wait_s = WAIT_S

    def event(self, event: Document) -> None:
        pass

    def show(self, progress: Document) -> None:
        pass

    def note(self, text: str) -> None:
        pass

    def close(self) -> None:
        pass


class LineDisplay:
    """One plain line for each event that matters."""

    wait_s = WAIT_S

    def __init__(self, known_warnings: Collection[str] = ()) -> None:
        self._lines = EventLines(known_warnings)

    def event(self, event: Document) -> None:
        for line in self._lines.of(event):
            tell(line)

    def show(self, progress: Document) -> None:
        self._lines.metric = progress["metric"]

    def note(self, text: str) -> None:
        tell(text)

    def close(self) -> None:
        pass


class EventLines:
    """Events as lines. `known_warnings` were shown before and are left out."""

    def __init__(self, known_warnings: Collection[str] = ()) -> None:
        self.metric = "objective"
        self._known = set(known_warnings)
        self._parameters: dict[int, Document] = {}

    def of(self, event: Document, *, only_trouble: bool = False) -> list[str]:
        """With `only_trouble`: failures and notes."""
        found = event["event"]
        match found["kind"]:
            case "trial_suggested":
                self._parameters[found["trial"]] = found["parameters"]
                return []
            case "job_submitted":
                return [f"warning: {text}" for text in found["warnings"] if text not in self._known]
            case "limits_changed" | "control_chosen":
                return [printable(sentence(found))]
            case "noted":
                about = f"trial {found['trial']}: " if found["trial"] else ""
                return [printable(f"{about}{found['message']}")]
            case "trial_changed" if found["after"] == "stopping":
                return []  # How it ended, and why, follows.
            case "trial_changed":
                trouble = found["after"] == "failed" or _is_retried(found)
                return [self._trial(found)] if trouble or not only_trouble else []
            case "job_changed" if not only_trouble:
                return [_job(found)]
            case _:
                return []

    def _trial(self, found: Document) -> str:
        line = f"trial {found['trial']} {_change(found)}"
        if found["after"] == "running":
            parameters = self._parameters.get(found["trial"])
            line += f": {words.parameters(parameters)}" if parameters else ""
        elif found["objective"] is not None:
            line += f": {self.metric} {words.short(words.number(found['objective']))}"
            line += "".join(
                f", {name} {words.short(words.number(value))}"
                for name, value in found.get("further", {}).items()
                if name != self.metric
            )
        if found["message"]:
            line += f": {found['message']}"
        return printable(line)


def _is_retried(found: Document) -> bool:
    return bool(found["after"] == "queued" and found["reason"] == "lost")


def _change(found: Document) -> str:
    match found["after"]:
        case "running":
            return "started" if found["attempt"] == 1 else f"started again ({found['attempt']})"
        case "queued":
            return "goes on" if found["before"] == "paused" else "will run again"
        case state:
            return str(state)


def _job(found: Document) -> str:
    line = f"job {found['after']}"
    if found["message"]:
        line += f": {found['message']}"
    elif found["reason"]:
        line += f" ({words.reason(found['reason'])})"
    return printable(line)
