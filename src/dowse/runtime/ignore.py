"""Which paths of a code folder are left out: patterns as in .gitignore.

`*` and `?` stop at a slash, `**` does not; a slash at the beginning or in the middle ties a
pattern to the root; one at the end makes it mean folders only; `!` takes paths back in; the last
pattern that fits decides. What lies in a folder that is left out is left out too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Rule:
    fits: re.Pattern[str]
    leaves_out: bool
    folders_only: bool


class Patterns:
    """Raises ValueError for a text that is no pattern."""

    def __init__(self, lines: Iterable[str]) -> None:
        rules = (_parsed(line) for line in lines)
        # The last one that fits decides, so that is where the search begins.
        self._rules = tuple(rule for rule in rules if rule is not None)[::-1]

    def leave_out(self, path: str, *, is_folder: bool) -> bool:
        """`path` is relative to the root, with slashes."""
        for rule in self._rules:
            if (is_folder or not rule.folders_only) and rule.fits.fullmatch(path):
                return rule.leaves_out
        return False


def _parsed(line: str) -> _Rule | None:
    line = _without_trailing_blanks(line.rstrip("\r\n"))
    if not line or line.startswith("#"):
        return None
    negated = line.startswith("!")
    pattern = line[1:] if negated else line
    folders_only = pattern.endswith("/")
    pattern = pattern.rstrip("/")
    if not pattern:
        return None
    anywhere = "" if "/" in pattern else "(?:.*/)?"
    expression = anywhere + _translated(pattern.lstrip("/"))
    try:
        return _Rule(re.compile(expression, re.DOTALL), not negated, folders_only)
    except re.error as error:
        raise ValueError(f"{line!r} is no pattern: {error}") from None


def _without_trailing_blanks(line: str) -> str:
    bare = line.rstrip(" \t")
    return bare + line[len(bare)] if bare.endswith("\\") and len(line) > len(bare) else bare


_PIECE = re.compile(r"/\*\*$|^\*\*/|/\*\*/|\*+|\?|\[[!^]?\]?[^\]/]*\]|\\.|.", re.DOTALL)


def _translated(pattern: str) -> str:
    return "".join(_translated_piece(piece) for piece in _PIECE.findall(pattern))


def _translated_piece(piece: str) -> str:
    match piece:
        case "/**":
            return "/.+"
        case "**/":
            return "(?:.*/)?"
        case "/**/":
            return "/(?:.*/)?"
        case "?":
            return "[^/]"
    if piece[0] == "*":
        return "[^/]*"
    if piece[0] == "[" and len(piece) > 1:
        inside = piece[1:-1]
        negation = "^/" if inside[0] in "!^" else ""
        inside = inside.lstrip("!^") if negation else inside
        return f"[{negation}{inside.replace('[', chr(92) + '[').replace(']', chr(92) + ']')}]"
    return re.escape(piece[1:] if len(piece) > 1 else piece)
