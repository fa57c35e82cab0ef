"""Curves of many trials at once, thinned out so that none has more points than a chart shows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dowse.ports import Point
from dowse.wire.base import Form, Number, Whole, number_to_json


@dataclass(frozen=True, slots=True)
class Curve:
    """Some of the `reports` that the present attempt of a trial made of a metric."""

    trial: int
    reports: int
    points: Sequence[Point]


class CurveDocument(Form):
    """`reports` counts all there are. With fewer points the curve is thinned out: the first and the
    last report stand, and of each stretch between them the least and the greatest value.
    """

    trial: Whole
    reports: Whole
    step: tuple[Whole, ...]
    time: tuple[Number, ...]
    value: tuple[Number, ...]


class CurvesDocument(Form):
    """By trial. A trial that reported nothing of the metric has no curve."""

    metric: str
    curves: tuple[CurveDocument, ...]


def curves_document(metric: str, curves: Iterable[Curve]) -> dict[str, Any]:
    """The form describes the document; it is not built, for that would take most of the time."""
    return {"metric": metric, "curves": [_curve(curve) for curve in curves]}


def _curve(curve: Curve) -> dict[str, Any]:
    return {
        "trial": curve.trial,
        "reports": curve.reports,
        "step": [point.step for point in curve.points],
        "time": [point.time for point in curve.points],
        "value": [
            point.value if math.isfinite(point.value) else number_to_json(point.value)
            for point in curve.points
        ],
    }
