"""Logs are read in whole characters, from anywhere, while they grow."""

from __future__ import annotations

from pathlib import Path

import pytest

from dowse.service import logs
from dowse.service.logs import read_log

TEXT = "ab é 步 🚀 끝\n"


def test_a_character_that_is_only_half_written_comes_with_the_next_piece(tmp_path: Path) -> None:
    path = tmp_path / "log"
    whole = TEXT.encode()
    for size in range(1, len(whole)):
        path.write_bytes(whole[:size])
        first, offset = read_log(path)
        path.write_bytes(whole)
        rest, end = read_log(path, offset=offset)
        assert (first + rest, end) == (whole, len(whole))
        if size > 1:
            assert "\ufffd" not in first.decode(errors="replace") + rest.decode(errors="replace")


def test_a_tail_begins_with_a_whole_character(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(TEXT.encode())
    for tail in range(1, len(TEXT.encode())):
        data, end = read_log(path, tail=tail)
        assert TEXT.endswith(data.decode())
        assert end == len(TEXT.encode())


def test_bytes_that_never_become_a_character_are_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"ok\xe6")
    data, offset = read_log(path)
    assert (data, offset) == (b"ok", 2)
    assert read_log(path, offset=offset) == (b"\xe6", 3)
    path.write_bytes(b"\x80\x80\x80\x80\x80")
    assert read_log(path, tail=4) == (b"\x80\x80\x80\x80", 5)


def test_an_answer_ends_between_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_LOG_BYTES", 7)
    path = tmp_path / "log"
    path.write_bytes(("步" * 10).encode())
    assert read_log(path) == ("步步".encode(), 6)
