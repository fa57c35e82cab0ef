"""The tree that a constraint or a condition is parsed to: a small closed union of nodes.

    Literal     a number, a text or a boolean
    Name        the value of a parameter
    Arithmetic  + - * / // % ** of two numbers
    Negative    - of a number
    Call        min, max, abs
    Compare     == != < <= > >= of two values
    Membership  a value in, or not in, a list of constants
    Not, All, Any  logic; All and Any look at their parts from left to right and stop early

A chain `a < b < c` becomes All of its links, and `if a: b` becomes Any of Not a, b, so whoever
walks a tree has these ten cases and no other. Arithmetic is Python's: `//` rounds down, `%` has
the sign of the divisor. A value that is not defined (a division by zero, a result beyond 2^1024,
a root of a negative number) makes the whole constraint not hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from dowse.domain.conditions import Comparison, Constant


class Operator(Enum):
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    FLOOR_DIVIDE = "//"
    MODULO = "%"
    POWER = "**"


class Function(Enum):
    MIN = "min"
    MAX = "max"
    ABS = "abs"


@dataclass(frozen=True, slots=True)
class Literal:
    value: Constant


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    operator: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Expression


@dataclass(frozen=True, slots=True)
class Call:
    function: Function
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """`comparison` is never IN or NOT_IN; those are a Membership."""

    comparison: Comparison
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Membership:
    operand: Expression
    options: tuple[Constant, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expression


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Expression, ...]


Expression: TypeAlias = (
    Literal | Name | Arithmetic | Negative | Call | Compare | Membership | Not | All | Any
)


def children(tree: Expression) -> tuple[Expression, ...]:
    match tree:
        case Literal() | Name():
            return ()
        case Arithmetic() | Compare():
            return tree.left, tree.right
        case Negative() | Membership() | Not():
            return (tree.operand,)
        case Call():
            return tree.arguments
        case All() | Any():
            return tree.parts


def nodes(tree: Expression) -> Iterator[Expression]:
    """Every node, each before its children, from left to right."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def names(tree: Expression) -> tuple[str, ...]:
    """The parameters a tree speaks of, in the order in which it names them first."""
    return tuple(dict.fromkeys(node.name for node in nodes(tree) if isinstance(node, Name)))


def depth(tree: Expression) -> int:
    level, deepest = [tree], 0
    while level:
        deepest += 1
        level = [child for node in level for child in children(node)]
    return deepest
