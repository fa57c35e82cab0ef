"""One dimension of a search space: Double, Integer, Discrete, Categorical.

Every kind maps the unit interval onto its values and back. `value_at(u)` is the inverse of the
parameter's cumulative distribution, so uniform numbers become properly distributed values;
`unit(value)` is the middle of the value's own cell.

    kind         linear         log                  reverse log
    Double       v uniform      ln v uniform         -ln(max + min - v) uniform
    Integer      equal cells    cells [k-1/2, k+1/2] on the same coordinates

A prior `Normal(mu, sigma)` replaces the uniform distribution on the scale's coordinate: on a log
scale it is the lognormal. With `step`, values are `origin + k * step` inside the bounds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dowse.domain.conditions import Condition
from dowse.domain.scales import (
    Normal,
    Scale,
    coordinate,
    from_coordinate,
    quantile,
    share_below,
)
from dowse.errors import InvalidInput, Problem

Value: TypeAlias = bool | int | float | str
"""What a parameter can be."""

MAX_VALUES = 100_000
"""A longer list of values is a mistake or an attack."""


def _refuse(path: str, message: str) -> InvalidInput:
    return InvalidInput([Problem(path=path, message=message)])


def is_number(value: object) -> bool:
    """A real number; bool is not one, although Python says so."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_name(name: object) -> None:
    if not isinstance(name, str) or not name or name.strip() != name:
        raise _refuse(
            str(name), f"a parameter name must be text without blanks at its ends, got {name!r}"
        )
    if len(name) > 256 or "=" in name or any(ord(letter) < 32 for letter in name):
        raise _refuse(
            name[:80],
            "a parameter name has at most 256 characters, no '=' and no control characters, "
            f"got {name[:80]!r}",
        )


def _checked_scale(name: str, scale: Scale | str, low: float) -> Scale:
    try:
        scale = Scale(scale)
    except ValueError:
        known = ", ".join(Scale)
        raise _refuse(f"{name}.scale", f"must be one of {known}, got {scale!r}") from None
    if scale is not Scale.LINEAR and not low > 0:
        raise _refuse(f"{name}.min", f"must be > 0 on a {scale.value} scale, got {low!r}")
    return scale


def _checked_bound(name: str, which: str, bound: object) -> None:
    if not is_number(bound) or (isinstance(bound, float) and math.isnan(bound)):
        raise _refuse(f"{name}.{which}", f"must be a number, got {bound!r}")


def _checked_order(name: str, low: float, high: float) -> None:
    if low > high:
        raise _refuse(f"{name}.min", f"must not be above max ({high!r}), got {low!r}")


def _checked_values(name: str, values: Iterable[Value]) -> tuple[Value, ...]:
    values = tuple(values)
    if not values:
        raise _refuse(f"{name}.values", "must hold at least one value, got none")
    if len(values) > MAX_VALUES:
        raise _refuse(
            f"{name}.values", f"must hold at most {MAX_VALUES} values, got {len(values)}"
        )
    return values


def _checked_texts(name: str, texts: Sequence[str] | None, count: int) -> tuple[str, ...] | None:
    if texts is None:
        return None
    if len(texts) != count:
        raise _refuse(f"{name}.values", f"has {count} values and {len(texts)} texts of them")
    return tuple(texts)


@dataclass(frozen=True, slots=True)
class Double:
    """A real number in [min, max]; the bounds may be infinite only under a prior.

    `step` leaves only `origin + k * step`; `origin` is `min` when it is not given.
    """

    name: str
    min: float
    max: float
    scale: Scale | str = Scale.LINEAR
    step: float | None = None
    origin: float | None = None
    prior: Normal | None = None
    when: Condition | None = None

    def __post_init__(self) -> None:
        _check_name(self.name)
        _checked_bound(self.name, "min", self.min)
        _checked_bound(self.name, "max", self.max)
        _checked_order(self.name, self.min, self.max)
        object.__setattr__(self, "min", float(self.min))
        object.__setattr__(self, "max", float(self.max))
        unbounded = math.isinf(self.min) or math.isinf(self.max)
        if unbounded and self.prior is None:
            raise _refuse(
                self.name, f"min and max must be finite, got {self.min!r} and {self.max!r}"
            )
        # The log of an unbounded lognormal's lower end is -inf; the prior never reaches it.
        positive = math.nextafter(0.0, 1.0) if self.prior and self.min == 0.0 else self.min
        object.__setattr__(self, "scale", _checked_scale(self.name, self.scale, positive))
        if self.prior is not None and not self.prior.sigma > 0:
            raise _refuse(f"{self.name}.sigma", f"must be > 0, got {self.prior.sigma!r}")
        self._check_step()

    def _check_step(self) -> None:
        if self.step is None:
            return
        if not is_number(self.step) or not 0 < self.step < math.inf:
            raise _refuse(f"{self.name}.step", f"must be a number > 0, got {self.step!r}")
        if self.origin is None:
            object.__setattr__(self, "origin", self.min if math.isfinite(self.min) else 0.0)
        first, last = self._step_range()
        if first > last:
            raise _refuse(
                f"{self.name}.step",
                f"leaves no value between {self.min!r} and {self.max!r}, got {self.step!r}",
            )

    def _step_range(self) -> tuple[float, float]:
        """The first and last k of `origin + k * step`; infinite where a bound is."""
        assert self.step is not None and self.origin is not None
        # A bound that is a multiple up to rounding belongs to the range.
        slack = 1e-9
        low, high = (self.min - self.origin) / self.step, (self.max - self.origin) / self.step
        first = math.ceil(low - slack) if math.isfinite(low) else low
        last = math.floor(high + slack) if math.isfinite(high) else high
        return first, last

    def _multiple(self, k: float) -> float:
        assert self.step is not None and self.origin is not None
        return float(f"{self.origin + k * self.step:.12g}")

    @property
    def levels(self) -> int | None:
        """How many values there are; None for a continuum."""
        if self.min == self.max:
            return 1
        if self.step is None:
            return None
        first, last = self._step_range()
        return int(last - first) + 1 if math.isfinite(last - first) else None

    def values(self) -> Iterator[Value]:
        """Every value in order; only where `levels` is a number."""
        count = self.levels
        if count is None:
            raise ValueError(f"{self.name} is a continuum and cannot be listed")
        if self.step is None:
            yield self.min
            return
        first, _ = self._step_range()
        for index in range(count):
            yield self._multiple(first + index)

    def _span(self) -> tuple[float, float]:
        low = coordinate(self.min, self.scale, self.min, self.max) if self.min > 0 else (
            -math.inf if self.scale == Scale.LOG else self.min
        )
        return low, coordinate(self.max, self.scale, self.min, self.max)

    def value_at(self, u: float) -> float:
        start, stop = self._span()
        t = quantile(u, start, stop, self.prior)
        value = from_coordinate(t, self.scale, self.min, self.max)
        return self.snap(min(max(value, self.min), self.max))

    def snap(self, value: float) -> float:
        """The nearest value that exists."""
        if self.step is None:
            return float(min(max(value, self.min), self.max))
        assert self.origin is not None
        first, last = self._step_range()
        k = float(round((value - self.origin) / self.step))
        return self._multiple(min(max(k, first), last))

    def unit(self, value: float) -> float:
        start, stop = self._span()
        value = min(max(value, self.min), self.max)
        if self.scale == Scale.LOG and value <= 0:  # a quantised lognormal may round to 0
            return 0.0
        t = coordinate(value, self.scale, self.min, self.max)
        return share_below(t, start, stop, self.prior)

    def contains(self, value: object) -> bool:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return False
        if not self.min <= value <= self.max:
            return False
        return self.step is None or math.isclose(self.snap(value), value, rel_tol=1e-9)

    def text(self, value: Value) -> str:
        return repr(float(value)) if is_number(value) else str(value)

    def describe(self) -> str:
        bounds = f"a number from {self.min!r} to {self.max!r}"
        return bounds if self.step is None else f"{bounds} in steps of {self.step!r}"


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number in [min, max]; with `step`, only `min + k * step`."""

    name: str
    min: int
    max: int
    scale: Scale | str = Scale.LINEAR
    step: int = 1
    when: Condition | None = None

    def __post_init__(self) -> None:
        _check_name(self.name)
        for which, bound in (("min", self.min), ("max", self.max)):
            _checked_bound(self.name, which, bound)
            if not math.isfinite(bound) or bound != int(bound):
                raise _refuse(f"{self.name}.{which}", f"must be a whole number, got {bound!r}")
            object.__setattr__(self, which, int(bound))
        _checked_order(self.name, self.min, self.max)
        if abs(self.min) > 2**53 or abs(self.max) > 2**53:
            raise _refuse(self.name, "min and max must lie within ±2^53")
        object.__setattr__(self, "scale", _checked_scale(self.name, self.scale, self.min))
        if isinstance(self.step, bool) or not isinstance(self.step, int) or self.step < 1:
            raise _refuse(
                f"{self.name}.step", f"must be a whole number of 1 or more, got {self.step!r}"
            )

    @property
    def levels(self) -> int:
        return (self.max - self.min) // self.step + 1

    @property
    def last(self) -> int:
        """The greatest value that exists; below `max` where the step does not reach it."""
        return self.min + (self.levels - 1) * self.step

    def values(self) -> Iterator[int]:
        return iter(range(self.min, self.max + 1, self.step))

    def _edge(self, value: float) -> float:
        """The coordinate of a cell's edge; half a step of padding gives both ends full cells."""
        half = self.step / 2
        return coordinate(value, self.scale, self.min - half, self.last + half)

    def value_at(self, u: float) -> int:
        half = self.step / 2
        low, high = self.min - half, self.last + half
        t = quantile(u, self._edge(low), self._edge(high), None)
        return self.snap(from_coordinate(t, self.scale, low, high))

    def snap(self, value: float) -> int:
        index = round((value - self.min) / self.step)
        return self.min + min(max(index, 0), self.levels - 1) * self.step

    def unit(self, value: float) -> float:
        half = self.step / 2
        start, stop = self._edge(self.min - half), self._edge(self.last + half)
        value = min(max(value, self.min), self.last)
        below = share_below(self._edge(value - half), start, stop, None)
        above = share_below(self._edge(value + half), start, stop, None)
        return (below + above) / 2

    def contains(self, value: object) -> bool:
        return (
            isinstance(value, int)
            and not isinstance(value, bool)
            and self.min <= value <= self.max
            and (value - self.min) % self.step == 0
        )

    def text(self, value: Value) -> str:
        return str(int(value))

    def describe(self) -> str:
        bounds = f"a whole number from {self.min} to {self.max}"
        return bounds if self.step == 1 else f"{bounds} in steps of {self.step}"


@dataclass(frozen=True, slots=True)
class Discrete:
    """An ordered list of numbers, each as likely as the other; kept in ascending order.

    `texts` are the values as the document wrote them, in the order of `values`.
    """

    name: str
    choices: Sequence[int | float]
    scale: Scale | str | None = None
    texts: Sequence[str] | None = None
    when: Condition | None = None

    def __post_init__(self) -> None:
        _check_name(self.name)
        choices = _checked_values(self.name, self.choices)
        for choice in choices:
            if not isinstance(choice, int | float) or isinstance(choice, bool):
                raise _refuse(f"{self.name}.values", f"must hold numbers only, got {choice!r}")
            if not math.isfinite(choice):
                raise _refuse(f"{self.name}.values", f"must be finite, got {choice!r}")
        texts = _checked_texts(self.name, self.texts, len(choices))
        if len(set(choices)) != len(choices):
            twice = next(choice for choice in choices if choices.count(choice) > 1)
            raise _refuse(f"{self.name}.values", f"must be unique, got {twice!r} twice")
        order = sorted(range(len(choices)), key=lambda index: float(choices[index]))
        object.__setattr__(self, "choices", tuple(choices[index] for index in order))
        if texts is not None:
            object.__setattr__(self, "texts", tuple(texts[index] for index in order))
        if self.scale is not None:
            low = float(self.choices[0])
            object.__setattr__(self, "scale", _checked_scale(self.name, self.scale, low))

    @property
    def levels(self) -> int:
        return len(self.choices)

    def values(self) -> Iterator[int | float]:
        return iter(self.choices)

    def value_at(self, u: float) -> int | float:
        return self.choices[min(int(u * len(self.choices)), len(self.choices) - 1)]

    def snap(self, value: float) -> int | float:
        return min(self.choices, key=lambda choice: abs(choice - value))

    def unit(self, value: float) -> float:
        return (self.choices.index(self.snap(value)) + 0.5) / len(self.choices)

    def contains(self, value: object) -> bool:
        return is_number(value) and value in self.choices

    def text(self, value: Value) -> str:
        if self.texts is not None and is_number(value):
            return self.texts[self.choices.index(value)]  # type: ignore[arg-type]
        return repr(value)

    def describe(self) -> str:
        return "one of " + ", ".join(self.text(choice) for choice in self.choices[:20])


@dataclass(frozen=True, slots=True)
class Categorical:
    """A set of labels without an order, each as likely as the other."""

    name: str
    choices: Sequence[Value]
    texts: Sequence[str] | None = None
    when: Condition | None = None

    def __post_init__(self) -> None:
        _check_name(self.name)
        choices = _checked_values(self.name, self.choices)
        for choice in choices:
            if not isinstance(choice, str | bool | int | float):
                raise _refuse(
                    f"{self.name}.values", f"must be text, a number or a boolean, got {choice!r}"
                )
        texts = _checked_texts(self.name, self.texts, len(choices))
        labels = [self._label(choice) for choice in choices]
        if len(set(labels)) != len(labels):
            twice = next(c for c, label in zip(choices, labels, strict=True) if labels.count(label) > 1)
            raise _refuse(f"{self.name}.values", f"must be unique, got {twice!r} twice")
        object.__setattr__(self, "choices", choices)
        object.__setattr__(self, "texts", texts)

    @staticmethod
    def _label(choice: Value) -> tuple[str, Value]:
        # True == 1 in Python; as labels they are two things.
        return type(choice).__name__, choice

    @property
    def levels(self) -> int:
        return len(self.choices)

    def values(self) -> Iterator[Value]:
        return iter(self.choices)

    def index(self, value: object) -> int:
        """The place of a label; Raises ValueError when it is not one of the choices."""
        for index, choice in enumerate(self.choices):
            if type(choice) is type(value) and choice == value:
                return index
        raise ValueError(f"{value!r} is not a choice of {self.name}")

    def value_at(self, u: float) -> Value:
        return self.choices[min(int(u * len(self.choices)), len(self.choices) - 1)]

    def unit(self, value: Value) -> float:
        return (self.index(value) + 0.5) / len(self.choices)

    def contains(self, value: object) -> bool:
        return any(type(choice) is type(value) and choice == value for choice in self.choices)

    def text(self, value: Value) -> str:
        if self.texts is not None:
            return self.texts[self.index(value)]
        return str(value)

    def describe(self) -> str:
        return "one of " + ", ".join(repr(choice) for choice in self.choices[:20])


Parameter: TypeAlias = Double | Integer | Discrete | Categorical
