"""What people should know of a job before they go on with it: findings put into sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from dowse.analysis.boundary import Change, Interval, Range, RangeProposal
from dowse.analysis.convergence import Convergence, Verdict
from dowse.analysis.importance import Importance
from dowse.analysis.trust import Trust
from dowse.domain.prices import Price

UNIMPORTANT = 0.02
"""A parameter whose share is surely below this may be left at one value."""


class Kind(Enum):
    """What a piece of advice is about."""

    SPEC = "spec"  # how the job is set up
    RANGE = "range"  # where its parameters were looked for
    IMPORTANCE = "importance"  # which of them matter
    TRUST = "trust"  # which result to believe
    FORECAST = "forecast"  # whether to go on


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """`about` is a parameter or a key of the job; empty for the job as a whole."""

    kind: Kind
    about: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What `trials` more would bring, in the metric's unit, and what they would cost: their running
    time one after the other, and money where the price of their machine is known.
    """

    trials: int
    gain: float
    chance: float
    running_s: float | None
    cost: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counsel:
    """All advice on a job, and what it rests on. What too few results say is left out."""

    advice: tuple[Advice, ...]
    ranges: tuple[RangeProposal, ...]
    trust: Trust | None
    forecast: tuple[Outlook, ...]
    currency: str


def outlook(
    found: Convergence, *, running_s: float | None, price: Price | None
) -> tuple[Outlook, ...]:
    """The forecast with prices; `running_s` is what a trial takes on average."""
    whole = [None if running_s is None else each.trials * running_s for each in found.forecast]
    return tuple(
        Outlook(
            trials=each.trials,
            gain=each.gain,
            chance=each.chance,
            running_s=seconds,
            cost=None if price is None or seconds is None else price.of(seconds).amount,
        )
        for each, seconds in zip(found.forecast, whole, strict=True)
    )


def on_ranges(proposals: Sequence[RangeProposal]) -> Iterator[Advice]:
    """One sentence for each range that might be another."""
    for each in proposals:
        verb = {
            Change.WIDEN: "may be worth widening to",
            Change.NARROW: "can be narrowed to",
            Change.DROP: "may do with",
        }.get(each.change)
        if verb is not None:
            message = f"{verb} {range_text(each.suggested)}: {each.why}"
            yield Advice(kind=Kind.RANGE, about=each.parameter, message=message)


def range_text(found: Range) -> str:
    """`3 to 27`, `1e-05 to 0.1`, or the values of a list."""
    if isinstance(found, Interval):
        return f"{found.min:g} to {found.max:g}"
    return ", ".join(str(value) for value in found.values)


def on_importance(found: Importance) -> Iterator[Advice]:
    """Parameters that matter most, and those that surely do not."""
    shown = [each for each in found.parameters if each.share > 0.0]
    if not shown:
        return
    first = shown[0]
    message = f"matters most, with {100 * first.share:.0f} % of what the parameters do"
    yield Advice(kind=Kind.IMPORTANCE, about=first.name, message=message)
    for each in found.parameters:
        if each is not first and each.trials > 1 and each.high < UNIMPORTANT:
            message = f"matters little: {100 * each.high:.1f} % at most; it may stay at one value"
            yield Advice(kind=Kind.IMPORTANCE, about=each.name, message=message)


def on_trust(found: Trust, job: str) -> Iterator[Advice]:
    """Which result to believe, where that is a question."""
    others = [each for each in found.close if each.trial != found.observed.trial]
    if found.observed.trial == found.model.trial and not others:
        return
    message = f"{found.message}; dowse confirm {job} runs the best ones again to tell them apart"
    yield Advice(kind=Kind.TRUST, about="", message=message)


def on_forecast(
    found: Convergence, priced: Sequence[Outlook], *, metric: str, currency: str
) -> Iterator[Advice]:
    """Whether more trials are worth it."""
    if found.verdict.is_final:
        yield Advice(kind=Kind.FORECAST, about="", message=found.message)
        return
    if not priced:
        return
    first = priced[0]
    message = (
        f"{first.trials} more trials: expected gain {first.gain:.3g} in {metric}, "
        f"with a chance of {100 * first.chance:.0f} % of any that counts{_price(first, currency)}"
    )
    if found.verdict is Verdict.TOO_EARLY:
        # Few results of pure noise look like a trend, of which much is to be had.
        message += f"; so far, {found.message}"
    yield Advice(kind=Kind.FORECAST, about="", message=message)


def _price(one: Outlook, currency: str) -> str:
    if one.running_s is None:
        return ""
    said = f"; they take about {_duration(one.running_s)} of running time"
    return said if one.cost is None else f"{said} and {one.cost:.2f} {currency}"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
