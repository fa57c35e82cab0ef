"""YAML 1.2, and JSON as a part of it, to a located tree.

Built from ruamel.yaml's events: no constructor runs, and nothing recurses over the input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from dowse.dialects.located import Entry, Mapping, Node, Scalar, Sequence, check_depth, refuse
from dowse.dialects.scalars import meaning
from dowse.errors import InvalidInput, Location

_CONFLICT_MARKER = re.compile(r"(<{7}|>{7}|\|{7})( |$)|={7}$")
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)

_TRAILING_TABS = re.compile(r"[ \t]*\t[ \t]*(?=\r?$)", re.M)
_SEPARATING_TABS = re.compile(r"(?m)^(?: *- )* *(?:[\w.-]+:|-)(\t+)|^[^\"'\n]*?[^\s\"'](\t+)(?=#)")

_IN_WORDS = {
    "mapping values are not allowed here": "a key cannot stand here, check the indentation; a text "
    "that holds ': ' belongs in quotes",
    "could not find expected ':'": "a key without ':', check the indentation",
    "found unexpected end of stream": "a quote that is never closed",
}


def parse(text: str, file: str) -> Node:
    """Raises InvalidInput with line and column when the text is not one YAML document."""
    if odd := _UNPRINTABLE.search(text):
        code = f"U+{ord(odd.group()):04X}"
        raise refuse(_place(text, odd.start(), file), f"holds the control character {code}")
    try:
        return _tree(_TRAILING_TABS.sub("", text), file)
    except MarkedYAMLError as error:
        if "'\\t'" not in (error.problem or ""):
            raise _explained(error, text, file) from None
    # YAML allows tabs between tokens and ruamel.yaml does not: as many spaces mean the same.
    try:
        return _tree(_SEPARATING_TABS.sub(_as_spaces, _TRAILING_TABS.sub("", text)), file)
    except MarkedYAMLError as error:
        raise _explained(error, text, file) from None


def _tree(text: str, file: str) -> Node:
    # A parser keeps the state of the text it reads: each text gets its own.
    parser = YAML(typ="safe", pure=True)
    try:
        return _Builder(file).build(parser.parse(text))
    except MarkedYAMLError:
        raise
    except (YAMLError, ValueError, OverflowError, AttributeError) as error:
        # Escapes beyond Unicode and odd directives leave the parser as Python's own errors.
        raise refuse(Location(file=file, line=1, column=1), f"is not YAML: {error}") from None


class _Open:
    """A collection that is still being read; `key` is the entry whose value comes next."""

    def __init__(self, location: Location, *, is_mapping: bool) -> None:
        self.location = location
        self.is_mapping = is_mapping
        self.key: tuple[str, Location | None] | None = None
        self.entries: list[Entry] = []
        self.items: list[Node] = []

    def add(self, node: Node) -> None:
        if not self.is_mapping:
            self.items.append(node)
        elif self.key is None:
            if not isinstance(node, Scalar):
                raise refuse(node.location, f"uses {node.kind} as a key; a key is text")
            self.key = (node.raw, node.location)
        else:
            self.entries.append(Entry(self.key[0], node, self.key[1]))
            self.key = None

    def close(self) -> Node:
        if self.is_mapping:
            return Mapping(tuple(self.entries), self.location)
        return Sequence(tuple(self.items), self.location)


class _Builder:
    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._documents = 0

    def build(self, stream: Iterator[Any]) -> Node:
        for event in stream:
            self._take(event)
        if self._root is None:
            raise refuse(Location(file=self._file, line=1, column=1), "is empty")
        return self._root

    def _take(self, event: Any) -> None:
        mark = event.start_mark
        place = Location(file=self._file, line=mark.line + 1, column=mark.column + 1)
        match event:
            case ev.AliasEvent():
                message = f"uses the alias *{event.anchor}; write the value out instead"
                raise refuse(place, message)
            case ev.ScalarEvent():
                self._refuse_tag(event, place)
                self._add(self._scalar(event, place))
            case ev.MappingStartEvent() | ev.SequenceStartEvent():
                self._refuse_tag(event, place)
                self._open.append(_Open(place, is_mapping=isinstance(event, ev.MappingStartEvent)))
                check_depth(len(self._open), place)
            case ev.MappingEndEvent() | ev.SequenceEndEvent():
                self._add(self._open.pop().close())
            case ev.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise refuse(place, "begins a second document; a file holds one job")

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].add(node)
        else:
            self._root = node

    @staticmethod
    def _refuse_tag(event: Any, place: Location) -> None:
        if event.tag is not None:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            raise refuse(place, f"carries the tag {tag}; remove it, values need no tags")

    @staticmethod
    def _scalar(event: Any, place: Location) -> Scalar:
        text = _joined(event.value)
        if event.style in ("'", '"', "|", ">"):
            return Scalar(text, text, True, place)
        return Scalar(meaning(text), text, False, place)


def _joined(text: str) -> str:
    r"""JSON writes one character beyond U+FFFF as two escapes: `\ud83d\ude00`."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _place(text: str, index: int, file: str) -> Location:
    line_start = text.rfind("\n", 0, index) + 1
    return Location(file=file, line=text.count("\n", 0, index) + 1, column=index - line_start + 1)


def _explained(error: MarkedYAMLError, text: str, file: str) -> InvalidInput:
    """What is there, in words, at the line where reading stopped."""
    mark = error.problem_mark or error.context_mark
    if "end of stream" in (error.problem or "") and error.context_mark:
        mark = error.context_mark  # Where the quote was opened, not where the file ends.
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    for number, content in enumerate(lines):
        if _CONFLICT_MARKER.match(content.rstrip()):
            message = f"holds a git conflict marker: {content.strip()[:60]!r}; resolve the conflict"
            return refuse(Location(file=file, line=number + 1, column=1), message)
    there = lines[line] if line < len(lines) else ""
    return refuse(
        Location(file=file, line=line + 1, column=column + 1),
        f"is not YAML: {_reason(error, there, column)}",
    )


def _reason(error: MarkedYAMLError, line: str, column: int) -> str:
    problem = error.problem or error.context or "it cannot be read"
    problem = _IN_WORDS.get(problem, problem)
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent or "'\\t'" in problem:
        return f"the line is indented with a tab, use spaces: {line.strip()[:60]!r}"
    if "'`'" in problem:
        return f"a backtick cannot begin a value, put the text in quotes: {line.strip()[:60]!r}"
    opened = error.context_mark
    since = (
        f" ({error.context}, begun on line {opened.line + 1})" if opened and error.context else ""
    )
    shown = f": {line.strip()[:60]!r}" if line.strip() else ""
    return f"{problem}{since}{shown}"


def _as_spaces(match: re.Match[str]) -> str:
    return match.group().replace("\t", " ")
