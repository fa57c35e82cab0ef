"""Parameters that are numbers of a range: Double and Integer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from dowse.domain.conditions import Condition
from dowse.domain.parameter_rules import (
    Value,
    check_bound,
    check_name,
    check_order,
    checked_condition,
    checked_scale,
    is_finite,
    is_number,
    refuse,
)
from dowse.domain.scales import (
    Normal,
    Scale,
    coordinate,
    from_coordinate,
    quantile,
    reaches,
    share_below,
)


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
    when: Condition | str | None = None

    def __post_init__(self) -> None:
        check_name(self.name)
        object.__setattr__(self, "when", checked_condition(self.name, self.when))
        check_bound(self.name, "min", self.min)
        check_bound(self.name, "max", self.max)
        check_order(self.name, self.min, self.max)
        object.__setattr__(self, "min", float(self.min))
        object.__setattr__(self, "max", float(self.max))
        unbounded = math.isinf(self.min) or math.isinf(self.max)
        if unbounded and self.prior is None:
            raise refuse(
                self.name, f"min and max must be finite, got {self.min!r} and {self.max!r}"
            )
        if not unbounded and math.isinf(self.max - self.min):
            raise refuse(self.name, f"min and max are too far apart: {self.min!r}, {self.max!r}")
        # The log of an unbounded lognormal's lower end is -inf; the prior never reaches it.
        positive = math.nextafter(0.0, 1.0) if self.prior and self.min == 0.0 else self.min
        object.__setattr__(self, "scale", checked_scale(self.name, self.scale, positive))
        self._check_prior()
        self._check_step()

    def _check_prior(self) -> None:
        if self.prior is None:
            return
        if not isinstance(self.prior, Normal):
            raise refuse(f"{self.name}.prior", f"must be Normal(mu, sigma), got {self.prior!r}")
        if not is_finite(self.prior.sigma) or self.prior.sigma <= 0:
            raise refuse(f"{self.name}.sigma", f"must be > 0, got {self.prior.sigma!r}")
        if not is_finite(self.prior.mu):
            raise refuse(f"{self.name}.mu", f"must be finite, got {self.prior.mu!r}")
        start, stop = self._span()
        if start < stop and not reaches(self.prior, start, stop):
            raise refuse(
                f"{self.name}.mu",
                f"is too many sigma ({self.prior.sigma!r}) away from the range "
                f"{start!r} to {stop!r}, got {self.prior.mu!r}",
            )

    def _check_step(self) -> None:
        if self.step is None:
            return
        if not is_finite(self.step) or self.step <= 0:
            raise refuse(f"{self.name}.step", f"must be a number > 0, got {self.step!r}")
        if self.origin is not None and not is_finite(self.origin):
            raise refuse(f"{self.name}.origin", f"must be a number, got {self.origin!r}")
        if self.origin is None:
            object.__setattr__(self, "origin", self.min if math.isfinite(self.min) else 0.0)
        first, last = self._step_range()
        if first > last:
            raise refuse(
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
        # Decimal, so that three steps of 0.1 are 0.3; a last step may pass the bound by rounding.
        exact = Decimal(repr(self.origin)) + int(k) * Decimal(repr(self.step))
        return min(max(float(exact), self.min), self.max)

    @property
    def condition(self) -> Condition | None:
        """`when`, parsed."""
        return self.when  # type: ignore[return-value]

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
        low = (
            coordinate(self.min, self.scale, self.min, self.max)
            if self.min > 0
            else (-math.inf if self.scale == Scale.LOG else self.min)
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
    when: Condition | str | None = None

    def __post_init__(self) -> None:
        check_name(self.name)
        object.__setattr__(self, "when", checked_condition(self.name, self.when))
        for which, bound in (("min", self.min), ("max", self.max)):
            check_bound(self.name, which, bound)
            if not math.isfinite(bound) or bound != int(bound):
                raise refuse(f"{self.name}.{which}", f"must be a whole number, got {bound!r}")
            object.__setattr__(self, which, int(bound))
        check_order(self.name, self.min, self.max)
        if abs(self.min) > 2**53 or abs(self.max) > 2**53:
            raise refuse(self.name, "min and max must lie within ±2^53")
        object.__setattr__(self, "scale", checked_scale(self.name, self.scale, self.min))
        if isinstance(self.step, bool) or not isinstance(self.step, int) or self.step < 1:
            raise refuse(
                f"{self.name}.step", f"must be a whole number of 1 or more, got {self.step!r}"
            )

    @property
    def condition(self) -> Condition | None:
        """`when`, parsed."""
        return self.when  # type: ignore[return-value]

    @property
    def levels(self) -> int:
        return (self.max - self.min) // self.step + 1

    @property
    def last(self) -> int:
        """The greatest value that exists; below `max` where the step does not reach it."""
        return self.min + (self.levels - 1) * self.step

    def values(self) -> Iterator[int]:
        return iter(range(self.min, self.max + 1, self.step))

    def _ends(self) -> tuple[float, float]:
        """Half a step of padding gives the first and last value full cells.

        On the logarithmic scales the padding stops halfway to zero.
        """
        half = self.step / 2
        below = half if self.scale == Scale.LINEAR else min(half, self.min / 2)
        return self.min - below, self.last + half

    def value_at(self, u: float) -> int:
        low, high = self._ends()
        start, stop = (coordinate(end, self.scale, low, high) for end in (low, high))
        t = quantile(u, start, stop, None)
        return self.snap(from_coordinate(t, self.scale, low, high))

    def snap(self, value: float) -> int:
        index = round((value - self.min) / self.step)
        return self.min + min(max(index, 0), self.levels - 1) * self.step

    def unit(self, value: float) -> float:
        low, high = self._ends()
        value = min(max(value, self.min), self.last)
        edges = (low, max(value - self.step / 2, low), min(value + self.step / 2, high), high)
        start, left, right, stop = (coordinate(edge, self.scale, low, high) for edge in edges)
        return ((left + right) / 2 - start) / (stop - start)

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
