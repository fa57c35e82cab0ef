"""Streams that outlive their readers."""

import errno
import io
import os

import pytest

from dowse.cli import terminal
from dowse.cli.terminal import SteadyStream
from dowse.errors import InvalidInput, Problem, Severity, Unavailable


class Hangup(io.StringIO):
    """A terminal that was closed."""

    def write(self, text: str) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_what_a_closed_terminal_cannot_take_is_dropped() -> None:
    steady = SteadyStream(Hangup())
    assert steady.write("word") == 4
    steady.flush()
    assert steady.write("word") == 4
    assert not steady.isatty()
    with pytest.raises(OSError, match="the stream is closed"):
        steady.fileno()


def test_an_open_stream_is_written_to() -> None:
    text = io.StringIO()
    SteadyStream(text).write("word")
    assert text.getvalue() == "word"


def test_each_problem_is_a_line_and_a_warning_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [
        Problem(path="a", message="is wrong\nhere"),
        Problem(path="b", message="is odd", severity=Severity.WARNING),
    ]
    terminal.tell_error(InvalidInput(problems))
    assert capsys.readouterr().err == "a: is wrong here\nwarning: b: is odd\n"
    terminal.tell_error(Unavailable("nobody is there"))
    assert capsys.readouterr().err == "nobody is there\n"


def test_a_document_survives_any_locale(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_document({"name": "größe"})
    assert capsys.readouterr().out == '{\n  "name": "gr\\u00f6\\u00dfe"\n}\n'
