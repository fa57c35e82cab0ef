"""Arithmetic and logical relations between parameters: parse, evaluate, explain.

`hidden % heads == 0`, `warmup < steps`, `if optimizer == "sgd": momentum > 0`. The grammar stands
in grammar.py, the meaning of each node in expressions.py. A constraint that names an inactive
parameter holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any as Anything

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.evaluation import Evaluator, Row, compiled
from dowse.domain.expressions import Compare, Expression, Literal, Membership, Name, Not, names
from dowse.domain.grammar import parse_expression
from dowse.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Constraint:
    """`tree` is what `text` says; `mentions` are its parameters in the order of the text."""

    text: str
    tree: Expression
    mentions: tuple[str, ...] = field(init=False, repr=False, compare=False)
    names: frozenset[str] = field(init=False, repr=False, compare=False)
    _evaluate: Evaluator = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        mentions = names(self.tree)
        object.__setattr__(self, "mentions", mentions)
        object.__setattr__(self, "names", frozenset(mentions))
        object.__setattr__(self, "_evaluate", self.compiled(mentions))

    def __reduce__(self) -> tuple[Callable[[str], Constraint], tuple[str]]:
        # The compiled function cannot be copied or pickled; the text can.
        return parse, (self.text,)

    def compiled(self, order: Sequence[str]) -> Evaluator:
        """The value of the tree over rows whose columns are `order`; may raise ArithmeticError."""
        return compiled(self.tree, {name: index for index, name in enumerate(order)})

    def evaluator(self, order: Sequence[str]) -> Callable[[Row], bool]:
        """`holds` over rows whose columns are `order`, every named parameter being active."""
        evaluate = self.compiled(order)

        def holds(row: Row) -> bool:
            try:
                return bool(evaluate(row))
            except ArithmeticError:
                return False

        return holds

    def holds(self, assignment: Mapping[str, Anything]) -> bool:
        """A relation whose value is not defined (a division by zero) does not hold."""
        try:
            row = [assignment[name] for name in self.mentions]
        except KeyError:
            return True
        try:
            return bool(self._evaluate(row))
        except ArithmeticError:
            return False

    def explain(self, assignment: Mapping[str, Anything]) -> str:
        """A sentence on why the constraint holds or not, with the values it looks at."""
        absent = [name for name in self.mentions if name not in assignment]
        if absent:
            return f"{self.text} holds because {', '.join(absent)} is not active"
        values = ", ".join(f"{name} = {assignment[name]!r}" for name in self.mentions)
        try:
            verdict = (
                "holds"
                if self._evaluate([assignment[n] for n in self.mentions])
                else ("does not hold")
            )
        except ArithmeticError as error:
            verdict = f"does not hold, it has no value ({error})"
        return f"{self.text} {verdict}: {values}" if values else f"{self.text} {verdict}"


def parse(text: str) -> Constraint:
    """Raises InvalidInput, whose one problem says what is wrong at which column."""
    tree = parse_expression(text)
    if not names(tree):
        raise InvalidInput(f"{text!r} names no parameter; it must relate at least one")
    return Constraint(text.strip(), tree)


_MIRRORED = {
    Comparison.LESS: Comparison.GREATER,
    Comparison.LESS_OR_EQUAL: Comparison.GREATER_OR_EQUAL,
    Comparison.GREATER: Comparison.LESS,
    Comparison.GREATER_OR_EQUAL: Comparison.LESS_OR_EQUAL,
}
_OPPOSITE = {
    Comparison.EQUAL: Comparison.NOT_EQUAL,
    Comparison.NOT_EQUAL: Comparison.EQUAL,
    Comparison.LESS: Comparison.GREATER_OR_EQUAL,
    Comparison.GREATER_OR_EQUAL: Comparison.LESS,
    Comparison.GREATER: Comparison.LESS_OR_EQUAL,
    Comparison.LESS_OR_EQUAL: Comparison.GREATER,
    Comparison.IN: Comparison.NOT_IN,
    Comparison.NOT_IN: Comparison.IN,
}


def parse_condition(text: str) -> Condition:
    """The condition of a `when`: one parent against constants. Raises InvalidInput."""
    return _condition(parse_expression(text), text)


def _condition(tree: Expression, text: str) -> Condition:
    match tree:
        case Name(name=name):
            return Condition(name, Comparison.EQUAL, (True,))
        case Not(operand=operand):
            inner = _condition(operand, text)
            return Condition(inner.parent, _OPPOSITE[inner.comparison], inner.values)
        case Membership(operand=Name(name=name), options=options, negated=negated):
            return Condition(name, Comparison.NOT_IN if negated else Comparison.IN, options)
        case Compare(comparison=comparison, left=Name(name=name), right=Literal(value=value)):
            return Condition(name, comparison, (value,))
        case Compare(comparison=comparison, left=Literal(value=value), right=Name(name=name)):
            return Condition(name, _MIRRORED.get(comparison, comparison), (value,))
        case Compare(left=Name(name=first), right=Name(name=second)):
            raise InvalidInput(
                f"{text!r} compares {first} with {second}, and a condition compares one parameter "
                f'with a constant; if {second} is a text, put it in quotes: "{second}"'
            )
        case _:
            raise InvalidInput(
                f"{text!r} is not a condition: write one parameter against a constant, such as "
                'optimizer == "sgd", layers >= 2, kind in ["a", "b"] or a boolean parameter\'s '
                "name; relations between several belong to constraints"
            )
