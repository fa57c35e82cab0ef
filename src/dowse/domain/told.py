"""What a program says that a trial gave: a number, or one for each metric."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from dowse.domain import foreign
from dowse.errors import InvalidInput, Problem


def values(metrics: Sequence[str], given: object) -> dict[str, float]:
    """The value of each metric; where there is one metric a bare number will do.

    Raises InvalidInput with everything that is missing or is no number.
    """
    if isinstance(given, Mapping):
        if problems := list(_misfits(metrics, given)):
            raise InvalidInput(problems)
        return {metric: foreign.number(given[metric], metric) for metric in metrics}
    if len(metrics) == 1:
        return {metrics[0]: foreign.number(given)}
    shown = ", ".join(f"{metric!r}: …" for metric in metrics)
    message = f"must be a number for each metric, {{{shown}}}, got {given!r}"
    raise InvalidInput([Problem(path="value", message=message)])


def _misfits(metrics: Sequence[str], given: Mapping[object, object]) -> Iterator[Problem]:
    for name in given:
        if name not in metrics:
            near = difflib.get_close_matches(str(name), metrics, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            message = f"is not a metric of this optimizer; there are {', '.join(metrics)}{hint}"
            yield Problem(path=str(name), message=message)
    for metric in metrics:
        if metric not in given:
            message = "is missing; a trial that gave no value is told with failed=True"
            yield Problem(path=metric, message=message)
