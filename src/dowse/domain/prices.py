"""What an hour of each type of machine costs, in money and in Google's ML units."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dowse.errors import Problem

if TYPE_CHECKING:
    from dowse.domain.spec import JobSpec
    from dowse.domain.trial import Trial

ANY = "*"
"""The name under which the price of every other machine stands."""
HOUR_S = 3600.0
USD_PER_ML_UNIT = 0.49
"""Of Google's Americas regions."""
ML_UNITS: Mapping[str, float] = {
    "BASIC": 0.3878,
    "STANDARD_1": 4.0571,
    "PREMIUM_1": 33.7829,
    "BASIC_GPU": 1.6939,
    "BASIC_TPU": 9.5714,
    "standard": 0.3878,
    "large_model": 0.9665,
    "complex_model_s": 0.5788,
    "complex_model_m": 1.1576,
    "complex_model_l": 2.3151,
    "standard_gpu": 1.6939,
    "complex_model_m_gpu": 5.2245,
    "n1-standard-4": 0.3878,
    "n1-standard-8": 0.7755,
    "n1-standard-16": 1.5510,
    "n1-standard-32": 3.1020,
    "n1-standard-64": 6.2041,
    "n1-standard-96": 9.3061,
}
"""ML units an hour of Google's scale tiers and machine types, as its price list of AI Platform
Training had them at the end of 2019: the list that the documents of this form point to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Of one machine for one hour; `ml_units` None where nobody counts in them."""

    per_hour: float
    ml_units: float | None = None

    def of(self, seconds: float) -> Cost:
        """What so long on the machine costs."""
        hours = seconds / HOUR_S
        units = None if self.ml_units is None else self.ml_units * hours
        return Cost(amount=self.per_hour * hours, ml_units=units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Money, and the same in ML units where the machine has a price in them."""

    amount: float
    ml_units: float | None = None


def listed_prices() -> dict[str, Price]:
    """Google's list: every machine by its ML units."""
    return {
        name: Price(per_hour=units * USD_PER_ML_UNIT, ml_units=units)
        for name, units in ML_UNITS.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """`table` has the price of each type of machine by its name."""

    table: Mapping[str, Price] = field(default_factory=listed_prices)
    currency: str = "USD"

    def of(self, machine: str | None) -> Price | None:
        """The price of a machine, else that of any other one; None where there is neither."""
        named = None if machine is None else self.table.get(machine)
        return named or self.table.get(ANY)


def cost_problem(spec: JobSpec, prices: Prices) -> Problem | None:
    """What keeps a limit of costs from ever holding."""
    machine = spec.launch.resources.machine
    price = prices.of(machine)
    if spec.limits.cost is None or (price is not None and price.per_hour > 0):
        return None
    if price is not None:
        message = "an hour of its machine costs nothing, so this limit would never be reached"
    elif machine is None:
        message = (
            "no price is known: name the machine under resources.machine, or give every one a "
            "price, such as DOWSE_PRICES='*=0.50'"
        )
    else:
        near = difflib.get_close_matches(machine, prices.table, n=1)
        meant = f" (did you mean {near[0]}?)" if near else ""
        message = (
            f"no price is known of the machine {machine!r}{meant}; "
            f"give it one, such as DOWSE_PRICES='{machine}=0.50'"
        )
    return Problem(path="limits.cost", message=message)


def running_time_s(trials: Iterable[Trial], now: float) -> float:
    """How long the trials of a job have been running, each by itself."""
    return sum(trial.running_time_s(now) for trial in trials)
