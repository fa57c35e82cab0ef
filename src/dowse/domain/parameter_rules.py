"""What every kind of parameter checks when it is made."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from dowse.domain.conditions import Condition
from dowse.domain.constraints import parse_condition
from dowse.domain.scales import Scale
from dowse.errors import InvalidInput, Problem

Value: TypeAlias = bool | int | float | str
"""What a parameter can be."""

MAX_VALUES = 100_000
"""A longer list of values is a mistake or an attack."""


def refuse(path: str, message: str) -> InvalidInput:
    return InvalidInput([Problem(path=path, message=message)])


def is_number(value: object) -> bool:
    """A real number; bool is not one, although Python says so."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_finite(value: object) -> bool:
    """A number with which something can be computed."""
    return is_number(value) and fits_float(value) and math.isfinite(value)  # type: ignore[arg-type]


def fits_float(value: object) -> bool:
    """False for a whole number beyond the range of floats, with which nothing can be computed."""
    return not isinstance(value, int) or abs(value) < 2**1024


def check_name(name: object) -> None:
    if not isinstance(name, str) or not name or name.strip() != name:
        raise refuse(
            str(name), f"a parameter name must be text without blanks at its ends, got {name!r}"
        )
    if len(name) > 256 or "=" in name or any(ord(letter) < 32 for letter in name):
        raise refuse(
            name[:80],
            "a parameter name has at most 256 characters, no '=' and no control characters, "
            f"got {name[:80]!r}",
        )


def checked_condition(name: str, when: object) -> Condition | None:
    """What a parameter depends on; a text is parsed."""
    if when is None or isinstance(when, Condition):
        return when
    if not isinstance(when, str):
        message = f"must be a condition such as \"optimizer == 'sgd'\", got {when!r}"
        raise refuse(f"{name}.when", message)
    try:
        return parse_condition(when)
    except InvalidInput as error:
        problems = [replace(problem, path=f"{name}.when") for problem in error.problems]
        raise InvalidInput(problems) from None


def checked_scale(name: str, scale: Scale | str, low: float) -> Scale:
    try:
        scale = Scale(scale)
    except ValueError:
        known = ", ".join(Scale)
        raise refuse(f"{name}.scale", f"must be one of {known}, got {scale!r}") from None
    if scale is not Scale.LINEAR and not low > 0:
        raise refuse(f"{name}.min", f"must be > 0 on a {scale.value} scale, got {low!r}")
    return scale


def check_bound(name: str, which: str, bound: object) -> None:
    if not is_number(bound) or (isinstance(bound, float) and math.isnan(bound)):
        raise refuse(f"{name}.{which}", f"must be a number, got {bound!r}")
    if not fits_float(bound):
        raise refuse(f"{name}.{which}", "must lie within ±1.8e308, got a longer whole number")


def check_order(name: str, low: float, high: float) -> None:
    if low > high:
        raise refuse(f"{name}.min", f"must not be above max ({high!r}), got {low!r}")


def checked_values(name: str, values: Iterable[Value]) -> tuple[Value, ...]:
    # A text is a sequence too, of letters that nobody meant.
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise refuse(f"{name}.values", f"must be a list, got {values!r}")
    values = tuple(values)
    if not values:
        raise refuse(f"{name}.values", "must hold at least one value, got none")
    if len(values) > MAX_VALUES:
        raise refuse(f"{name}.values", f"must hold at most {MAX_VALUES} values, got {len(values)}")
    return values


def checked_texts(name: str, texts: Sequence[str] | None, count: int) -> tuple[str, ...] | None:
    if texts is None:
        return None
    if len(texts) != count:
        raise refuse(f"{name}.values", f"has {count} values and {len(texts)} texts of them")
    return tuple(texts)
