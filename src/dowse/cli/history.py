"""Events as sentences, for `dowse jobs events`."""

from __future__ import annotations

from typing import Any, assert_never

from dowse.cli import words
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


def sentence(document: dict[str, Any]) -> str:
    """What an event of the JSON form says. Raises InvalidInput for an unknown kind."""
    from dowse.wire.events import event_from_json

    event: Event = event_from_json(document)
    match event:
        case JobSubmitted():
            return f"job submitted ({event.dialect})"
        case JobChanged():
            return f"job {event.after.value}{_because(event.reason, event.message)}"
        case IntentChanged():
            return f"asked to {event.after.value.replace('_', ' ')}{_because(event.reason, '')}"
        case TrialSuggested():
            return f"trial {event.trial} suggested: {words.parameters(event.parameters)}"
        case TrialChanged():
            value = "" if event.objective is None else f" with {words.short(event.objective)}"
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


def _because(reason: Reason | None, message: str) -> str:
    said = message or (words.reason(reason.value) if reason is not None else "")
    return f": {said}" if said else ""
