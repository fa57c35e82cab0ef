from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dowse.runtime.capping import cap_log

NOTE = "[dowse: {} bytes in the middle of this log were left out]\n"


def test_a_log_within_the_limit_is_left_as_it_is(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("one\ntwo\n")
    assert cap_log(log, 8) == 0
    assert log.read_text() == "one\ntwo\n"


def test_a_log_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert cap_log(tmp_path / "log.txt", 8) == 0


def test_the_beginning_and_the_end_of_a_long_log_are_kept_in_whole_lines(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("".join(f"line {number:04}\n" for number in range(1000)))
    missing = cap_log(log, 100)
    lines = log.read_text().splitlines(keepends=True)
    assert lines[0] == "line 0000\n"
    assert lines[-1] == "line 0999\n"
    assert NOTE.format(missing) in lines
    kept = sum(len(line) for line in lines if line.startswith("line"))
    assert kept <= 100
    assert kept + missing == 10_000
    assert list(tmp_path.iterdir()) == [log]


def test_a_log_of_one_endless_line_is_cut_too(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_bytes(b"x" * 1000)
    cap_log(log, 100)
    assert log.stat().st_size < 200


@given(data=st.binary(max_size=400), limit=st.integers(1, 200))
def test_whatever_the_log_holds_little_more_than_the_limit_is_left(data: bytes, limit: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log.txt")
        log.write_bytes(data)
        missing = cap_log(log, limit)
        assert log.stat().st_size <= limit + 1 + len(NOTE) + 10
        assert missing >= 0
        if len(data) <= limit:
            assert log.read_bytes() == data
