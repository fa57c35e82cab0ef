"""From text to an expression tree, with errors that point at the column.

    rule        = ["if" either ":"] either
    either      = both {"or" both}
    both        = negation {"and" negation}
    negation    = "not" negation | comparison
    comparison  = sum {("==" | "!=" | "<" | "<=" | ">" | ">=") sum | ["not"] "in" list}
    sum         = product {("+" | "-") product}
    product     = signed {("*" | "/" | "//" | "%") signed}
    signed      = ("-" | "+") signed | power
    power       = atom ["**" signed]
    atom        = number | text | boolean | name | function "(" … ")" | "(" either ")"
    list        = "[" constant {"," constant} "]", or the same in round brackets

A name is letters, digits, underscores and dots; any other stands in backticks: `batch-size`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

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
    depth,
)
from dowse.domain.tokens import Kind, Token, refuse, tokens
from dowse.errors import InvalidInput

MAX_CHARACTERS = 4_096
MAX_DEPTH = 200
"""Of a tree: it is walked by recursion. A sum of 200 terms is still allowed."""

MAX_BRACKETS = 40
"""Of brackets and signs inside one another; each costs the parser some ten Python frames."""

MAX_NUMBER = 1e300


_INSTEAD = {
    "=": "write '==' to compare",
    "&&": "write 'and'",
    "&": "write 'and'",
    "||": "write 'or'",
    "|": "write 'or'",
    "!": "write 'not'",
    "<>": "write '!='",
    "^": "write '**' for a power",
    "=>": "write 'if a: b' for an implication",
    "->": "write 'if a: b' for an implication",
    "?": "write 'if a: b' for an implication",
    "else": "write two rules, 'if a: b' and 'if not a: c'",
    "if": "an implication is the whole rule, 'if a: b'",
    "is": "write '=='",
    "{": "lists are written [1, 2]",
}


def parse_expression(text: str) -> Expression:
    """The tree of `text`. Raises InvalidInput."""
    if not isinstance(text, str):
        raise InvalidInput(f"must be text, got {text!r}")
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput(f"must have at most {MAX_CHARACTERS:,} characters, got {len(text):,}")
    if not text.strip():
        raise InvalidInput("must be an expression such as 'hidden % heads == 0', got nothing")
    parser = _Parser(text)
    tree = parser.rule()
    levels = depth(tree)
    if levels > MAX_DEPTH:
        raise InvalidInput(f"is nested too deeply: {levels} levels, at most {MAX_DEPTH}")
    return tree


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.place = 0
        self.open = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def take(self, *texts: str) -> Token | None:
        """The next token, if it is one of these words or signs."""
        token = self.token
        if token.kind in (Kind.WORD, Kind.SIGN) and token.text in texts:
            self.place += 1
            return token
        return None

    def need(self, sign: str, right: str) -> None:
        if self.take(sign) is None:
            self.unexpected(right)

    def unexpected(self, right: str) -> NoReturn:
        token = self.token
        if token.kind is Kind.END:
            refuse(self.text, token.column, "the text ends too early", right)
        hint = _INSTEAD.get(token.text, right) if token.kind is not Kind.TEXT else right
        refuse(self.text, token.column, f"{token.text!r} does not belong here", hint)

    def nested(self, parse: Callable[[], Expression]) -> Expression:
        self.open += 1
        if self.open > MAX_BRACKETS:
            right = f"at most {MAX_BRACKETS} brackets and signs inside one another"
            refuse(self.text, self.token.column, "nested too deeply", right)
        inside = parse()
        self.open -= 1
        return inside

    def rule(self) -> Expression:
        if self.take("if"):
            condition = self.truth(self.either)
            self.need(":", "an implication is written 'if a: b'")
            consequence = self.truth(self.either)
            tree: Expression = Any((Not(condition), consequence))
        else:
            tree = self.truth(self.either)
        if self.token.kind is not Kind.END:
            self.unexpected("an operator such as == or and is missing before it")
        return tree

    def truth(self, parse: Callable[[], Expression]) -> Expression:
        """What `parse` reads, which must be able to be true or false."""
        column = self.token.column
        tree = parse()
        kind = _never_truth(tree)
        if kind is not None:
            refuse(
                self.text,
                column,
                f"{kind} where something true or false is needed",
                "compare it with something, for example '== 0'",
            )
        return tree

    def either(self) -> Expression:
        return self.chain("or", self.both, Any)

    def both(self) -> Expression:
        return self.chain("and", self.negation, All)

    def chain(
        self, word: str, parse: Callable[[], Expression], join: type[All] | type[Any]
    ) -> Expression:
        start = self.place
        first = parse()
        if self.token.kind is not Kind.WORD or self.token.text != word:
            return first
        self.place = start
        parts = [self.truth(parse)]
        while self.take(word):
            parts.append(self.truth(parse))
        return join(tuple(parts))

    def negation(self) -> Expression:
        if self.take("not"):
            return Not(self.truth(lambda: self.nested(self.negation)))
        return self.comparison()

    def comparison(self) -> Expression:
        left = self.sum()
        links: list[Expression] = []
        while True:
            if sign := self.take("==", "!=", "<", "<=", ">", ">="):
                right = self.sum()
                links.append(Compare(Comparison(sign.text), left, right))
                left = right
            elif self.take("in"):
                links.append(Membership(left, self.options(), False))
            elif self.take("not"):
                if self.take("in") is None:
                    self.unexpected("'not' after a value is only part of 'not in'")
                links.append(Membership(left, self.options(), True))
            else:
                break
        if not links:
            return left
        return links[0] if len(links) == 1 else All(tuple(links))

    def options(self) -> tuple[Constant, ...]:
        opening = self.take("[", "(")
        if opening is None:
            self.unexpected('\'in\' is followed by a list such as [1, 2] or ["a", "b"]')
        closing = "]" if opening.text == "[" else ")"
        found: list[Constant] = []
        while not self.take(closing):
            if found:
                self.need(",", f"values of a list are parted by commas and end with {closing!r}")
            found.append(self.constant())
        if not found:
            refuse(self.text, opening.column, "an empty list", "name at least one value")
        return tuple(found)

    def constant(self) -> Constant:
        token = self.token
        if token.kind is Kind.NAME:
            refuse(
                self.text,
                token.column,
                f"{token.text} is a name inside a list",
                f'a list holds constants only; if it is a text, put it in quotes: "{token.text}"',
            )
        value = self.signed()
        if not isinstance(value, Literal):
            refuse(self.text, token.column, "not a constant", "a list holds constants only")
        return value.value

    def sum(self) -> Expression:
        return self.operators(("+", "-"), self.product)

    def product(self) -> Expression:
        return self.operators(("*", "/", "//", "%"), self.signed)

    def operators(self, signs: tuple[str, ...], parse: Callable[[], Expression]) -> Expression:
        column = self.token.column
        left = parse()
        while sign := self.take(*signs):
            self.number(left, column)
            column = self.token.column
            right = parse()
            self.number(right, column)
            left = Arithmetic(Operator(sign.text), left, right)
        return left

    def number(self, tree: Expression, column: int) -> None:
        """Refuses what can never be a number as an operand of arithmetic."""
        kind = _never_number(tree)
        if kind is not None:
            refuse(self.text, column, f"arithmetic with {kind}", "arithmetic needs numbers")

    def signed(self) -> Expression:
        sign = self.take("-", "+")
        if sign is None:
            return self.power()
        column = self.token.column
        operand = self.nested(self.signed)
        self.number(operand, column)
        if sign.text == "+":
            return operand
        if isinstance(operand, Literal) and not isinstance(operand.value, str):
            return Literal(-operand.value)
        return Negative(operand)

    def power(self) -> Expression:
        column = self.token.column
        base = self.atom()
        if not self.take("**"):
            return base
        self.number(base, column)
        column = self.token.column
        exponent = self.nested(self.signed)
        self.number(exponent, column)
        return Arithmetic(Operator.POWER, base, exponent)

    def atom(self) -> Expression:
        token = self.token
        match token.kind:
            case Kind.NUMBER:
                self.place += 1
                return Literal(self.value(token))
            case Kind.TEXT:
                self.place += 1
                return Literal(re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL))
            case Kind.NAME:
                self.place += 1
                return self.call(token) if self.take("(") else Name(token.text)
            case _:
                pass
        if word := self.take("True", "true", "False", "false"):
            return Literal(word.text in ("True", "true"))
        if self.take("("):
            inside = self.nested(self.either)
            self.need(")", "a bracket is never closed: add ')'")
            return inside
        self.unexpected("a name, a number or a text in quotes belongs here")

    def value(self, token: Token) -> int | float:
        value = int(token.text) if token.text.isdecimal() else float(token.text)
        if value > MAX_NUMBER:
            refuse(self.text, token.column, "a number beyond 1e300", "use a smaller one")
        return value

    def call(self, token: Token) -> Call:
        known = {function.value: function for function in Function}
        function = known.get(token.text)
        if function is None:
            right = f"there are {', '.join(known)}"
            refuse(self.text, token.column, f"{token.text!r} is not a function", right)
        arguments: list[Expression] = []
        while not self.take(")"):
            if arguments:
                self.need(",", "arguments are parted by commas and end with ')'")
            column = self.token.column
            arguments.append(self.nested(self.sum))
            self.number(arguments[-1], column)
        count = len(arguments)
        if function is Function.ABS and count != 1:
            refuse(self.text, token.column, f"abs with {count} arguments", "it takes one")
        if function is not Function.ABS and count < 2:
            what = f"{token.text} with {count} argument{'' if count == 1 else 's'}"
            refuse(self.text, token.column, what, "it takes two or more")
        return Call(function, tuple(arguments))


def _never_truth(tree: Expression) -> str | None:
    match tree:
        case Literal(value=bool()):
            return None
        case Literal(value=str()):
            return "a text"
        case Literal() | Arithmetic() | Negative() | Call():
            return "a number"
        case _:
            return None


def _never_number(tree: Expression) -> str | None:
    match tree:
        case Literal(value=bool()) | Compare() | Membership() | Not() | All() | Any():
            return "something true or false"
        case Literal(value=str()):
            return "a text"
        case _:
            return None
