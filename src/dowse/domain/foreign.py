"""A configuration that was not suggested here, such as an older result, and its value.

Its names and kinds must be right; numbers outside the present ranges are knowledge all the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, SupportsFloat

from dowse.domain.parameter_rules import is_finite
from dowse.domain.parameters import Categorical
from dowse.domain.space import SearchSpace, is_active
from dowse.errors import InvalidInput, Problem


def configuration(space: SearchSpace, given: object) -> dict[str, Any]:
    """The parameters as plain Python values; scalars of NumPy know how to become one.

    Raises InvalidInput with everything that makes it no configuration of this space's parameters.
    """
    if not isinstance(given, Mapping):
        message = f"must be a suggestion or a mapping of parameters, got {given!r}"
        raise InvalidInput([Problem(path="parameters", message=message)])
    if odd := [name for name in given if not isinstance(name, str)]:
        message = f"the names must be text, got {odd[0]!r}"
        raise InvalidInput([Problem(path="parameters", message=message)])
    plain = {name: _plain(value) for name, value in given.items()}
    if problems := list(_misfits(space, plain)):
        raise InvalidInput(problems)
    return plain


def number(value: object, path: str = "value") -> float:
    """A result; numbers of other libraries are taken as well. Raises InvalidInput."""
    problem = Problem(path=path, message=f"must be a number, got {value!r}")
    if isinstance(value, str | bytes | bool) or not isinstance(value, SupportsFloat):
        raise InvalidInput([problem])
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InvalidInput([problem]) from None
    except OverflowError:
        return math.inf if value > 0 else -math.inf  # type: ignore[operator]


def _plain(value: Any) -> Any:
    return value.item() if getattr(value, "ndim", None) == 0 else value


def _misfits(space: SearchSpace, given: Mapping[str, Any]) -> Iterator[Problem]:
    names = space.names
    for name in given:
        if name not in names:
            message = f"is not a parameter; there are {', '.join(names)}"
            yield Problem(path=name, message=message)
    for parameter in space.parameters:
        name = parameter.name
        if name not in given:
            if is_active(parameter, given):
                yield Problem(path=name, message="is missing")
            continue
        value = given[name]
        labelled = isinstance(parameter, Categorical)
        fits = parameter.contains(value) if labelled else is_finite(value)
        if not fits:
            yield Problem(path=name, message=f"must be {parameter.describe()}, got {value!r}")
