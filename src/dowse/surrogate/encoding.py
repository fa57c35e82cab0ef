"""A search space as coordinates: parameters to numbers in [0, 1] and back.

    kind                 coordinate
    Double, Integer      position on the parameter's own scale; an integer owns a cell of equal size
    with a prior         position within three standard deviations of the prior's centre: linear in
                         the bell's argument, not in its distribution function, which would flatten
                         the tails until an optimum there became invisible
    Discrete             position on a logarithmic scale if the values call for one, else linear
    Categorical          index of the label
    conditional          as above, with the condition translated to the parent's coordinate

A parameter with a single value has no coordinate. Values of the history that lie outside the
present ranges keep their extrapolated position: they are knowledge too. What has no position, an
unknown label or a missing parameter, is NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import assert_never

import numpy as np

from dowse.domain.conditions import Condition as WhenCondition
from dowse.domain.history import Ending, Observation
from dowse.domain.parameters import (
    Categorical,
    Discrete,
    Double,
    Integer,
    Parameter,
    Value,
    is_number,
)
from dowse.domain.scales import Scale, coordinate, from_coordinate
from dowse.domain.space import Assignment, SearchSpace, is_active
from dowse.numerics.acquisition import Bells
from dowse.numerics.arrays import BoolArray, FloatArray
from dowse.numerics.coordinates import Condition, Coordinate, Coordinates, nearest_level
from dowse.surrogate.remember import Remembered

# Longer grids are rounded by arithmetic instead of by looking up a list.
MAX_LISTED = 4_096
_LOG_RATIO = 8.0
_FARTHEST = 10.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Axis:
    """The coordinate of one parameter. `values` are those of the coordinate's levels, in order."""

    parameter: Parameter
    coordinate: Coordinate
    encode: Callable[[Value], float]
    decode: Callable[[float], Value]
    values: tuple[Value, ...] = ()

    def decoded(self, u: FloatArray) -> list[Value]:
        """The values at many positions u (m,)."""
        levels = self.coordinate.levels
        if levels is None:
            return [self.decode(x) for x in u.tolist()]
        return [self.values[i] for i in nearest_level(levels, u)]

    def holds(self, condition: WhenCondition, u: FloatArray) -> BoolArray:
        """Which of the positions u (m,) fulfil a condition on this parameter; NaN does not."""
        known = np.isfinite(u)
        held = [bool(k) and condition.holds(self.decode(x)) for x, k in zip(u, known, strict=True)]
        return np.array(held, dtype=np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """Assignments of one space to points X (n, d) and back."""

    space: SearchSpace
    axes: tuple[Axis, ...]
    fixed: Mapping[str, Value]
    coordinates: Coordinates
    _observed: Remembered[FloatArray] = field(init=False)
    _values: Remembered[FloatArray] = field(init=False)
    _expected: Remembered[FloatArray] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_observed", Remembered(self._encode_all, _joined))
        object.__setattr__(self, "_values", Remembered(_measured, _joined))
        object.__setattr__(self, "_expected", Remembered(_expectations, _joined))

    def observed(self, observations: tuple[Observation, ...]) -> FloatArray:
        """(n, d) points of the observations."""
        return self._observed.of(observations)

    def values(self, observations: tuple[Observation, ...]) -> FloatArray:
        """(n,) values of the observations; NaN for a failure."""
        return self._values.of(observations)

    def expected(self, observations: tuple[Observation, ...]) -> FloatArray:
        """(n, 2) final values that were predicted of stopped trials and their standard deviations;
        NaN for all others.
        """
        return self._expected.of(observations)

    @property
    def bells(self) -> Bells | None:
        """The priors of the space as densities over feature columns; None where there is none."""
        found = [
            (int(self.coordinates.first[j]), *_bell(axis.parameter))
            for j, axis in enumerate(self.axes)
            if isinstance(axis.parameter, Double) and axis.parameter.prior is not None
        ]
        if not found:
            return None
        columns, centre, width = zip(*found, strict=True)
        return Bells(
            columns=np.array(columns, dtype=np.intp),
            centre=np.array(centre),
            width=np.array(width),
        )

    def _encode_all(self, observations: Sequence[Observation]) -> FloatArray:
        return self.encode([observation.parameters for observation in observations])

    def encode(self, assignments: Sequence[Assignment]) -> FloatArray:
        """(n, d) points; NaN where a parameter is inactive, missing or beyond recognition."""
        X = np.full((len(assignments), len(self.axes)), np.nan)
        for j, axis in enumerate(self.axes):
            name, encode = axis.parameter.name, axis.encode
            for i, assignment in enumerate(assignments):
                if name in assignment:
                    X[i, j] = encode(assignment[name])
        return X

    def decode(self, x: FloatArray) -> dict[str, Value]:
        """The assignment at a point (d,), its active parameters in document order."""
        place = {axis.parameter.name: j for j, axis in enumerate(self.axes)}

        def choose(parameter: Parameter) -> Value:
            if parameter.name in self.fixed:
                return self.fixed[parameter.name]
            j = place[parameter.name]
            return self.axes[j].decode(float(x[j]))

        return self.space.assemble(choose)

    def feasible(self, X: FloatArray) -> BoolArray:
        """(n,) which points satisfy the constraints of the space."""
        held = np.ones(len(X), dtype=np.bool_)
        active = self.coordinates.active(X)
        place = {axis.parameter.name: j for j, axis in enumerate(self.axes)}
        for relation in self.space.relations:
            own = [place[name] for name in relation.mentions if name in place]
            # One that names an inactive parameter holds.
            rows = np.flatnonzero(held & active[:, own].all(1))
            columns = [
                self.axes[place[name]].decoded(X[rows, place[name]])
                if name in place
                else [self.fixed[name]] * len(rows)
                for name in relation.mentions
            ]
            holds = relation.evaluator(relation.mentions)
            held[rows] = [holds(row) for row in zip(*columns, strict=True)]
        return held


def _measured(observations: Sequence[Observation]) -> FloatArray:
    known = [
        one.value if one.ending is Ending.MEASURED and one.value is not None else math.nan
        for one in observations
    ]
    return np.array(known, dtype=np.float64)


def _expectations(observations: Sequence[Observation]) -> FloatArray:
    known = [
        (math.nan, math.nan) if one.expected is None else (one.expected.value, one.expected.sd)
        for one in observations
    ]
    return np.array(known, dtype=np.float64).reshape(-1, 2)


def _joined(old: FloatArray, new: FloatArray) -> FloatArray:
    return np.concatenate([old, new])


@lru_cache(maxsize=16)
def encoding_for(space: SearchSpace) -> Encoding:
    """The encoding of a space."""
    fixed: dict[str, Value] = {}
    axes: list[Axis] = []
    place: dict[str, int] = {}
    for parameter in space.in_dependency_order():
        if parameter.levels == 1:
            fixed[parameter.name] = next(iter(parameter.values()))
            continue
        place[parameter.name] = len(axes)
        axes.append(_axis(parameter))
    conditioned = tuple(
        _with_condition(axis.coordinate, axis.parameter, axes, place, fixed) for axis in axes
    )
    return Encoding(space, tuple(axes), fixed, Coordinates(conditioned))


def _with_condition(
    plain: Coordinate,
    parameter: Parameter,
    axes: Sequence[Axis],
    place: Mapping[str, int],
    fixed: Mapping[str, Value],
) -> Coordinate:
    """The coordinate with the parameter's condition, translated to its parent's coordinate."""
    when = parameter.condition
    if when is None:
        return plain
    if when.parent in fixed:
        accepted = is_active(parameter, fixed)
        ancestor = 0

        def constant(u: FloatArray) -> BoolArray:
            return np.full(len(u), accepted)

        condition = Condition(parent=ancestor, accepts=constant)
    else:
        axis = axes[place[when.parent]]
        condition = Condition(parent=place[when.parent], accepts=_acceptance(axis, when))
    return Coordinate(
        levels=plain.levels, snap=plain.snap, categories=plain.categories, condition=condition
    )


def _acceptance(axis: Axis, when: WhenCondition) -> Callable[[FloatArray], BoolArray]:
    """The condition as a function of positions, looked up in a table where positions are few."""
    plain = axis.coordinate
    if plain.categories:
        table = axis.holds(when, np.arange(plain.categories, dtype=np.float64))
        return lambda u: _looked_up(table, np.nan_to_num(u, nan=0.0).astype(np.intp), u)
    if plain.levels is not None:
        levels = plain.levels
        table = axis.holds(when, levels)
        return lambda u: _looked_up(table, nearest_level(levels, u), u)
    return lambda u: axis.holds(when, u)


def _looked_up(table: BoolArray, index: np.ndarray, u: FloatArray) -> BoolArray:
    return np.asarray(table[index] & np.isfinite(u), dtype=np.bool_)


def _axis(parameter: Parameter) -> Axis:
    match parameter:
        case Categorical():
            return _categorical_axis(parameter)
        case Discrete():
            return _discrete_axis(parameter)
        case Integer():
            half = parameter.step / 2
            low, high = parameter.min - half, parameter.last + half
            return _numeric_axis(parameter, low, high, (low, high))
        case Double():
            return _numeric_axis(parameter, parameter.min, parameter.max, _window(parameter))
        case _:
            assert_never(parameter)


def _categorical_axis(parameter: Categorical) -> Axis:
    # A number and a boolean may be equal, and are two labels all the same.
    place = {(type(label), label): float(i) for i, label in enumerate(parameter.choices)}

    def encode(value: Value) -> float:
        known = place.get((type(value), value))
        if known is not None:
            return known
        try:
            return float(parameter.index(value))
        except ValueError:
            return math.nan

    return Axis(
        parameter=parameter,
        coordinate=Coordinate(categories=len(parameter.choices)),
        encode=encode,
        decode=lambda u: parameter.choices[int(u)],
    )


def _discrete_axis(parameter: Discrete) -> Axis:
    choices = np.array([float(choice) for choice in parameter.choices])
    scale = parameter.scale
    if scale is None:
        geometric = choices[0] > 0 and choices[-1] / choices[0] >= _LOG_RATIO and len(choices) > 2
        scale = Scale.LOG if geometric else Scale.LINEAR
    position = _positions(Scale(scale), float(choices[0]), float(choices[-1]), None)
    levels = np.array([position(float(choice)) for choice in choices])
    return Axis(
        parameter=parameter,
        coordinate=Coordinate(levels=levels),
        encode=lambda value: position(float(value)) if is_number(value) else math.nan,
        decode=lambda u: parameter.choices[int(nearest_level(levels, np.array([u]))[0])],
        values=tuple(parameter.choices),
    )


def _window(parameter: Double) -> tuple[float, float]:
    """The stretch of values that [0, 1] stands for: three sigma of a prior, within the bounds."""
    if parameter.prior is None:
        return parameter.min, parameter.max
    scale, mu, sigma = Scale(parameter.scale), parameter.prior.mu, parameter.prior.sigma
    ends = [
        from_coordinate(mu + side * 3.0 * sigma, scale, parameter.min, parameter.max)
        for side in (-1, 1)
    ]
    low, high = max(parameter.min, ends[0]), min(parameter.max, ends[1])
    # A bell whose centre is far outside the bounds says nothing about the inside.
    return (low, high) if low < high else (parameter.min, parameter.max)


def _bell(parameter: Double) -> tuple[float, float]:
    """Centre and standard deviation of a prior in positions."""
    assert parameter.prior is not None
    scale = Scale(parameter.scale)
    start, stop = (
        coordinate(end, scale, parameter.min, parameter.max) for end in _window(parameter)
    )
    span = stop - start
    return (parameter.prior.mu - start) / span, parameter.prior.sigma / span


def _positions(
    scale: Scale, low: float, high: float, window: tuple[float, float] | None
) -> Callable[[float], float]:
    """The position of a value, 0 and 1 being the ends of the window; far ones are drawn nearer."""
    ends = window or (low, high)
    start, stop = (coordinate(end, scale, low, high) for end in ends)
    span = stop - start

    def position(value: float) -> float:
        try:
            t = value if scale is Scale.LINEAR else coordinate(value, scale, low, high)
            u = (t - start) / span
        except (ValueError, OverflowError):
            # No logarithm: below every value of a log scale, above every one of a reversed one.
            return 0.0 if scale is Scale.LOG else 1.0
        return min(max(u, -_FARTHEST), _FARTHEST) if math.isfinite(u) else math.nan

    return position


def _numeric_axis(
    parameter: Double | Integer, low: float, high: float, window: tuple[float, float]
) -> Axis:
    scale = Scale(parameter.scale)
    position = _positions(scale, low, high, window)
    start, stop = (coordinate(end, scale, low, high) for end in window)

    def encode(value: Value) -> float:
        return position(float(value)) if is_number(value) else math.nan

    def decode(u: float) -> Value:
        return parameter.snap(from_coordinate(start + (stop - start) * u, scale, low, high))

    count = parameter.levels
    if count is None and parameter.step is None:
        return Axis(parameter=parameter, coordinate=Coordinate(), encode=encode, decode=decode)
    if count is None or count > MAX_LISTED:

        def snap(u: FloatArray) -> FloatArray:
            return np.array([encode(decode(float(x))) for x in u])

        return Axis(
            parameter=parameter, coordinate=Coordinate(snap=snap), encode=encode, decode=decode
        )
    values = tuple(parameter.values())
    levels = np.array([encode(value) for value in values])
    # A zero on a log scale has no place of its own; it shares that of its neighbour.
    levels = np.minimum.accumulate(levels[::-1])[::-1]
    return Axis(
        parameter=parameter,
        coordinate=Coordinate(levels=levels),
        encode=encode,
        decode=lambda u: values[int(nearest_level(levels, np.array([u]))[0])],
        values=values,
    )
