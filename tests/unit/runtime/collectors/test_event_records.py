"""The framing of event files."""

from pathlib import Path

import pytest

from dowse.runtime.collectors.event_records import (
    CHECKED,
    LONGEST,
    Flaw,
    crc32c,
    masked_crc,
    records,
)
from tests.unit.runtime.collectors.event_files import record


@pytest.mark.parametrize(
    ("data", "checksum"),
    [
        # The test vectors of RFC 3720, appendix B.4.
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(range(31, -1, -1)), 0x113FDB5C),
        (b"123456789", 0xE3069283),
    ],
)
def test_crc32c_agrees_with_the_published_values(data: bytes, checksum: int) -> None:
    assert crc32c(data) == checksum


def test_the_mask_agrees_with_a_file_that_tensorflow_wrote(fixture_files: list[Path]) -> None:
    assert len(fixture_files) == 4
    for path in fixture_files:
        with path.open("rb") as file:
            found = list(records(file, 0))
        assert found
        assert all(one.flaw is None for one in found)
        assert found[-1].end == path.stat().st_size


def read(path: Path, start: int = 0, *, is_complete: bool = False) -> list[tuple[bytes, str]]:
    with path.open("rb") as file:
        return [
            (one.data, one.flaw.value if one.flaw else "")
            for one in records(file, start, is_complete=is_complete)
        ]


def test_a_cut_record_is_not_there_yet(tmp_path: Path) -> None:
    whole = record(b"one") + record(b"two")
    path = tmp_path / "file"
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        expected = [(b"one", ""), (b"two", "")][: cut // len(record(b"one"))]
        assert read(path) == expected


def test_a_corrupt_record_is_skipped(tmp_path: Path) -> None:
    bad = bytearray(record(b"two"))
    bad[13] ^= 1
    path = tmp_path / "file"
    path.write_bytes(record(b"one") + bad + record(b"three"))
    assert read(path) == [(b"one", ""), (b"", "corrupt"), (b"three", "")]


def test_a_corrupt_last_record_may_still_be_written_until_the_file_is_complete(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file"
    path.write_bytes(record(b"one")[:-1] + b"?")
    assert read(path) == []
    assert read(path, is_complete=True) == [(b"", "corrupt")]


def test_behind_a_corrupt_length_nothing_can_be_read(tmp_path: Path) -> None:
    bad = bytearray(record(b"two"))
    bad[1] ^= 1
    path = tmp_path / "file"
    path.write_bytes(record(b"one") + bad + record(b"three"))
    with path.open("rb") as file:
        found = list(records(file, 0))
    assert [one.flaw for one in found] == [None, Flaw.LOST]
    assert found[1].end == found[0].end


def test_a_huge_record_is_skipped_unread(tmp_path: Path) -> None:
    length = (LONGEST + 1).to_bytes(8, "little")
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.write(length + masked_crc(length).to_bytes(4, "little"))
        file.seek(LONGEST + 1 + 4, 1)
        file.write(record(b"next"))
    assert read(path) == [(b"", "too_long"), (b"next", "")]


def test_a_long_record_is_read_without_its_checksum(tmp_path: Path) -> None:
    data = b"x" * (CHECKED + 1)
    path = tmp_path / "file"
    path.write_bytes(record(data)[:-4] + b"none" + record(b"next"))
    assert read(path) == [(data, ""), (b"next", "")]
