import os
from pathlib import Path

import pytest

from dowse.errors import InvalidInput, NotFound
from dowse.service.beneath import Entry, all_files, entries, parts_of, reading, writing


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("no")
    return tmp_path / "root"


def write(root: Path, path: str, data: bytes = b"data") -> None:
    with writing(root, parts_of(path)) as file:
        file.write(data)


def read(root: Path, path: str) -> bytes:
    with reading(root, parts_of(path)) as file:
        return file.read()


def test_a_file_is_written_and_read_back_below_folders_that_are_made(root: Path) -> None:
    write(root, "a/b/c.txt", b"1")
    write(root, "a/b/c.txt", b"22")
    write(root, "a/中 %2e;x", b"333")
    assert read(root, "a/b/c.txt") == b"22"
    assert entries(root, ("a",)) == [Entry("b", None), Entry("中 %2e;x", 3)]
    assert all_files(root, limit=10) == [Entry("a/b/c.txt", 2), Entry("a/中 %2e;x", 3)]
    assert len(all_files(root, limit=1)) == 1
    assert entries(root, ("missing",)) == []
    assert entries(root / "missing", ()) == []


@pytest.mark.parametrize(
    "path",
    [
        "../secret",
        "a/../../secret",
        "/etc/passwd",
        "a//b",
        "a/",
        "./a",
        "a/.",
        "..",
        "a\\..\\b",
        "a\0b",
        "x" * 300,
        "a/" * 70 + "b",
        ".partial-x",
    ],
)
def test_what_is_not_plainly_a_path_downwards_is_refused(root: Path, path: str) -> None:
    with pytest.raises(InvalidInput, match=r"^path: .*got"):
        parts_of(path)


def test_a_percent_sign_is_a_letter_and_never_decoded_again(root: Path) -> None:
    write(root, "%2e%2e/x")
    assert [entry.path for entry in all_files(root, limit=9)] == ["%2e%2e/x"]


def test_no_link_is_followed_whether_to_a_file_or_a_folder(root: Path, tmp_path: Path) -> None:
    root.mkdir()
    (root / "out").symlink_to(tmp_path)
    (root / "file").symlink_to(tmp_path / "secret")
    for path in ("out/secret", "file"):
        with pytest.raises(NotFound):
            read(root, path)
    with pytest.raises(InvalidInput, match="'out' is in the way"):
        write(root, "out/new")
    write(root, "file", b"mine")
    assert read(root, "file") == b"mine"
    assert (tmp_path / "secret").read_text() == "no"
    assert not (tmp_path / "new").exists()
    assert entries(root, ()) == [Entry("file", 4)]
    assert entries(root, ("out",)) == []


def test_only_regular_files_are_read(root: Path) -> None:
    root.mkdir()
    os.mkfifo(root / "pipe")
    write(root, "folder/x")
    for path in ("pipe", "folder", "folder/x/y"):
        with pytest.raises(NotFound, match="there is no"):
            read(root, path)


def test_a_folder_is_not_replaced_by_a_file_nor_a_file_by_a_folder(root: Path) -> None:
    write(root, "folder/x")
    with pytest.raises(InvalidInput, match="is a folder"):
        write(root, "folder")
    with pytest.raises(InvalidInput, match="'x' is in the way"):
        write(root, "folder/x/y")


def test_an_upload_that_fails_leaves_what_was_there(root: Path) -> None:
    write(root, "a", b"before")

    def fail() -> None:
        with writing(root, ("a",)) as file:
            file.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert read(root, "a") == b"before"
    assert os.listdir(root) == ["a"]
