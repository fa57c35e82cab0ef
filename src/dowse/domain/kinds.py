"""Whether a constraint makes sense over the parameters of a space: names, kinds and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import assert_never

from dowse.domain.conditions import Comparison, Constant
from dowse.domain.constraints import Constraint
from dowse.domain.expressions import (
    All,
    Any,
    Arithmetic,
    Call,
    Compare,
    Expression,
    Literal,
    Membership,
    Name,
    Negative,
    Not,
    Operator,
    children,
)
from dowse.domain.parameters import Categorical, Double, Parameter
from dowse.errors import Problem


class Kind(Enum):
    NUMBER = "a number"
    TEXT = "a text"
    TRUTH = "true or false"
    LABEL = "a label"  # of a categorical parameter whose choices are numbers or a mixture


def check(constraint: Constraint, parameters: Sequence[Parameter]) -> tuple[Problem, ...]:
    """What keeps `constraint` from being evaluated over any assignment; empty when it is sound."""
    checker = _Checker(constraint.text, {parameter.name: parameter for parameter in parameters})
    checker.truth(constraint.tree)
    return tuple(Problem(path="", message=message) for message in dict.fromkeys(checker.found))


class _Checker:
    """Walks a tree once and collects what is wrong; None is the kind of what was refused."""

    def __init__(self, text: str, known: Mapping[str, Parameter]) -> None:
        self.text = text
        self.known = known
        self.found: list[str] = []

    def refuse(self, message: str) -> None:
        self.found.append(f"{self.text!r} {message}")

    def kind(self, tree: Expression) -> Kind | None:
        match tree:
            case Literal(value=value):
                return _constant_kind(value)
            case Name(name=name):
                return self.name_kind(name)
            case Arithmetic() | Negative() | Call():
                for child in children(tree):
                    self.number(child)
                return Kind.NUMBER
            case Compare():
                self.compare(tree)
            case Membership():
                self.membership(tree)
            case Not() | All() | Any():
                for child in children(tree):
                    self.truth(child)
            case _:
                assert_never(tree)
        return Kind.TRUTH

    def name_kind(self, name: str) -> Kind | None:
        parameter = self.known.get(name)
        if parameter is None:
            names = ", ".join(self.known)
            self.refuse(f"names {name!r}, which is not a parameter; there are {names}")
            return None
        if not isinstance(parameter, Categorical):
            return Kind.NUMBER
        kinds = {_constant_kind(choice) for choice in parameter.choices}
        return kinds.pop() if kinds in ({Kind.TEXT}, {Kind.TRUTH}) else Kind.LABEL

    def truth(self, tree: Expression) -> None:
        kind = self.kind(tree)
        if kind not in (None, Kind.TRUTH):
            self.refuse(
                f"uses {_shown(tree)} as true or false, but it is {self.described(tree)}; "
                "compare it with something"
            )

    def number(self, tree: Expression) -> None:
        kind = self.kind(tree)
        if kind not in (None, Kind.NUMBER):
            self.refuse(f"needs a number, but {_shown(tree)} is {self.described(tree)}")

    def compare(self, tree: Compare) -> None:
        if self.is_unquoted_label(tree.left, tree.right):
            return
        left, right = self.kind(tree.left), self.kind(tree.right)
        if left is None or right is None:
            return
        if tree.comparison not in (Comparison.EQUAL, Comparison.NOT_EQUAL):
            for side, kind in ((tree.left, left), (tree.right, right)):
                if kind is not Kind.NUMBER:
                    self.refuse(
                        f"orders {_shown(side)} by {tree.comparison.value}, but it is "
                        f"{self.described(side)}; only numbers have an order"
                    )
            return
        self.continuum(tree.left, tree.right)
        if isinstance(tree.right, Literal):
            self.can_equal(tree.left, left, tree.right.value)
        elif isinstance(tree.left, Literal):
            self.can_equal(tree.right, right, tree.left.value)
        elif left is not right and Kind.LABEL not in (left, right):
            self.refuse(
                f"compares {_shown(tree.left)} ({left.value}) "
                f"with {_shown(tree.right)} ({right.value})"
            )

    def is_unquoted_label(self, left: Expression, right: Expression) -> bool:
        """`optimizer == sgd`, where "sgd" was meant."""
        if not isinstance(left, Name) or not isinstance(right, Name):
            return False
        for word, other in ((left.name, right.name), (right.name, left.name)):
            parameter = self.known.get(other)
            is_choice = isinstance(parameter, Categorical) and parameter.contains(word)
            if is_choice and word not in self.known:
                self.refuse(
                    f"names {word!r}, which is not a parameter but a choice of {other}; "
                    f'put it in quotes: "{word}"'
                )
                return True
        return False

    def membership(self, tree: Membership) -> None:
        kind = self.kind(tree.operand)
        if kind is not None:
            self.continuum(tree.operand)
            for option in tree.options:
                self.can_equal(tree.operand, kind, option)

    def can_equal(self, tree: Expression, kind: Kind, constant: Constant) -> None:
        """Refuses a constant of another kind, and a label that does not exist."""
        parameter = self.known.get(tree.name) if isinstance(tree, Name) else None
        if isinstance(parameter, Categorical):
            if not parameter.contains(constant):
                self.refuse(
                    f"compares {parameter.name} with {constant!r}, which it never is; "
                    f"it is {parameter.describe()}"
                )
        elif kind is not _constant_kind(constant):
            self.refuse(f"compares {_shown(tree)} ({kind.value}) with {constant!r}")

    def continuum(self, *sides: Expression) -> None:
        free = [name for side in sides for name in _free(side, self.known)]
        if free:
            self.refuse(
                f"asks whether a value made of {free[0]} is equal to something, and {free[0]} can "
                f"be any number of its range; give {free[0]} a step, or ask for an interval, such "
                f"as 0.1 <= {free[0]} <= 0.2"
            )

    def described(self, tree: Expression) -> str:
        parameter = self.known.get(tree.name) if isinstance(tree, Name) else None
        if isinstance(parameter, Categorical):
            return f"categorical ({parameter.describe()})"
        match tree:
            case Literal(value=value):
                return _constant_kind(value).value
            case Name() | Arithmetic() | Negative() | Call():
                return Kind.NUMBER.value
            case _:
                return Kind.TRUTH.value


def _constant_kind(value: Constant) -> Kind:
    if isinstance(value, bool):
        return Kind.TRUTH
    return Kind.TEXT if isinstance(value, str) else Kind.NUMBER


def _free(tree: Expression, known: Mapping[str, Parameter]) -> list[str]:
    """The continuous parameters that `tree` follows without jumps; `//` leaves whole numbers."""
    match tree:
        case Name(name=name):
            parameter = known.get(name)
            return [name] if isinstance(parameter, Double) and parameter.levels is None else []
        case Arithmetic(operator=Operator.FLOOR_DIVIDE):
            return []
        case _:
            return [name for child in children(tree) for name in _free(child, known)]


def _shown(tree: Expression) -> str:
    match tree:
        case Literal(value=value):
            return repr(value)
        case Name(name=name):
            return name
        case _:
            return "a part of it"
