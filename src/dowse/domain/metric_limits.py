"""What a trial must keep to be of use: a bound on a metric that is measured, such as a latency.

Constraints between parameters are known before a trial runs (`constraints`); whether a limit is
kept is known only afterwards.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from dowse.errors import InvalidInput, Problem

_LIMIT = re.compile(r"\s*(?P<metric>\S.*?)\s*(?P<sign><=|>=)\s*(?P<bound>\S+)\s*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricLimit:
    """A metric may be at most, or must be at least, a number: one of the two is given."""

    metric: str
    at_most: float | None = None
    at_least: float | None = None

    def __post_init__(self) -> None:
        given = [b for b in (self.at_most, self.at_least) if b is not None]
        if len(given) != 1 or not math.isfinite(given[0]):
            message = (
                "needs either at_most or at_least, a finite number; "
                f"got at_most={self.at_most!r}, at_least={self.at_least!r}"
            )
            raise InvalidInput([Problem(path=f"limits.{self.metric}", message=message)])

    def excess(self, value: float) -> float:
        """How far the value lies beyond the bound, negative where it keeps it; NaN for NaN."""
        if self.at_most is not None:
            return value - self.at_most
        assert self.at_least is not None
        return self.at_least - value

    def keeps(self, value: float | None) -> bool:
        """Whether a trial with this value keeps the limit; one without a value does not."""
        return value is not None and self.excess(value) <= 0.0

    def __str__(self) -> str:
        if self.at_most is not None:
            return f"{self.metric} <= {self.at_most:g}"
        return f"{self.metric} >= {self.at_least:g}"


def parse_metric_limit(text: str) -> MetricLimit:
    """`latency <= 20` or `accuracy >= 0.9`. Raises InvalidInput."""
    found = _LIMIT.match(text)
    try:
        bound = float(found["bound"]) if found else math.nan
    except ValueError:
        bound = math.nan
    if found is None or not math.isfinite(bound):
        message = f"must be a metric, <= or >=, and a number, such as 'latency <= 20'; got {text!r}"
        raise InvalidInput([Problem(path="limits", message=message)])
    if found["sign"] == "<=":
        return MetricLimit(metric=found["metric"], at_most=bound)
    return MetricLimit(metric=found["metric"], at_least=bound)
