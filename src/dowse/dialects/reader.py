"""A typed cursor over a located tree that collects every problem instead of stopping at one.

A method that returns None has either found nothing or has put a problem into the log; the
caller goes on, and `Log.raise_errors` ends the reading.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Any, TypeVar

from dowse.dialects.located import Mapping, Node, Scalar, Sequence, nested
from dowse.dialects.scalars import number
from dowse.errors import InvalidInput, Location, Problem, Severity

T = TypeVar("T")

_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
"""Quoted booleans, and those of YAML 1.1."""


MAX_PROBLEMS = 100
"""Of each severity. Nobody reads more of one file, and a hostile one could make millions."""


class Log:
    """The problems of one reading, without repetitions, in the order of the document's lines."""

    def __init__(self) -> None:
        self._found: dict[Severity, dict[Problem, None]] = {one: {} for one in Severity}
        self.error_count = 0
        """Of all errors, kept or not: a reader that sees it grow has met one."""

    def add(
        self,
        path: str,
        message: str,
        location: Location | None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        found = self._found[severity]
        self.error_count += severity is Severity.ERROR
        if len(found) < MAX_PROBLEMS:
            problem = Problem(path=path, message=message, severity=severity, location=location)
            found[problem] = None

    @property
    def is_full(self) -> bool:
        """Whether further errors would not be kept."""
        return len(self._found[Severity.ERROR]) >= MAX_PROBLEMS

    @property
    def errors(self) -> tuple[Problem, ...]:
        return self._of(Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return self._of(Severity.WARNING)

    def _of(self, severity: Severity) -> tuple[Problem, ...]:
        found = sorted(self._found[severity], key=_by_place)
        if len(found) == MAX_PROBLEMS:
            message = f"there may be more {severity.value}s: {MAX_PROBLEMS} are shown"
            found.append(Problem(path="", message=message, severity=severity))
        return tuple(found)

    def raise_errors(self) -> None:
        if self.errors:
            raise InvalidInput(self.errors)


def _by_place(problem: Problem) -> tuple[int, int]:
    place = problem.location
    return (place.line, place.column) if place else (0, 0)


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean maxTrials?`, or the names that exist when none is near."""
    names = list(known)
    by_case = {candidate.lower(): candidate for candidate in names}
    near = difflib.get_close_matches(name.lower()[:100], by_case, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {by_case[near[0]]}?"
    return f"; there are {', '.join(names)}" if names else ""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of the document, with the path that leads to it."""

    node: Node
    path: str
    log: Log

    def error(self, message: str) -> None:
        self.log.add(self.path, message, self.node.location)

    def warn(self, message: str) -> None:
        self.log.add(self.path, message, self.node.location, Severity.WARNING)

    def _must(self, what: str) -> None:
        self.error(f"must be {what}, got {self.node}")

    def scalar(self, what: str) -> Scalar | None:
        if isinstance(self.node, Scalar) and self.node.value is not None:
            return self.node
        self._must(what)
        return None

    def text(self, what: str = "text") -> str | None:
        """Text as written: a number or a boolean keeps its spelling."""
        scalar = self.scalar(what)
        if scalar is None:
            return None
        if "\0" in scalar.raw:
            self.error("holds the character U+0000, which no program can be given")
            return None
        return scalar.raw

    def words(self, what: str = "text") -> str | None:
        """Text with something in it besides blanks."""
        text = self.text(what)
        if text is not None and not text.strip():
            self._must(f"{what} that is not empty")
            return None
        return text

    def number(self, what: str = "a number") -> int | float | None:
        scalar = self.scalar(what)
        if scalar is None:
            return None
        value = scalar.value
        if isinstance(value, str):
            meant = number(value.strip())
            if meant is None:
                self._must(what)
                return None
            self.warn(f"is text; it was read as the number {meant!r}")
            return meant
        if isinstance(value, bool) or value is None:
            self._must(what)
            return None
        if "_" in scalar.raw:
            self.warn(f"was read as the number {value!r}; write it without underscores")
        return value

    def finite(self, what: str = "a finite number") -> int | float | None:
        value = self.number(what)
        if value is not None and not math.isfinite(value):
            self._must(what)
            return None
        return value

    def integer(self, low: int | None = None, high: int | None = None) -> int | None:
        what = "a whole number" + _range(low, high)
        value = self.number(what)
        if value is None:
            return None
        if not math.isfinite(value) or value != int(value):
            self._must(what)
            return None
        if (low is not None and value < low) or (high is not None and value > high):
            self._must(what)
            return None
        return int(value)

    def boolean(self) -> bool | None:
        scalar = self.scalar("true or false")
        if scalar is None:
            return None
        if isinstance(scalar.value, bool):
            return scalar.value
        meant = _BOOLEANS.get(scalar.raw.strip().lower())
        if isinstance(scalar.value, str) and meant is not None:
            self.warn(f"is text; it was read as {str(meant).lower()}, got {self.node}")
            return meant
        self._must("true or false")
        return None

    def choice(self, options: AnyMapping[str, T]) -> T | None:
        """One of the names; another use of capitals is understood with a warning."""
        what = "one of " + ", ".join(options)
        text = self.text(what)
        if text is None:
            return None
        if text in options:
            return options[text]
        for name, option in options.items():
            if name.lower() == text.strip().lower():
                self.warn(f"was read as {name}, got {self.node}")
                return option
        self.error(f"must be {what}, got {self.node}{_near(text, options)}")
        return None

    def table(self, what: str = "a mapping") -> Table | None:
        if isinstance(self.node, Mapping):
            return Table(self.node, self.path, self.log)
        self._must(what)
        return None

    def items(self, what: str = "a list") -> list[Field] | None:
        if isinstance(self.node, Sequence):
            return [
                Field(item, f"{self.path}[{index}]", self.log)
                for index, item in enumerate(self.node.items)
            ]
        self._must(what)
        return None

    def texts(self, what: str = "a list of texts") -> tuple[str, ...] | None:
        items = self.items(what)
        if items is None:
            return None
        texts = [item.text() for item in items]
        return tuple(text for text in texts if text is not None)

    def text_map(self) -> dict[str, str]:
        """A mapping of names to texts; what is wrong in it is left out and reported."""
        table = self.table("a mapping of names to texts")
        pairs = [(key, field.text()) for key, field in table or ()]
        return {key: text for key, text in pairs if text is not None}

    def plain(self) -> Any:
        """The value as JSON has it: for settings whose owner checks them."""
        match self.node:
            case Scalar():
                return self.node.value
            case Sequence():
                return [Field(item, self.path, self.log).plain() for item in self.node.items]
            case Mapping():
                return {
                    entry.key: Field(entry.value, self.path, self.log).plain()
                    for entry in self.node.entries
                }


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping of the document. A key whose value is null counts as absent."""

    node: Mapping
    path: str
    log: Log

    def get(self, key: str) -> Field | None:
        value = self.node.get(key)
        if value is None or (isinstance(value, Scalar) and value.value is None):
            return None
        return Field(value, nested(self.path, key), self.log)

    def required(self, key: str, what: str) -> Field | None:
        """`what` says what belongs there."""
        field = self.get(key)
        if field is None:
            self.log.add(nested(self.path, key), f"is missing; {what}", self.node.location)
        return field

    def __iter__(self) -> Iterator[tuple[str, Field]]:
        """Every key with its value, null or not."""
        for entry in self.node.entries:
            yield entry.key, Field(entry.value, nested(self.path, entry.key), self.log)

    def error(self, message: str) -> None:
        self.log.add(self.path, message, self.node.location)

    def warn(self, message: str) -> None:
        self.log.add(self.path, message, self.node.location, Severity.WARNING)

    def error_at(self, key: str, message: str) -> None:
        """A problem of the key itself, wherever its value stands."""
        place = next((e.location for e in self.node.entries if e.key == key), self.node.location)
        self.log.add(nested(self.path, key), message, place)

    def refuse_unknown(
        self, known: Iterable[str], hints: AnyMapping[str, str] | None = None
    ) -> None:
        """Every key must be known; `hints` say where a misplaced one belongs."""
        names = list(known)
        for entry in self.node.entries:
            if entry.key in names:
                continue
            if self.log.is_full:
                return
            hint = (hints or {}).get(entry.key)
            where = f"; {hint}" if hint else nearest(entry.key, names)
            message = f"is not a key that is known here{where}"
            self.log.add(nested(self.path, entry.key), message, entry.location)


def _near(text: str, options: Iterable[str]) -> str:
    """A hint only when a name is near: the options themselves were named already."""
    hint = nearest(text, options)
    return hint if "did you mean" in hint else ""


def _range(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f" of {low} or more"
    return "" if high is None else f" of at most {high}"


class Places:
    """From the paths that domain values complain of to the fields that hold the values."""

    def __init__(self) -> None:
        self._fields: dict[str, Field] = {}

    def put(self, path: str, field: Field | None) -> None:
        if field is not None:
            self._fields[path] = field

    def find(self, path: str) -> Field | None:
        """The field of a path, else that of the nearest path above it."""
        while path not in self._fields and "." in path:
            path = path.rpartition(".")[0]
        return self._fields.get(path)

    def report(self, problems: Iterable[Problem], fallback: Field) -> None:
        """Put problems of domain values into the log, at the place they speak of."""
        for problem in problems:
            field = self.find(problem.path)
            path = field.path if field else problem.path or fallback.path
            place = (field or fallback).node.location
            fallback.log.add(path, problem.message, place, problem.severity)
