"""What happened, as sentences for people."""

from __future__ import annotations

from typing import assert_never

from dowse.domain.events import (
    ControlChosen,
    Event,
    IntentChanged,
    JobChanged,
    JobSubmitted,
    LimitsChanged,
    Noted,
    PromotionDecided,
    StopDecided,
    SuggesterStarted,
    TrialChanged,
    TrialDeleted,
    TrialSuggested,
)
from dowse.domain.phrases import parameters, reason, short
from dowse.domain.reasons import Reason


def sentence(event: Event) -> str:
    match event:
        case JobSubmitted():
            return f"job submitted ({event.dialect})"
        case JobChanged():
            if event.message.startswith(event.after.value):
                return f"job {event.message}"  # "job cancelled on request"
            return f"job {event.after.value}{_because(event.reason, event.message)}"
        case IntentChanged():
            return f"asked to {event.after.value.replace('_', ' ')}{_because(event.reason, '')}"
        case SuggesterStarted():
            found = ", ".join(f"{name} {version}" for name, version in event.versions.items())
            return f"suggestions come from {found}"
        case TrialDeleted():
            return f"trial {event.trial} was deleted"
        case LimitsChanged():
            changes = (
                f"{name} {_count(event.before[name])} → {_count(now)}"
                for name, now in event.after.items()
            )
            return f"limits changed: {', '.join(changes)}"
        case TrialSuggested():
            return f"trial {event.trial} suggested: {parameters(event.parameters)}"
        case TrialChanged():
            value = "" if event.objective is None else f" with {short(event.objective)}"
            again = "" if event.attempt == 1 else f" (attempt {event.attempt})"
            said = _because(event.reason, event.message)
            return f"trial {event.trial}{again} {event.after.value}{value}{said}"
        case StopDecided() | PromotionDecided() | ControlChosen():
            return f"trial {event.trial} {_decided(event)}: {event.message}"
        case Noted():
            about = "" if event.trial is None else f"trial {event.trial}: "
            return f"{about}{event.message}"
        case _:
            assert_never(event)


def _count(value: int | None) -> str:
    return "none" if value is None else str(value)


def _decided(event: StopDecided | PromotionDecided | ControlChosen) -> str:
    match event:
        case StopDecided():
            return f"is to {'pause' if event.pause else 'stop'} by {event.rule}"
        case PromotionDecided():
            return f"is to go on by {event.rule}"
        case ControlChosen():
            return f"runs on as a control, {event.rule} would stop it"


def _because(given: Reason | None, message: str) -> str:
    said = message or (reason(given.value) if given is not None else "")
    return f": {said}" if said else ""
