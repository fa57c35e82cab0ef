"""Every error that Dowse raises on purpose, classed by what the caller should do about it.

    InvalidInput     mend the input; nothing was created or changed
      AlreadyExists  choose another name, or continue what exists
    NotFound         look at the names that exist
    Conflict         read again, then decide again
    Unavailable      the same request may succeed later
    Refused          the request is understood and will never be granted as it stands

A programming mistake is none of these and is not caught anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place in a text; `line` and `column` count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, or worth knowing, about an input.

    `path` leads into the document (`parameters.lr.min`); `message` says what is wrong, with the
    value, and what would be right.
    """

    path: str
    message: str
    severity: Severity = Severity.ERROR
    location: Location | None = None

    def __str__(self) -> str:
        places = [str(place) for place in (self.location, self.path) if place]
        return ": ".join([*places, self.message])


class DowseError(Exception):
    """Base of all errors of Dowse."""

    @property
    def message(self) -> str:
        return str(self)


class InvalidInput(DowseError):
    """The input cannot be accepted; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem] | str) -> None:
        if isinstance(problems, str):
            problems = (Problem(path="", message=problems),)
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class AlreadyExists(InvalidInput):
    """A name is taken."""


class NotFound(DowseError):
    """What was named does not exist."""


class Conflict(DowseError):
    """The stored state is not the one this change starts from."""


class Unavailable(DowseError):
    """A resource that is needed does not answer now."""


class Refused(DowseError):
    """The request can never be granted in the present state."""


class DiskFull(Unavailable):
    """No space is left for what must be written; it is Unavailable until somebody makes room."""
