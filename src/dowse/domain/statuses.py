"""How a job or a trial stands in the words people are shown: its state, told apart by reason."""

from __future__ import annotations

from dowse.domain.reasons import Reason

_BY_STATE = {"succeeded": "completed", "stopping": "running", "cancelling": "running"}
_SYSTEM = frozenset({Reason.SYSTEM_ERROR.value, Reason.LOST.value, Reason.DISK_FULL.value})
_SPENT = frozenset({Reason.SEARCH_SPACE_EXHAUSTED.value, Reason.CONVERGED.value})


def status_of(state: str, reason: str | None) -> str:
    """Of the words of a state and of a reason: `completed`, `no_metric`, `exhausted` and so on."""
    if state == "succeeded" and reason in _SPENT:
        return "exhausted"
    if state == "failed" and reason == Reason.NO_METRIC.value:
        return "no_metric"
    if state == "failed" and reason in _SYSTEM:
        return "system_error"
    return _BY_STATE.get(state, state)
