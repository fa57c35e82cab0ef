"""A decision as it stands in the log, beside the same decision derived again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Agreement(Enum):
    """What came of deriving a decision again."""

    EQUAL = "equal"
    DRIFT = "drift"  # numbers differ as other versions or processors may make them differ
    DIFFERS = "differs"  # it is not what the log leads to
    UNCHECKABLE = "uncheckable"  # it could not be derived again, which proves nothing


class Decision(Enum):
    SUGGESTION = "suggestion"
    STOP = "stop"
    CONTROL = "control"  # a stop that was not carried out
    PROMOTION = "promotion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`message` says what differs, or why nothing can be said; `drift` is the greatest relative
    difference of two numbers, where there is one.
    """

    agreement: Agreement
    message: str = ""
    drift: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`event` is the number of the event that holds the decision."""

    event: int
    trial: int
    decision: Decision
    outcome: Outcome


def uncheckable(why: str) -> Outcome:
    return Outcome(agreement=Agreement.UNCHECKABLE, message=why)


def differs(what: str) -> Outcome:
    return Outcome(agreement=Agreement.DIFFERS, message=what)


def compared(
    stored: Mapping[str, Any],
    again: Mapping[str, Any],
    *,
    changed: Sequence[str] = (),
    tolerance: float = 0.0,
) -> Outcome:
    """`changed` says in words which versions are others than then. Without any, numbers may differ
    by `tolerance`, relative to the greater; with some, by anything, but no choice may be another:
    then nothing is known.
    """
    found = list(_distances("", stored, again))
    words = "; ".join(said for said, size in found if size > 0.0)
    size = max((size for _, size in found), default=0.0)
    since = f" (since then: {', '.join(changed)})" if changed else ""
    if size == 0.0:
        return Outcome(agreement=Agreement.EQUAL)
    if size <= tolerance or (changed and math.isfinite(size)):
        return Outcome(agreement=Agreement.DRIFT, message=words + since, drift=size)
    if changed:
        return uncheckable(words + since)
    return Outcome(
        agreement=Agreement.DIFFERS, message=words, drift=size if math.isfinite(size) else None
    )


def _distances(path: str, stored: Any, again: Any) -> Iterator[tuple[str, float]]:
    """Each leaf in words, with its relative distance: infinite where something else than a float
    is another.
    """
    if isinstance(stored, Mapping) and isinstance(again, Mapping):
        for key in [*stored, *(key for key in again if key not in stored)]:
            name = f"{path}.{key}" if path else str(key)
            if key in stored and key in again:
                yield from _distances(name, stored[key], again[key])
            else:
                where = "only in the log" if key in stored else "missing in the log"
                yield f"{name} is {where}", math.inf
        return
    if _is_list(stored) and _is_list(again) and len(stored) == len(again):
        for place, (one, other) in enumerate(zip(stored, again, strict=True)):
            yield from _distances(f"{path}[{place}]", one, other)
        return
    yield f"{path} is {stored!r} in the log and {again!r} again", _distance(stored, again)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _distance(stored: Any, again: Any) -> float:
    numbers = [each for each in (stored, again) if _is_number(each)]
    if len(numbers) < 2:
        return 0.0 if stored == again and type(stored) is type(again) else math.inf
    if stored == again or all(math.isnan(each) for each in numbers):
        return 0.0
    if not any(isinstance(each, float) for each in numbers):
        return math.inf
    size = abs(stored - again) / max(abs(stored), abs(again))
    return math.inf if math.isnan(size) else size


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
