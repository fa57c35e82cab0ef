"""Reading on in a file that grows."""

import os
from pathlib import Path

import pytest

from dowse.runtime.collectors import lines
from dowse.runtime.collectors.lines import Tail


def read(tail: Tail) -> list[bytes]:
    """All that is new."""
    found: list[bytes] = []
    while (new := tail.read()) is not None:
        found += [line for _, line in new.lines]
    return found


def test_a_missing_file_has_nothing_new(tmp_path: Path) -> None:
    assert Tail(str(tmp_path / "none")).read() is None


def test_each_line_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one\ntwo\n")
    tail = Tail(str(path))
    new = tail.read()
    assert new is not None
    assert (new.lines, new.offset) == (((0, b"one"), (4, b"two")), 8)
    assert tail.read() is None
    with path.open("ab") as file:
        file.write(b"three\n")
    assert read(tail) == [b"three"]


def test_reading_goes_on_at_a_stored_position(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one\ntwo\n")
    assert read(Tail(str(path), 4)) == [b"two"]


def test_a_line_without_its_newline_waits(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0.12")
    tail = Tail(str(path))
    assert tail.read() is None
    assert tail.unfinished()
    path.write_bytes(b"0.123\n")
    assert read(tail) == [b"0.123"]
    assert not tail.unfinished()


def test_a_file_that_became_shorter_is_read_from_its_start(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one\ntwo\n")
    tail = Tail(str(path))
    read(tail)
    path.write_bytes(b"new\n")
    new = tail.read()
    assert new is not None
    assert new.lines == ((0, b"new"),)
    assert new.notes == ("file became shorter: it is read from its start, for lines are appended",)


def test_a_file_rewritten_to_the_same_size_is_read_again_where_that_is_expected(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0.1\n")
    expecting, trusting = Tail(str(path), may_be_rewritten=True), Tail(str(path))
    assert read(expecting) == read(trusting) == [b"0.1"]
    path.write_bytes(b"0.2\n")
    assert read(expecting) == [b"0.2"]
    assert read(trusting) == []


def test_a_line_that_is_too_long_is_left_out_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "AT_ONCE", 100)
    path = tmp_path / "file"
    path.write_bytes(b"a\n" + b"x" * 1000 + b"\nb\n")
    tail = Tail(str(path))
    notes: list[str] = []
    found: list[bytes] = []
    while (new := tail.read()) is not None:
        found += [line for _, line in new.lines]
        notes += new.notes
        tail = Tail(str(path), new.offset)  # As after a restart, wherever that comes.
    assert found == [b"a", b"b"]
    assert notes == ["a line of more than 100 bytes was left out"]


def test_a_huge_line_needs_little_memory_and_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)  # A hole: a line of zero bytes that costs no disk.
        file.seek(0, 2)
        file.write(b"\nlast\n")
    tail = Tail(str(path), 990_000_000)  # Inside the line, as after many reads.
    assert read(tail) == [b"last"]


def test_lines_around_the_size_of_a_read_are_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "AT_ONCE", 16)
    for length in range(1, 16):
        path = tmp_path / f"file{length}"
        expected = [bytes([65 + index]) * length for index in range(9)]
        path.write_bytes(b"".join(line + b"\n" for line in expected))
        assert read(Tail(str(path))) == expected


def test_a_pipe_in_the_place_of_a_file_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        tail = Tail(str(tmp_path / name))
        assert tail.read() is None
        assert not tail.unfinished()
