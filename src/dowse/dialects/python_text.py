"""A Python literal, as job descriptions in notebooks are written, to a located tree.

Only the syntax tree is looked at; nothing of it is ever executed.
"""

from __future__ import annotations

import ast
import re
import warnings

from dowse.dialects.located import Entry, Mapping, Node, Sequence, check_depth
from dowse.dialects.scalars import from_value
from dowse.errors import Location

_BEGINNING = re.compile(r"(?:\s|#[^\n]*\n)*(?:[A-Za-z_]\w*\s*=\s*)?\{")


def parse(text: str, file: str) -> Node | None:
    """The tree of a text that is one dict, perhaps assigned to a name; else None."""
    if not _BEGINNING.match(text):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes in somebody's text
            module = ast.parse(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    match module.body:
        case [ast.Expr(value=ast.Dict() as tree)] | [
            ast.Assign(targets=[ast.Name()], value=ast.Dict() as tree)
        ]:
            skipped = len(text) - len(text.lstrip())
            reader = _Reader(file, text.strip().split("\n"), text.count("\n", 0, skipped))
            try:
                return reader.node(tree, 1)
            except _NotALiteral:
                return None
    return None


class _NotALiteral(Exception):
    """The text computes something, or it is a mapping of YAML that looks like Python."""


class _Reader:
    def __init__(self, file: str, lines: list[str], lines_before: int) -> None:
        self._file = file
        self._lines = lines
        self._before = lines_before

    def node(self, tree: ast.expr, depth: int) -> Node:
        place = self._place(tree)
        check_depth(depth, place)
        match tree:
            case ast.Dict():
                entries = [
                    self._entry(key, value, depth)
                    for key, value in zip(tree.keys, tree.values, strict=True)
                ]
                return Mapping(tuple(entries), place)
            case ast.List() | ast.Tuple():
                return Sequence(tuple(self.node(item, depth + 1) for item in tree.elts), place)
            case ast.Constant(value=bool() | int() | float() | str() | None as value):
                return from_value(value, place)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return from_value(-value, place)
        raise _NotALiteral

    def _entry(self, key: ast.expr | None, value: ast.expr, depth: int) -> Entry:
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise _NotALiteral
        return Entry(key.value, self.node(value, depth + 1), self._place(key))

    def _place(self, tree: ast.expr) -> Location:
        # The syntax tree counts columns in UTF-8 bytes.
        line = self._lines[tree.lineno - 1].encode()[: tree.col_offset].decode(errors="replace")
        return Location(file=self._file, line=tree.lineno + self._before, column=len(line) + 1)
