"""When a rule looks, and what its options may be: shared by every rule that counts reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dowse.errors import InvalidInput, Problem


def is_due(k: int, *, interval: int, delay: int) -> bool:
    """Whether the k-th report is judged: every `interval`-th is, from report `delay` on.

    An interval of 0 means 1, as Azure has it.
    """
    return k > 0 and k >= delay and k % max(interval, 1) == 0


def check_whole(options: Mapping[str, Any], least: Mapping[str, int]) -> None:
    """Raise InvalidInput for every option that is not a whole number of its least value or more."""
    refuse(
        Problem(
            path=f"early_stopping.{name}",
            message=f"must be a whole number of {low} or more, got {options[name]!r}",
        )
        for name, low in least.items()
        if type(options[name]) is not int or options[name] < low
    )


def refuse(problems: Iterable[Problem]) -> None:
    """Raise InvalidInput if there is a problem."""
    found = list(problems)
    if found:
        raise InvalidInput(found)


def after(k: int) -> str:
    """The beginning of the sentence that explains a stop."""
    return "after 1 report" if k == 1 else f"after {k} reports"
