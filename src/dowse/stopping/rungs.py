"""The rungs of successive halving: how far a trial has come before it is compared again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dowse.stopping.others import NONE, Column, Others
from dowse.stopping.protocol import Curve


class Resource(Enum):
    """What the length of a trial is counted in."""

    REPORTS = "reports"
    STEP = "step"  # the step that the program itself gives with its reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Rungs:
    """Rung i (from 0) lies at `least * factor ** i`, as far as that is below `most`."""

    least: int
    factor: int
    most: int | None
    resource: Resource

    def at(self, rung: int) -> int:
        """How far a trial has come on this rung."""
        place: int = self.least * self.factor**rung
        return place

    @property
    def count(self) -> int | None:
        """How many there are; None where nothing ends them."""
        if self.most is None:
            return None
        rung = 0
        while self.at(rung) < self.most:
            rung += 1
        return rung

    def entered(self, curve: Curve) -> int | None:
        """The rung on which the last report of a curve puts it, None when that is no new one."""
        now = self.highest(curve, len(curve))
        return now if now != self.highest(curve, len(curve) - 1) else None

    def highest(self, curve: Curve, k: int) -> int | None:
        """The highest rung that a curve has reached with its first k reports."""
        length = self._length(curve, k)
        rung, place = -1, self.least
        while place <= length and (self.most is None or place < self.most):
            rung, place = rung + 1, place * self.factor
        return rung if rung >= 0 else None

    def there(self, others: Others, rung: int) -> Column:
        """What those that have reached a rung reported then; nobody has where there is none."""
        place = self.at(rung)
        if self.most is not None and place >= self.most:
            return NONE
        return others.at(place) if self.resource is Resource.REPORTS else others.at_step(place)

    def reached(self, curve: Curve, rung: int) -> float | None:
        """What one curve reported there, None where it has not come so far."""
        place = self.at(rung)
        if self.resource is Resource.STEP:
            first = curve.first_at(place)
            return None if first is None else curve.values[first]
        return curve.values[place - 1] if len(curve) >= place else None

    def words(self, rung: int) -> str:
        """`rung 2 (9 reports)`: people count from 1."""
        place = self.at(rung)
        if self.resource is Resource.STEP:
            return f"rung {rung + 1} (step {place})"
        return f"rung {rung + 1} ({place} {'report' if place == 1 else 'reports'})"

    def _length(self, curve: Curve, k: int) -> int:
        if k <= 0:
            return 0
        return k if self.resource is Resource.REPORTS else curve.furthest[k - 1]
