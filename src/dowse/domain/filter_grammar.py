"""From the text of a filter to its tree, with errors that point at the column.

    filter    = [either]
    either    = both {"or" both}
    both      = negation {["and"] negation}
    negation  = "not" negation | "(" either ")" | clause
    clause    = field ("=" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "~" | ":") value
              | value ("<" | "<=" | ">" | ">=") field [("<" | "<=" | ">" | ">=") value]
              | field ["not"] "in" "(" value {"," value} ")"     (or square brackets)
              | field "is" ["not"] "missing"
              | word                                             (the loose field contains it)
    field     = [space "."] (word | quoted) ["." aspect] ["@" "step" "=" number]
    value     = word | quoted

A word is anything without blanks and without the signs above; names with others stand in backticks
or quotes. `web/src/filter` reads the same language, and one table of cases tests both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NoReturn

from dowse.domain.conditions import Comparison
from dowse.domain.filter_tree import (
    AnyOf,
    Compares,
    Every,
    FieldName,
    Filter,
    Given,
    IsIn,
    IsMissing,
    Matches,
    Negated,
    refuse,
)

MAX_CHARACTERS = 4_096
MAX_DEPTH = 40
SPACES = ("params", "metrics", "labels")
LOOSE = ""
"""The name of the field that a word alone is looked for in."""

_WORDS = ("and", "or", "not", "in", "is", "missing")
_SIGNS = {"=": "=", "==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_COMPARISONS = {"=": Comparison.EQUAL} | {
    one.value: one for one in Comparison if one.value in _SIGNS
}
_ORDERED = ("<", "<=", ">", ">=")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)
    |(?P<sign>==|!=|<=|>=|[<>=~:()\[\],@])
    |(?P<word>[^\s"'`<>=!~:()\[\],@]+))""",
    re.VERBOSE,
)
_INSTEAD = {"&&": "and", "&": "and", "||": "or", "|": "or"}


@dataclass(frozen=True, slots=True)
class _Token:
    """`kind` is `quoted`, `sign`, `word`, `keyword` or `end`; `column` and `end` count from 1."""

    kind: str
    text: str
    column: int
    end: int


def parse_filter(text: str) -> Filter:
    """Raises InvalidInput, whose one problem has the column."""
    if len(text) > MAX_CHARACTERS:
        refuse(1, f"must have at most {MAX_CHARACTERS:,} characters, got {len(text):,}")
    return _Parser(_tokens(text)).whole()


def _tokens(text: str) -> list[_Token]:
    found = []
    place, end = 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            _refuse_character(text, place)
        kind = match.lastgroup or ""
        content = match[kind]
        column = match.start(kind) + 1
        if kind == "quoted":
            mark, content = content[0], content[1:-1]
            if mark != "`":
                content = re.sub(r"\\(.)", r"\1", content, flags=re.DOTALL)
        elif kind == "word" and content.lower() in _WORDS:
            kind, content = "keyword", content.lower()
        elif content in _INSTEAD:
            refuse(column, f"{content!r} has no meaning: write {_INSTEAD[content]!r}")
        found.append(_Token(kind, content, column, match.end() + 1))
        place = match.end()
    found.append(_Token("end", "", end + 1, end + 1))
    return found


def _refuse_character(text: str, place: int) -> NoReturn:
    column = place + len(text[place:]) - len(text[place:].lstrip()) + 1
    letter = text[column - 1]
    if letter == "!":
        refuse(column, "'!' has no meaning alone: write 'not', or '!=' to compare")
    refuse(column, f"a {letter} that is never closed: add {letter} at its end")


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.open = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.place]

    def take(self, *texts: str) -> _Token | None:
        """The next token, if it is one of these signs or keywords."""
        token = self.token
        if token.kind in ("sign", "keyword") and token.text in texts:
            self.place += 1
            return token
        return None

    def unexpected(self, right: str) -> NoReturn:
        token = self.token
        what = "the end" if token.kind == "end" else repr(token.text)
        refuse(token.column, f"{what} is not expected here: {right}")

    def whole(self) -> Filter:
        if self.token.kind == "end":
            return Every(())
        tree = self.either()
        if self.token.kind != "end":
            self.unexpected("'and' or 'or' joins two conditions")
        return tree

    def either(self) -> Filter:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def both(self) -> Filter:
        parts = [self.negation()]
        while self.take("and") or self.begins_clause():
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def begins_clause(self) -> bool:
        token = self.token
        return token.kind in ("word", "quoted") or token.text in ("(", "not")

    def negation(self) -> Filter:
        if self.take("not"):
            return Negated(self.nested(self.negation))
        if opening := self.take("("):
            inside = self.nested(self.either)
            if not self.take(")"):
                refuse(opening.column, "a bracket that is never closed: add ')'")
            return inside
        return self.clause()

    def nested(self, parse: Callable[[], Filter]) -> Filter:
        self.open += 1
        if self.open > MAX_DEPTH:
            refuse(self.token.column, f"nested too deeply: at most {MAX_DEPTH} levels")
        inside = parse()
        self.open -= 1
        return inside

    def clause(self) -> Filter:
        token = self.token
        if token.kind not in ("word", "quoted"):
            self.unexpected("a condition such as learning_rate < 0.01 belongs here")
        if token.kind == "word" and _NUMBER.fullmatch(token.text):
            following = self.tokens[self.place + 1]
            if following.kind == "sign" and following.text in _ORDERED:
                return self.turned_round()
        start = self.place
        field = self.field()
        if sign := self.take(*_SIGNS):
            return Compares(field, _COMPARISONS[_SIGNS[sign.text]], self.value())
        if sign := self.take("~", ":"):
            return Matches(field, self.value(), sign.text == "~")
        if self.take("is"):
            return self.missing(field)
        if self.take("in"):
            return IsIn(field, self.options())
        if self.token.text == "not" and self.tokens[self.place + 1].text == "in":
            self.place += 2
            return Negated(IsIn(field, self.options()))
        if self.place != start + 1:
            self.unexpected("a sign such as = or < belongs here")
        loose = FieldName(LOOSE, token.column)
        return Matches(loose, Given(token.text, token.column, token.kind == "quoted"), True)

    def turned_round(self) -> Filter:
        """`1e-4 < lr`, `1e-4 < lr <= 1e-2`."""
        low = self.value()
        sign = self.take(*_ORDERED)
        assert sign is not None
        field = self.field()
        first = Compares(field, _COMPARISONS[_MIRRORED[sign.text]], low)
        if second := self.take(*_ORDERED):
            return Every((first, Compares(field, _COMPARISONS[second.text], self.value())))
        return first

    def field(self) -> FieldName:
        token = self.token
        if token.kind not in ("word", "quoted"):
            self.unexpected("the name of a field belongs here")
        self.place += 1
        name = FieldName(token.text, token.column, token.kind == "quoted")
        if token.kind == "word":
            name = self.in_space(name, token)
        if self.token.kind == "word" and self.token.text[0] == "." and name.is_quoted:
            # Only an aspect may stand directly behind a quoted name.
            name = replace(name, name=name.name + self.token.text)
            self.place += 1
        return self.at_step(name)

    def in_space(self, name: FieldName, token: _Token) -> FieldName:
        space, dot, rest = token.text.partition(".")
        if not dot or space not in SPACES:
            return name
        if rest:
            return replace(name, name=rest, space=space)
        following = self.token
        if following.kind == "quoted" and following.column == token.end:
            self.place += 1
            return replace(name, name=following.text, space=space, is_quoted=True)
        refuse(token.end, f"a name belongs behind {token.text!r}")

    def at_step(self, name: FieldName) -> FieldName:
        at = self.take("@")
        if at is None:
            return name
        end = self.tokens[-1]
        word, sign, number = [*self.tokens[self.place : self.place + 3], end, end][:3]
        if word.text != "step" or sign.text not in ("=", "=="):
            refuse(at.column, "'@' is followed by a step, as in val_loss@step=50")
        if not number.text.isascii() or not number.text.isdecimal():
            refuse(number.column, f"a step is a whole number, got {number.text!r}")
        self.place += 3
        return replace(name, step=int(number.text))

    def missing(self, field: FieldName) -> Filter:
        negated = self.take("not")
        if not self.take("missing"):
            self.unexpected("'is' is followed by 'missing' or 'not missing'")
        return Negated(IsMissing(field)) if negated else IsMissing(field)

    def options(self) -> tuple[Given, ...]:
        opening = self.take("(", "[")
        if opening is None:
            self.unexpected("'in' is followed by a list such as (adam, sgd)")
        closing = ")" if opening.text == "(" else "]"
        found = [self.value()]
        while self.take(","):
            found.append(self.value())
        if not self.take(closing):
            self.unexpected(f"values of a list are parted by ',' and end with {closing!r}")
        return tuple(found)

    def value(self) -> Given:
        token = self.token
        if token.kind not in ("word", "quoted"):
            self.unexpected('a value such as 0.01 or "adam" belongs here')
        self.place += 1
        return Given(token.text, token.column, token.kind == "quoted")
