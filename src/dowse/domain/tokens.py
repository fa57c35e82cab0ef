"""The words of a rule: numbers, texts, names and signs, each with its column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn

from dowse.errors import InvalidInput


class Kind(Enum):
    NUMBER = "number"
    TEXT = "text"
    NAME = "name"
    WORD = "word"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    column: int


_WORDS = frozenset({"and", "or", "not", "in", "if", "else", "True", "False", "true", "false"})
_NAME = r"[^\W\d]\w*(?:\.\w+)*"
_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])
    | (?P<name>{_NAME})
    | `(?P<quoted>[^`]*)`
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<sign>\*\*|//|==|!=|<=|>=|&&|\|\||=>|->|<>|[-+*/%<>()\[\],:=!&|^?{{}}])
    )""",
    re.VERBOSE,
)


def written(name: str) -> str:
    """A parameter's name as a rule holds it."""
    bare = re.fullmatch(_NAME, name) and name not in _WORDS
    return name if bare else f"`{name}`"


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    place = 0
    end = len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            _refuse_character(text, place)
        kind = match.lastgroup or ""
        content = match[kind]
        column = match.start(kind) + 1
        if kind == "quoted":
            if not content:
                refuse(text, column, "an empty name in backticks", "write the parameter's name")
            found.append(Token(Kind.NAME, content, column - 1))
        elif kind == "name" and content in _WORDS:
            found.append(Token(Kind.WORD, content, column))
        else:
            found.append(Token(Kind(kind), content, column))
        place = match.end()
    found.append(Token(Kind.END, "", end + 1))
    return found


def _refuse_character(text: str, place: int) -> NoReturn:
    column = place + len(text[place:]) - len(text[place:].lstrip()) + 1
    letter = text[column - 1]
    if letter in "\"'`":
        refuse(text, column, f"a {letter} that is never closed", f"add {letter} at its end")
    if letter.isdigit() or letter == ".":
        refuse(
            text,
            column,
            "not a number",
            "write numbers like 3, 0.5 or 1e-3, and names that begin with a digit in backticks",
        )
    refuse(
        text,
        column,
        f"{letter!r} has no meaning",
        "names with unusual characters stand in backticks: `my name`",
    )


def refuse(text: str, column: int, what: str, right: str) -> NoReturn:
    # A long rule is shown around the place that is wrong.
    start = max(0, column - 60) if len(text) > 120 else 0
    shown = text[start : start + 120]
    shown = f"{'…' if start else ''}{shown}{'…' if start + 120 < len(text) else ''}"
    raise InvalidInput(f"{what}, at column {column} of {shown!r}: {right}")
