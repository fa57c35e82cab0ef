"""A long curve as the few points that a chart can show."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dowse.ports import Point

PER_STRETCH = 3
"""Of each stretch its least and its greatest value, and its first that is no finite number."""


def thinned(points: Sequence[Point], limit: int) -> Sequence[Point]:
    """At most `limit` >= 5 of the points, in order, whose line looks like that of all of them.

    The first and the last are always there; between them stretches of equally many reports each
    give their extremes, so that no spike is lost, as it would be by taking every k-th.
    """
    if len(points) <= limit:
        return points
    stretches = (limit - 2) // PER_STRETCH
    inner = len(points) - 2
    kept = [0]
    for stretch in range(stretches):
        begin = 1 + stretch * inner // stretches
        end = 1 + (stretch + 1) * inner // stretches
        kept.extend(_extremes(points, begin, end))
    kept.append(len(points) - 1)
    return [points[place] for place in kept]


def _extremes(points: Sequence[Point], begin: int, end: int) -> list[int]:
    finite = [place for place in range(begin, end) if math.isfinite(points[place].value)]
    found = set()
    if finite:
        found.add(min(finite, key=lambda place: points[place].value))
        found.add(max(finite, key=lambda place: points[place].value))
    if len(finite) < end - begin:
        found.add(next(p for p in range(begin, end) if not math.isfinite(points[p].value)))
    return sorted(found)
