"""Several objectives at once: dominance, the Pareto front, and the hypervolume that it dominates.

A point is a tuple of losses, one for each objective, smaller being better; `losses` makes one of
values and goals.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import le, lt
from typing import TypeAlias

from dowse.domain.metrics import Goal

Losses: TypeAlias = tuple[float, ...]


def losses(values: Iterable[float], goals: Iterable[Goal]) -> Losses:
    """What is minimised: the values, negated where the goal is to maximise."""
    return tuple(
        -value if goal is Goal.MAXIMIZE else value
        for value, goal in zip(values, goals, strict=True)
    )


def dominates(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether `one` is nowhere worse and somewhere better."""
    return all(map(le, one, other)) and any(map(lt, one, other))


def nondominated(points: Sequence[Losses]) -> list[int]:
    """Which of the points no other point dominates, in their order; the first of equal ones.

    A point with a number that is not finite is never one of them.
    """
    able = [i for i, point in enumerate(points) if all(map(math.isfinite, point))]
    front: list[int] = []
    # A point can only be dominated by one that comes before it in this order.
    for i in sorted(able, key=lambda i: (points[i], i)):
        point = points[i]
        if not any(all(map(le, points[j], point)) for j in reversed(front)):
            front.append(i)
    return sorted(front)


def layers(points: Sequence[Losses]) -> list[int]:
    """For each point the number of the front that it lies on, once those before are taken away.

    The front of all is 0. Of equal points each lies on a later front than the one before it. No
    number may be NaN. Source: Zhang et al., An Efficient Approach to Nondominated Sorting (2015).
    """
    fronts: list[list[Losses]] = []
    found = [0] * len(points)
    # In this order a point is dominated only by earlier ones, and if by any of a front, then by
    # some of every front before it.
    for i in sorted(range(len(points)), key=lambda i: (points[i], i)):
        point = points[i]

        def is_free(front: list[Losses], point: Losses = point) -> bool:
            return not any(all(map(le, other, point)) for other in reversed(front))

        found[i] = place = bisect_left(fronts, True, key=is_free)
        if place == len(fronts):
            fronts.append([])
        fronts[place].append(point)
    return found


def hypervolume(points: Iterable[Losses], reference: Losses) -> float:
    """The volume that the points dominate within the box below the reference.

    Exact for any number of objectives, by cutting the box into slices along the last one: n points
    take about n log n steps for two objectives and n times as many for each further one.
    """
    inside = [point for point in points if all(map(lt, point, reference))]
    if not inside:
        return 0.0
    if len(reference) == 1:
        return reference[0] - min(inside)[0]
    if len(reference) == 2:
        return _area(inside, reference)
    inside.sort(key=lambda point: point[-1])
    levels = [point[-1] for point in inside] + [reference[-1]]
    flat: list[Losses] = []
    volume = 0.0
    for i, point in enumerate(inside):
        flat.append(point[:-1])
        depth = levels[i + 1] - levels[i]
        if depth > 0:
            flat = [flat[j] for j in nondominated(flat)]
            volume += depth * hypervolume(flat, reference[:-1])
    return volume


def _area(inside: Iterable[Losses], reference: Losses) -> float:
    area, height = 0.0, reference[1]
    for x, y in sorted(inside):
        if y < height:
            area += (reference[0] - x) * (height - y)
            height = y
    return area
