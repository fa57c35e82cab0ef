"""The range of a number, on the scale on which equal steps mean equal change.

A position is 0 at the lower limit and 1 at the upper one; beyond them it is below 0 or above 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dowse.domain.parameters import Discrete, Double, Integer
from dowse.domain.scales import Scale, coordinate, from_coordinate

MIDDLE = (0.05, 0.95)
MARGIN = 0.15
LEAST_LEFT = 0.3
_SAME = 0.95
_LOG_RATIO = 8.0
_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """New limits; `values` are those of a list, and `side` is where they lie farther out."""

    low: float
    high: float
    values: tuple[int | float, ...] = ()
    side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """`step` is that of whole numbers and of grids; `values` are those of a list."""

    low: float
    high: float
    scale: Scale
    step: float | None = None
    whole: bool = False
    values: tuple[int | float, ...] = ()

    def position(self, value: float) -> float:
        if self.scale is Scale.LOG and value <= 0.0:
            return -math.inf
        start, stop = self._at(self.low), self._at(self.high)
        if self.scale is Scale.REVERSE_LOG and value >= self.high + self.low:
            return math.inf
        return (self._at(value) - start) / (stop - start)

    def value(self, position: float) -> float:
        start, stop = self._at(self.low), self._at(self.high)
        t = start + position * (stop - start)
        return from_coordinate(t, self.scale, self.low, self.high)

    def _at(self, value: float) -> float:
        return coordinate(value, self.scale, self.low, self.high)

    def narrowed(self, low: float, high: float) -> Limits:
        """The limits around the positions from low to high, not too near and never outside."""
        margin = MARGIN * (high - low)
        low, high = max(low - margin, 0.0), min(high + margin, 1.0)
        missing = LEAST_LEFT - (high - low)
        if missing > 0.0:
            low = min(max(low - missing / 2.0, 0.0), 1.0 - LEAST_LEFT)
            high = low + LEAST_LEFT
        if high - low >= _SAME:
            return Limits(low=self.low, high=self.high, values=self.values)
        if self.values:
            slack = 1e-9
            kept = tuple(v for v in self.values if low - slack <= self.position(v) <= high + slack)
            kept = kept if len(kept) > 1 else self.values
            return Limits(low=float(kept[0]), high=float(kept[-1]), values=kept)
        return Limits(
            low=max(self._even(self.value(low), up=False), self.low),
            high=min(self._even(self.value(high), up=True), self.high),
        )

    def widened(self, *, below: bool, above: bool) -> Limits:
        """The limits farther out, where that may make sense."""
        side = "lower and the upper" if below and above else "lower" if below else "upper"
        if not below and not above:
            return Limits(low=self.low, high=self.high, values=self.values)
        if self.values:
            values = (*(self._before() if below else ()), *self.values)
            values = (*values, *(self._after() if above else ()))
            return Limits(low=float(values[0]), high=float(values[-1]), values=values, side=side)
        low = self._lower() if below else self.low
        high = self._upper() if above else self.high
        return Limits(low=low, high=high, side=side)

    def _lower(self) -> float:
        if self.scale is Scale.LOG:
            moved = self.low / 10.0
            return max(math.ceil(moved), 1) if self.whole else float(f"{moved:.15g}")
        if self.low == 0.0:
            return self.low
        moved = self.low - (self.high - self.low)
        if self.low > 0.0 and moved <= 0.0:
            # What was above 0 everywhere may make no sense elsewhere.
            step = self.step or 0.0
            moved = self.low - step * math.floor(self.low / step) if step else self.low / 10.0
            moved = moved or step
        return self._even(moved, up=True)

    def _upper(self) -> float:
        if self.scale is Scale.LOG:
            moved = self.high * 10.0
            return float(round(moved)) if self.whole else float(f"{moved:.15g}")
        if self.high == 1.0 and self.low >= 0.0 and not self.whole:
            return self.high
        return self._even(self.high + (self.high - self.low), up=False)

    def _even(self, value: float, *, up: bool) -> float:
        """The next point of the grid, or the next number of few digits."""
        if self.step is not None:
            count = (value - self.low) / self.step
            count = math.ceil(count - 1e-9) if up else math.floor(count + 1e-9)
            return float(f"{self.low + count * self.step:.15g}")
        if value == 0.0:
            return value
        unit = 10.0 ** (math.floor(math.log10(abs(value))) - _DIGITS + 1)
        count = math.ceil(value / unit - 1e-9) if up else math.floor(value / unit + 1e-9)
        return float(f"{count * unit:.{_DIGITS}g}")

    def _after(self) -> list[int | float]:
        """How the list would go on: by a decade, or by its own length."""
        found: list[int | float] = []
        last, before = self.values[-1], self.values[-2]
        while len(found) < len(self.values):
            after = last * last / before if self.scale is Scale.LOG else last + (last - before)
            far = self.high * 10.0 if self.scale is Scale.LOG else 2.0 * self.high - self.low
            if after > far * (1.0 + 1e-9):
                break
            last, before = self._like(after), last
            found.append(last)
        return found

    def _before(self) -> list[int | float]:
        found: list[int | float] = []
        first, second = self.values[0], self.values[1]
        while len(found) < len(self.values):
            earlier = first * first / second if self.scale is Scale.LOG else first - second + first
            far = self.low / 10.0 if self.scale is Scale.LOG else 2.0 * self.low - self.high
            crosses = self.low >= 0.0 and earlier <= 0.0
            uneven = self.whole and abs(earlier - round(earlier)) > 1e-9
            if earlier < far * (1.0 - 1e-9) or crosses or uneven:
                break
            first, second = self._like(earlier), first
            found.insert(0, first)
        return found

    def _like(self, value: float) -> int | float:
        return round(value) if self.whole else float(f"{value:.12g}")


def span_of(parameter: Double | Integer | Discrete) -> Span:
    if isinstance(parameter, Discrete):
        return _of_list(parameter)
    whole = isinstance(parameter, Integer)
    last = parameter.last if isinstance(parameter, Integer) else parameter.max
    return Span(
        low=float(parameter.min),
        high=float(last),
        scale=Scale(parameter.scale),
        step=parameter.step,
        whole=whole,
    )


def _of_list(parameter: Discrete) -> Span:
    choices = tuple(parameter.choices)
    low, high = float(choices[0]), float(choices[-1])
    geometric = low > 0.0 and len(choices) > 2 and (high / low >= _LOG_RATIO or _even(choices))
    scale = parameter.scale or (Scale.LOG if geometric else Scale.LINEAR)
    return Span(
        low=low,
        high=high,
        scale=Scale(scale),
        whole=all(isinstance(choice, int) for choice in choices),
        values=choices,
    )


def _even(choices: Sequence[float]) -> bool:
    """Whether each is the same multiple of the one before it."""
    ratios = [after / before for before, after in pairwise(choices)]
    return max(ratios) - min(ratios) < 1e-9 * max(ratios)


def spread_of(positions: Sequence[float]) -> tuple[float, float]:
    """Between which positions the middle 90 % of them lie, by linear interpolation."""
    ordered = sorted(min(max(t, 0.0), 1.0) for t in positions)

    def at(share: float) -> float:
        place = share * (len(ordered) - 1)
        below = math.floor(place)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (place - below) * (ordered[above] - ordered[below])

    return at(MIDDLE[0]), at(MIDDLE[1])
