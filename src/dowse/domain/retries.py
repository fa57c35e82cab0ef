"""Which failures of an attempt are worth another one, beside the loss of its runner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dowse.domain.reasons import Reason
from dowse.errors import InvalidInput, Problem

MOST = 100
LARGEST_CODE = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitRetries:
    """Further attempts of a trial whose program ended with one of these codes; with any code but 0
    where none is named. A program that died of signal n has the code 128 + n, as in a shell.
    """

    times: int = 0
    codes: tuple[int, ...] = ()

    def holds(self, code: int | None) -> bool:
        return not self.codes or code in self.codes


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryOn:
    """Further attempts of one trial for each class of failure.

    `timeout` is the trial's time limit, `start_error` a command that could not be started,
    `no_metric` a program that ended well and never reported the metric.
    """

    timeout: int = 0
    start_error: int = 0
    no_metric: int = 0
    exit: ExitRetries = field(default_factory=ExitRetries)

    def __post_init__(self) -> None:
        counts = {
            "timeout": self.timeout,
            "start_error": self.start_error,
            "no_metric": self.no_metric,
            "exit.times": self.exit.times,
        }
        problems = [
            Problem(
                path=f"limits.retries.{name}",
                message=f"must be a whole number from 0 to {MOST}, got {count!r}",
            )
            for name, count in counts.items()
            if not 0 <= count <= MOST
        ]
        problems += [
            Problem(
                path="limits.retries.exit.codes",
                message=f"must be exit codes from 1 to {LARGEST_CODE}, got {code!r}",
            )
            for code in self.exit.codes
            if not 1 <= code <= LARGEST_CODE
        ]
        if problems:
            raise InvalidInput(problems)

    def left(self, reason: Reason | None, earlier: Mapping[Reason, int], code: int | None) -> int:
        """How many further attempts such a failure has, after those that it had before."""
        times = {
            Reason.TIMEOUT: self.timeout,
            Reason.START_ERROR: self.start_error,
            Reason.NO_METRIC: self.no_metric,
            Reason.NONZERO_EXIT: self.exit.times if self.exit.holds(code) else 0,
        }
        if reason not in times:
            return 0
        return max(0, times[reason] - earlier.get(reason, 0))
