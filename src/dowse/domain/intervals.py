"""What an expression can be while its parameters range over intervals: a sound overestimate.

A result that is said to be impossible is impossible; a possible one may not occur, because each
mention of a parameter ranges by itself (`x - x` is not known to be 0).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from dowse.domain.conditions import Comparison, Constant
from dowse.domain.evaluation import OPERATORS
from dowse.domain.expressions import (
    All,
    Any,
    Arithmetic,
    Call,
    Compare,
    Expression,
    Function,
    Literal,
    Membership,
    Name,
    Negative,
    Not,
    Operator,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from `low` to `high`; `undefined` when there may be no value at all."""

    low: float
    high: float
    undefined: bool = False


@dataclass(frozen=True, slots=True)
class Labels:
    values: frozenset[Constant]


@dataclass(frozen=True, slots=True)
class Truths:
    """Which outcomes are possible."""

    true: bool
    false: bool
    undefined: bool = False

    @property
    def always(self) -> bool:
        return self.true and not self.false and not self.undefined

    @property
    def never(self) -> bool:
        return not self.true


Box: TypeAlias = Mapping[str, Span | Labels]
"""The range of every parameter."""

_ANYTHING = Span(-math.inf, math.inf, undefined=True)


def outcomes(tree: Expression, box: Box) -> Truths:
    """The possible outcomes of a relation."""
    match tree:
        case Literal() | Name():
            value = _value(tree, box)
            labels = value.values if isinstance(value, Labels) else frozenset((True, False))
            return Truths(any(labels), not all(labels))
        case Compare(comparison=comparison, left=left, right=right):
            return _compared(comparison, _value(left, box), _value(right, box))
        case Membership(operand=operand, options=options, negated=negated):
            inside = _inside(_value(operand, box), options)
            return _negated(inside) if negated else inside
        case Not(operand=operand):
            return _negated(outcomes(operand, box))
        case All(parts=parts):
            found = [outcomes(part, box) for part in parts]
            return Truths(
                all(part.true for part in found),
                any(part.false for part in found),
                any(part.undefined for part in found),
            )
        case Any(parts=parts):
            found = [outcomes(part, box) for part in parts]
            return Truths(
                any(part.true for part in found),
                all(part.false for part in found),
                any(part.undefined for part in found),
            )
        case _:  # A number where a truth belongs; no parsed tree has it.
            return Truths(True, True, undefined=True)


def _negated(truths: Truths) -> Truths:
    return Truths(truths.false, truths.true, truths.undefined)


def _value(tree: Expression, box: Box) -> Span | Labels:
    match tree:
        case Name(name=name):
            return box[name]
        case Literal(value=bool() | str() as label):
            return Labels(frozenset((label,)))
        case Literal(value=int() | float() as number):
            return Span(number, number)
        case Compare() | Membership() | Not() | All() | Any():
            truths = outcomes(tree, box)
            if truths.undefined:
                return _ANYTHING
            possible = ((True, truths.true), (False, truths.false))
            return Labels(frozenset(label for label, may in possible if may))
        case _:
            return _number(tree, box)


def _number(tree: Expression, box: Box) -> Span:
    match tree:
        case Arithmetic(operator=operator, left=left, right=right):
            return _arithmetic(operator, _number(left, box), _number(right, box))
        case Negative(operand=operand):
            inner = _number(operand, box)
            return Span(-inner.high, -inner.low, inner.undefined)
        case Call(function=function, arguments=arguments):
            return _called(function, [_number(argument, box) for argument in arguments])
        case _:
            value = _value(tree, box)
            return value if isinstance(value, Span) else _ANYTHING


def _called(function: Function, spans: Sequence[Span]) -> Span:
    undefined = any(span.undefined for span in spans)
    lows, highs = [span.low for span in spans], [span.high for span in spans]
    match function:
        case Function.MIN:
            return Span(min(lows), min(highs), undefined)
        case Function.MAX:
            return Span(max(lows), max(highs), undefined)
        case Function.ABS:
            least = 0 if lows[0] <= 0 <= highs[0] else min(abs(lows[0]), abs(highs[0]))
            return Span(least, max(abs(lows[0]), abs(highs[0])), undefined)
        case _:
            assert_never(function)


def _arithmetic(operator: Operator, left: Span, right: Span) -> Span:
    undefined = left.undefined or right.undefined
    match operator:
        case Operator.ADD | Operator.SUBTRACT | Operator.MULTIPLY:
            return _corners(operator, left, right, undefined)
        case Operator.DIVIDE | Operator.FLOOR_DIVIDE:
            if right.low <= 0 <= right.high:
                return _ANYTHING
            return _corners(operator, left, right, undefined)
        case Operator.MODULO:
            return _modulo(left, right, undefined)
        case Operator.POWER:
            return _power(left, right, undefined)
        case _:
            assert_never(operator)


def _corners(operator: Operator, left: Span, right: Span, undefined: bool) -> Span:
    """The extremes of an operation that is monotone in each operand lie at the corners."""
    apply = OPERATORS[operator]
    try:
        corners = [apply(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    except ArithmeticError:
        return _ANYTHING
    if any(math.isnan(corner) for corner in corners):  # inf - inf
        return _ANYTHING
    return Span(min(corners), max(corners), undefined)


def _modulo(left: Span, right: Span, undefined: bool) -> Span:
    if right.low <= 0 <= right.high or math.isinf(left.low) or math.isinf(left.high):
        return _ANYTHING
    if right.low == right.high and left.low // right.low == left.high // right.low:
        return Span(left.low % right.low, left.high % right.low, undefined)
    if right.high < 0:
        return Span(right.low, 0, undefined)
    if left.low >= 0:
        least = left.low if left.high < right.low else 0
        return Span(least, min(left.high, right.high), undefined)
    return Span(0, right.high, undefined)


def _power(left: Span, right: Span, undefined: bool) -> Span:
    if left.low > 0 or (left.low == 0 and right.low >= 0):
        return _widened(_corners(Operator.POWER, left, right, undefined))
    exponent = right.low
    if exponent != right.high or exponent < 0 or exponent % 1 != 0:
        return _ANYTHING
    around_zero = left.low < 0 < left.high and exponent % 2 == 0 and exponent > 0
    found = _widened(_corners(Operator.POWER, left, right, undefined))
    return Span(0, found.high, found.undefined) if around_zero else found


def _widened(span: Span) -> Span:
    """Room for the rounding of a float power; integers are exact."""
    if isinstance(span.low, int) and isinstance(span.high, int):
        return span
    slack = 1e-12
    return Span(
        span.low - abs(span.low) * slack, span.high + abs(span.high) * slack, span.undefined
    )


def _compared(comparison: Comparison, left: Span | Labels, right: Span | Labels) -> Truths:
    if isinstance(left, Labels) and isinstance(right, Labels):
        equal = _equal_labels(left.values, right.values)
        return _negated(equal) if comparison is Comparison.NOT_EQUAL else equal
    if isinstance(left, Labels) or isinstance(right, Labels):
        return Truths(True, True, undefined=_ANYTHING in (left, right))
    undefined = left.undefined or right.undefined
    match comparison:
        case Comparison.LESS:
            return Truths(left.low < right.high, left.high >= right.low, undefined)
        case Comparison.LESS_OR_EQUAL:
            return Truths(left.low <= right.high, left.high > right.low, undefined)
        case Comparison.GREATER:
            return Truths(left.high > right.low, left.low <= right.high, undefined)
        case Comparison.GREATER_OR_EQUAL:
            return Truths(left.high >= right.low, left.low < right.high, undefined)
        case _:
            overlap = left.low <= right.high and right.low <= left.high
            points = left.low == left.high == right.low == right.high
            equal = Truths(overlap, not points, undefined)
            return _negated(equal) if comparison is Comparison.NOT_EQUAL else equal


def _equal_labels(left: frozenset[Constant], right: frozenset[Constant]) -> Truths:
    return Truths(bool(left & right), len(left | right) > 1)


def _inside(value: Span | Labels, options: tuple[Constant, ...]) -> Truths:
    if isinstance(value, Labels):
        allowed = frozenset(options)
        return Truths(bool(value.values & allowed), bool(value.values - allowed))
    numbers = [option for option in options if not isinstance(option, str)]
    some = any(value.low <= number <= value.high for number in numbers)
    certain = value.low == value.high and some
    return Truths(some, not certain, value.undefined)
