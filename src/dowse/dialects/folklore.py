"""Advice about parameters: what experienced people would say of a search space at a glance."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dowse.domain import feasibility
from dowse.domain.parameters import Categorical, Double, Integer
from dowse.domain.scales import Scale
from dowse.domain.spec import JobSpec

MANY = 10
"""A model learns more of a few parameters: with more, it takes many trials to find which matter."""
TINY_SHARE = 0.01
"""A range that is a smaller part of its own values is next to a constant."""
TINY_RATIO = 1.1
"""The same on a logarithmic scale."""
RATE_RATIO = 100
"""Learning rates act by orders of magnitude: from two of them on a log scale pays."""
LEAST_LABELS = 3
"""The order of two values says nothing."""

_LEARNING = ("auto", "bayesian")
_RATE = re.compile(r"(?:^|[^a-z])(?:lr|learning[ _-]?rate|weight[ _-]?decay)(?:[^a-z]|$)")

Advice = Iterator[tuple[str, str]]


def folklore(spec: JobSpec) -> Advice:
    """Paths of the domain and what to know there."""
    yield from _many(spec)
    yield from _grid(spec)
    for parameter in spec.space.parameters:
        match parameter:
            case Double(prior=None) | Integer():
                yield from _narrow(parameter)
                yield from _rate(parameter)
            case Categorical():
                yield from _numbers(parameter)
            case _:
                pass


def _many(spec: JobSpec) -> Advice:
    searched = [
        each for each in spec.space.parameters if each.levels != 1 and each.condition is None
    ]
    if len(searched) > MANY and spec.algorithm.name in _LEARNING:
        yield (
            "parameters",
            f"searches {len(searched)} parameters at once; with {MANY} or fewer a model learns "
            "faster, so fix those that hardly matter: a short first job shows which "
            "(dowse jobs importance)",
        )


def _grid(spec: JobSpec) -> Advice:
    trials = spec.limits.trials
    if spec.algorithm.name != "grid" or trials is None or not spec.space.is_finite:
        return
    count = feasibility.analyse(spec.space).count
    if count is not None and count > trials:
        yield (
            "limits.trials",
            f"ends the grid after {trials} of its {count} combinations, in the order of the "
            f"document: most values of {spec.space.names[0]} would never be tried; "
            "algorithm: random tries all of them",
        )


def _narrow(parameter: Double | Integer) -> Advice:
    low, high = float(parameter.min), float(parameter.max)
    if isinstance(parameter, Integer) or low == high:
        return
    if parameter.scale == Scale.LOG:
        tiny = high / low < TINY_RATIO
    else:
        tiny = high - low < TINY_SHARE * max(abs(low), abs(high))
    if tiny:
        yield (
            parameter.name,
            f"ranges from {parameter.min!r} to {parameter.max!r}, which is next to a constant; "
            "widen it, or leave it out",
        )


def _rate(parameter: Double | Integer) -> Advice:
    if parameter.scale != Scale.LINEAR or not _RATE.search(parameter.name.lower()):
        return
    # Wider ones get this advice whatever their name.
    if parameter.min > 0 and RATE_RATIO <= parameter.max / parameter.min < 1_000:
        yield (
            f"{parameter.name}.scale",
            f"is linear from {parameter.min!r} to {parameter.max!r}; rates like this one act by "
            "orders of magnitude, which a log scale searches alike",
        )


def _numbers(parameter: Categorical) -> Advice:
    words = [choice for choice in parameter.choices if isinstance(choice, str)]
    if len(words) < max(LEAST_LABELS, parameter.levels) or not all(map(_is_number, words)):
        return
    yield (
        parameter.name,
        f"has numbers as its labels ({', '.join(words[:4])}), whose order is lost to the search; "
        "as a list of numbers they keep it",
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
