"""What came of deriving the decisions of a job again, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dowse.wire.base import Form, Number, Whole
from dowse.wire.insights import Word


class CheckDocument(Form):
    """`decision` is suggestion, stop, control or promotion, and `event` its number in the log.

    `agreement` is equal, drift, differs or uncheckable; `drift` is the greatest relative difference
    of two numbers, null where there is none.
    """

    event: Whole
    trial: Whole
    decision: Word
    agreement: Word
    message: str
    drift: Number | None


class ReplayDocument(Form):
    """`next` is the `after` of the next page, null on the last."""

    checks: tuple[CheckDocument, ...]
    next: Whole | None


def replay_to_json(checks: Iterable[Mapping[str, Any]], *, following: int | None) -> dict[str, Any]:
    """`checks` have the fields of a CheckDocument."""
    found = tuple(CheckDocument(**each) for each in checks)
    return ReplayDocument(checks=found, next=following).to_json()
