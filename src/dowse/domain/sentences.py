"""What happened, as sentences for people; values as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from dowse.domain.events import (
    Event,
    IntentChanged,
    JobChanged,
    JobSubmitted,
    Noted,
    StopDecided,
    TrialChanged,
    TrialSuggested,
)
from dowse.domain.reasons import Reason


def sentence(event: Event) -> str:
    match event:
        case JobSubmitted():
            return f"job submitted ({event.dialect})"
        case JobChanged():
            return f"job {event.after.value}{_because(event.reason, event.message)}"
        case IntentChanged():
            return f"asked to {event.after.value.replace('_', ' ')}{_because(event.reason, '')}"
        case TrialSuggested():
            return f"trial {event.trial} suggested: {parameters(event.parameters)}"
        case TrialChanged():
            value = "" if event.objective is None else f" with {short(event.objective)}"
            again = "" if event.attempt == 1 else f" (attempt {event.attempt})"
            said = _because(event.reason, event.message)
            return f"trial {event.trial}{again} {event.after.value}{value}{said}"
        case StopDecided():
            return f"trial {event.trial} is to stop by {event.rule}: {event.message}"
        case Noted():
            about = "" if event.trial is None else f"trial {event.trial}: "
            return f"{about}{event.message}"
        case _:
            assert_never(event)


def short(value: Any) -> str:
    """Six digits are enough to tell results apart; documents have them all."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


def parameters(values: Mapping[str, Any]) -> str:
    return "  ".join(f"{name}={short(value)}" for name, value in values.items())


def reason(text: str | None) -> str:
    """`search_space_exhausted` → `search space exhausted`."""
    if text == "user":
        return "on request"
    return (text or "").replace("_", " ")


def _because(given: Reason | None, message: str) -> str:
    said = message or (reason(given.value) if given is not None else "")
    return f": {said}" if said else ""
