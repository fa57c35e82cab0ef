"""An expression tree compiled to closures over a row of values: no text is ever executed."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any as Anything
from typing import TypeAlias, assert_never

from dowse.domain.conditions import Comparison, Constant
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

Row: TypeAlias = Sequence[Anything]
Evaluator: TypeAlias = Callable[[Row], Anything]
Pair: TypeAlias = Callable[[Anything, Anything], Anything]

LARGEST = 2**1024
"""Greater results are not defined: floats end there, and integers would grow without end."""

_MAX_BITS = LARGEST.bit_length()


def _product(left: Anything, right: Anything) -> Anything:
    result = left * right
    if -LARGEST < result < LARGEST:
        return result
    raise OverflowError("a product beyond 2^1024")


def _power(base: Anything, exponent: Anything) -> Anything:
    whole = isinstance(base, int) and isinstance(exponent, int)
    if whole and exponent > 1 and (base.bit_length() - 1) * exponent > _MAX_BITS:
        raise OverflowError("a power beyond 2^1024")
    if base < 0 and exponent % 1 != 0:
        raise ArithmeticError("a root of a negative number")
    result = base**exponent
    if -LARGEST < result < LARGEST:
        return result
    raise OverflowError("a power beyond 2^1024")


OPERATORS: Mapping[Operator, Pair] = {
    Operator.ADD: operator.add,
    Operator.SUBTRACT: operator.sub,
    Operator.MULTIPLY: _product,
    Operator.DIVIDE: operator.truediv,
    Operator.FLOOR_DIVIDE: operator.floordiv,
    Operator.MODULO: operator.mod,
    Operator.POWER: _power,
}
COMPARISONS: Mapping[Comparison, Pair] = {
    Comparison.EQUAL: operator.eq,
    Comparison.NOT_EQUAL: operator.ne,
    Comparison.LESS: operator.lt,
    Comparison.LESS_OR_EQUAL: operator.le,
    Comparison.GREATER: operator.gt,
    Comparison.GREATER_OR_EQUAL: operator.ge,
}


def compiled(tree: Expression, place: Mapping[str, int]) -> Evaluator:
    """A function from a row to the tree's value; `place[name]` is a parameter's index in the row.

    The function raises ArithmeticError where the value is not defined.
    """
    match tree:
        case Literal(value=value):
            return lambda row: value
        case Name(name=name):
            return operator.itemgetter(place[name])
        case Arithmetic(operator=sign, left=left, right=right):
            return _pair(OPERATORS[sign], left, right, place)
        case Compare(comparison=comparison, left=left, right=right):
            return _pair(COMPARISONS[comparison], left, right, place)
        case Negative(operand=operand):
            inner = compiled(operand, place)
            return lambda row: -inner(row)
        case Call(function=function, arguments=arguments):
            return _call(function, [compiled(argument, place) for argument in arguments])
        case Membership(operand=operand, options=options, negated=negated):
            return _membership(compiled(operand, place), options, negated)
        case Not(operand=operand):
            inner = compiled(operand, place)
            return lambda row: not inner(row)
        case All(parts=parts):
            return _all([compiled(part, place) for part in parts])
        case Any(parts=parts):
            return _any([compiled(part, place) for part in parts])
        case _:
            assert_never(tree)


def _pair(apply: Pair, left: Expression, right: Expression, place: Mapping[str, int]) -> Evaluator:
    """Names and constants are read in place: enumeration spends its time here."""
    match left, right:
        case Name(name=first), Name(name=second):
            i, j = place[first], place[second]
            return lambda row: apply(row[i], row[j])
        case Name(name=first), Literal(value=constant):
            i = place[first]
            return lambda row: apply(row[i], constant)
        case _, Literal(value=constant):
            before = compiled(left, place)
            return lambda row: apply(before(row), constant)
        case _:
            before, after = compiled(left, place), compiled(right, place)
            return lambda row: apply(before(row), after(row))


def _call(function: Function, arguments: Sequence[Evaluator]) -> Evaluator:
    match function:
        case Function.ABS:
            (argument,) = arguments
            return lambda row: abs(argument(row))
        case Function.MIN:
            return lambda row: min([argument(row) for argument in arguments])
        case Function.MAX:
            return lambda row: max([argument(row) for argument in arguments])
        case _:
            assert_never(function)


def _membership(inner: Evaluator, options: tuple[Constant, ...], negated: bool) -> Evaluator:
    allowed = frozenset(options)
    if negated:
        return lambda row: inner(row) not in allowed
    return lambda row: inner(row) in allowed


def _all(parts: Sequence[Evaluator]) -> Evaluator:
    def evaluate(row: Row) -> bool:
        for part in parts:  # noqa: SIM110 - twice as fast as all() with a generator.
            if not part(row):
                return False
        return True

    return evaluate


def _any(parts: Sequence[Evaluator]) -> Evaluator:
    def evaluate(row: Row) -> bool:
        for part in parts:  # noqa: SIM110 - as above.
            if part(row):
                return True
        return False

    return evaluate
