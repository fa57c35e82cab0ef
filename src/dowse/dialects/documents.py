"""From what a caller hands over to one located tree: text in three notations, or a mapping."""

from __future__ import annotations

import json
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dowse.dialects import python_text, yaml_text
from dowse.dialects.located import (
    MAX_BYTES,
    Entry,
    Mapping,
    Node,
    Sequence,
    check_depth,
    duplicate_problems,
    nested,
    refuse,
)
from dowse.dialects.reader import Log
from dowse.dialects.scalars import from_value
from dowse.errors import InvalidInput, Location, Problem, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`text` is kept with the job, to be shown as it was written."""

    root: Mapping
    text: str
    warnings: tuple[Problem, ...] = ()

    def begin_log(self) -> Log:
        """The log of one reading: it begins with what was odd about the text itself."""
        log = Log()
        for warning in self.warnings:
            log.add(warning.path, warning.message, warning.location, warning.severity)
        return log


def load(source: str | AnyMapping[str, Any], file: str) -> Document:
    """Raises InvalidInput when the source is not one mapping of texts, numbers and lists."""
    if not isinstance(source, str):
        root = _from_values(source, "", 1)
        text = json.dumps(source, ensure_ascii=False, indent=2, default=str)
        _check_size(len(text.encode(errors="replace")), None)
        return Document(root=_checked(root), text=text)
    beginning = Location(file=file, line=1, column=1)
    _check_size(len(source.encode(errors="replace")), beginning)
    text = source.removeprefix("\ufeff")
    if not _is_json(text) and (tree := python_text.parse(text, file)) is not None:
        note = Problem(
            path="",
            message="is a Python literal; it was read as one, but YAML or JSON is safer to keep",
            severity=Severity.WARNING,
            location=beginning,
        )
        return Document(root=_checked(tree), text=text, warnings=(note,))
    return Document(root=_checked(yaml_text.parse(text, file)), text=text)


def read_text(path: Path) -> str:
    """The text of a job file. Raises InvalidInput when it cannot be read as text."""
    beginning = Location(file=str(path), line=1, column=1)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = f"{path}: cannot be read: {reason}; give the path of a job file"
        raise InvalidInput(message) from None
    _check_size(len(content), beginning)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        place = Location(file=str(path), line=line, column=column)
        byte = content[error.start]
        raise refuse(place, f"is not text in UTF-8: byte 0x{byte:02x}; save it as UTF-8") from None


def _check_size(size: int, place: Location | None) -> None:
    if size > MAX_BYTES:
        raise refuse(place, f"is larger than {MAX_BYTES // 1024} KiB; a job file is a few lines")


def _checked(root: Node) -> Mapping:
    log = Log()
    for problem in duplicate_problems(root):
        log.add(problem.path, problem.message, problem.location)
    log.raise_errors()
    if not isinstance(root, Mapping):
        message = f"must be a mapping, lines such as `key: value`, got {root.kind}: {root}"
        raise refuse(root.location, message)
    return root


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith("{"):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _from_values(value: object, path: str, depth: int) -> Node:
    """The tree of Python values; they have no places."""
    if depth > 1:
        check_depth(depth, None)
    match value:
        case None | bool() | int() | float() | str():
            return from_value(value, None)
        case AnyMapping():
            entries = [_entry(key, item, path, depth + 1) for key, item in value.items()]
            return Mapping(tuple(entries), None)
        case list() | tuple():
            items = [
                _from_values(item, f"{path}[{index}]", depth + 1)
                for index, item in enumerate(value)
            ]
            return Sequence(tuple(items), None)
    message = f"must be text, a number, a boolean, a list or a mapping, got {value!r:.80}"
    raise refuse(None, message, path)


def _entry(key: object, value: object, path: str, depth: int) -> Entry:
    if not isinstance(key, str):
        raise refuse(None, f"has the key {key!r:.80}; a key is text", path)
    return Entry(key, _from_values(value, nested(path, key), depth), None)
