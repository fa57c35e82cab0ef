"""The nine distributions of Azure ML beside `choice`, as parameters.

The bounds of the logarithmic ones are exponents. The rounded ones are round(value / q) * q, so
that their first and last value may lie a little outside the range that is rounded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.spaces import built
from dowse.domain.conditions import Condition
from dowse.domain.parameters import Double, Integer, Parameter
from dowse.domain.scales import Normal, Scale

_RANGE = ("min_value", "max_value")
_BELL = ("mu", "sigma")
KEYS: dict[str, tuple[str, ...]] = {
    "choice": ("values",),
    "randint": ("upper",),
    "uniform": _RANGE,
    "loguniform": _RANGE,
    "quniform": (*_RANGE, "q"),
    "qloguniform": (*_RANGE, "q"),
    "normal": _BELL,
    "lognormal": _BELL,
    "qnormal": (*_BELL, "q"),
    "qlognormal": (*_BELL, "q"),
}
"""Every distribution with the keys that it needs."""

_MAX_EXPONENT = 700.0
"""Beyond it, e to that power is no number any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The parameter to be made: its name, where it is written, when it is active.

    `base` is what exponents are powers of.
    """

    name: str
    table: Table
    when: Condition | None
    places: Places
    base: float

    def at(self, key: str) -> Field:
        return self.table.get(key) or Field(self.table.node, self.table.path, self.table.log)


def distributed(kind: str, slot: Slot) -> Parameter | None:
    if kind == "randint":
        upper = slot.table.required("upper", "values are 0 to upper - 1")
        above = upper.integer(low=1) if upper else None
        if above is None:
            return None
        return built(
            lambda: Integer(slot.name, 0, above - 1, when=slot.when), slot.places, slot.at("upper")
        )
    numbers = [_number(slot.table, key, kind) for key in KEYS[kind]]
    found = [number for number in numbers if number is not None]
    if len(found) != len(numbers):
        return None
    q = found[2] if kind.startswith("q") else None
    if q is not None and not q > 0:
        slot.at("q").error(f"must be above 0, got {q!r}")
        return None
    scale = Scale.LOG if "log" in kind else Scale.LINEAR
    if kind.endswith("normal"):
        return _bell(slot, Normal(found[0], found[1]), scale, q)
    return _range(slot, (found[0], found[1]), scale, q)


def _number(table: Table, key: str, kind: str) -> float | None:
    found = table.required(key, f"{kind} needs {' and '.join(KEYS[kind])}")
    value = found.finite() if found else None
    return None if value is None else float(value)


def _bell(slot: Slot, prior: Normal, scale: Scale, q: float | None) -> Parameter | None:
    low = -math.inf
    if scale is Scale.LOG:
        low = 0.0
        unit = math.log(slot.base)
        prior = Normal(prior.mu * unit, prior.sigma * unit)
    origin = None if q is None else 0.0
    return built(
        lambda: Double(slot.name, low, math.inf, scale, q, origin, prior, slot.when),
        slot.places,
        slot.at("mu"),
    )


def _range(
    slot: Slot, bounds: tuple[float, float], scale: Scale, q: float | None
) -> Parameter | None:
    low, high = bounds
    here = slot.at("min_value")
    if low > high:
        here.error(f"must not be above max_value ({high!r}), got {low!r}")
        return None
    if scale is Scale.LOG:
        if max(abs(low), abs(high)) * math.log(slot.base) > _MAX_EXPONENT:
            base = "e" if slot.base == math.e else f"{slot.base:g}"
            here.error(
                f"and max_value are exponents, and {base} to the power of {low:g} or {high:g} is "
                "no number; write the logarithms of the bounds"
            )
            return None
        low, high = _power(slot.base, low), _power(slot.base, high)
    if low == high:
        here.warn(f"equals max_value: {slot.name} is always {low!r}")
    if q is not None:
        return _rounded(slot, (low, high), scale, q)
    return built(lambda: Double(slot.name, low, high, scale, when=slot.when), slot.places, here)


def _power(base: float, exponent: float) -> float:
    return math.exp(exponent) if base == math.e else math.pow(base, exponent)


def _rounded(slot: Slot, bounds: tuple[float, float], scale: Scale, q: float) -> Parameter | None:
    here = slot.at("min_value")
    first, last = (round(bound / q) for bound in bounds)
    if scale is Scale.LOG and first < 1:
        here.warn(f"would also give 0, which a logarithmic scale cannot; values start at {q:g}")
        first, last = 1, max(last, 1)
    start, stop = first * q, last * q
    if start < bounds[0] or stop > bounds[1]:
        here.warn(f"rounds to multiples of q from {start:g} to {stop:g}, as Azure does")
    if q == int(q):
        # Whole numbers are passed without a point, which programs read as either kind.
        step = int(q)
        return built(
            lambda: Integer(slot.name, first * step, last * step, scale, step, slot.when),
            slot.places,
            here,
        )
    return built(
        lambda: Double(slot.name, start, stop, scale, q, 0.0, None, slot.when), slot.places, here
    )
