from __future__ import annotations

import os
from pathlib import Path

import pytest

from dowse.runtime.copying import copy_file


@pytest.mark.parametrize("size", [0, 1, 1 << 17, (1 << 17) + 1, 3_000_000])
def test_a_copy_has_the_contents_the_permissions_and_the_time(tmp_path: Path, size: int) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(os.urandom(size))
    source.chmod(0o751)
    os.utime(source, ns=(1_000_000_007, 2_000_000_009))
    assert copy_file(str(source), str(target), source.stat()) == size
    assert target.read_bytes() == source.read_bytes()
    assert target.stat().st_mode == source.stat().st_mode
    assert target.stat().st_mtime_ns == 2_000_000_009


def test_a_copy_is_a_file_of_its_own(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(bytes(1_000_000))
    copy_file(str(source), str(target), source.stat())
    with target.open("r+b") as file:
        file.write(b"changed")
    assert source.read_bytes() == bytes(1_000_000)


def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_text("new")
    target.write_text("old")
    with pytest.raises(FileExistsError):
        copy_file(str(source), str(target), source.stat())
    assert target.read_text() == "old"
