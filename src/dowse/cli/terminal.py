"""Writing to a terminal, a file or a pipe that may vanish: problems, colours, one JSON document."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from dowse.errors import DowseError, InvalidInput, Problem, Severity, Unavailable

RED = "31"
GREEN = "32"
YELLOW = "33"
BOLD = "1"
DIM = "2"


class SteadyStream:
    """A stream whose reader may leave: what can no longer be written is dropped in silence.

    A closed terminal must not end the waiting for trials.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream: TextIO | None = stream
        self.encoding = stream.encoding

    def write(self, text: str) -> int:
        if self._stream is not None:
            try:
                self._stream.write(text)
            except (OSError, ValueError):  # ValueError: somebody closed it.
                self._give_up(self._stream)
        return len(text)

    def flush(self) -> None:
        if self._stream is not None:
            try:
                self._stream.flush()
            except (OSError, ValueError):
                self._give_up(self._stream)

    def _give_up(self, stream: TextIO) -> None:
        lead_nowhere(stream)
        self._stream = None

    def isatty(self) -> bool:
        try:
            return self._stream is not None and self._stream.isatty()
        except (OSError, ValueError):
            return False

    def fileno(self) -> int:
        if self._stream is None:
            raise OSError("the stream is closed")
        return self._stream.fileno()


def is_terminal(stream: Any) -> bool:
    """Whether a person watches: then there is colour, and lines may be drawn again."""
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


def paint(text: str, code: str, stream: Any) -> str:
    if not is_terminal(stream) or os.environ.get("NO_COLOR"):
        return text
    return f"\x1b[{code}m{text}\x1b[0m"


def say(text: str = "") -> None:
    """A line on standard output. Raises Unavailable when it cannot be written."""
    put(text + "\n")


def put(text: str) -> None:
    """Text on standard output, as it is. Raises Unavailable when it cannot be written."""
    try:
        sys.stdout.write(text)
    except OSError as error:
        _on_output_error(error)


def flush_output() -> None:
    """To be done last: a full disk must not pass in silence. Raises Unavailable."""
    try:
        sys.stdout.flush()
    except OSError as error:
        _on_output_error(error)


def _on_output_error(error: OSError) -> None:
    lead_nowhere(sys.stdout)
    # EPIPE, EIO: nobody reads any more, and nobody is to be told.
    if error.errno not in (errno.EPIPE, errno.EIO):
        raise Unavailable(f"standard output cannot be written: {error.strerror}") from None


def lead_nowhere(stream: TextIO) -> None:
    """What a stream still holds, and what follows, goes nowhere.

    Otherwise Python would try to write it once more when it exits, and exit with 120.
    """
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def tell(text: str = "") -> None:
    """A line on standard error."""
    stream = SteadyStream(sys.stderr)
    stream.write(text + "\n")
    stream.flush()


def print_document(document: Any) -> None:
    """The one JSON document of `--json`. ASCII only: it survives every pipe and locale."""
    say(json.dumps(document, indent=2, allow_nan=False))


def tell_problems(problems: Iterable[Problem]) -> None:
    """One line on standard error for each; warnings say that they are warnings."""
    for problem in problems:
        if problem.severity is Severity.WARNING:
            tell(paint(f"warning: {_one_line(problem)}", YELLOW, sys.stderr))
        else:
            tell(paint(_one_line(problem), RED, sys.stderr))


def tell_error(error: DowseError) -> None:
    if isinstance(error, InvalidInput):
        tell_problems(error.problems)
    else:
        tell(paint(printable(str(error)), RED, sys.stderr))


def _one_line(problem: Problem) -> str:
    return printable(str(problem))


def printable(text: str) -> str:
    """Text from a file or a program without what would steer the terminal."""
    kept = (letter if letter.isprintable() or letter in "\t" else " " for letter in text)
    return "".join(kept)
