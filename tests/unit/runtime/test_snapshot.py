"""Taking the code of a job, and copying it for a trial."""

import os
import shutil
import socket
import stat
from pathlib import Path

import pytest

from dowse.domain.spec import CodeSpec
from dowse.errors import InvalidInput, Refused
from dowse.runtime.snapshot import Snapshot, materialise, take_snapshot


def write(root: Path, *names: str, text: str = "text") -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write(folder, "train.py", "package/task.py", "data/train.csv")
    return folder


def take(root: Path, *, leave_out: tuple[Path, ...] = (), **code: tuple[str, ...]) -> Snapshot:
    spec = CodeSpec(root=str(root), **code)
    return take_snapshot(spec, root.parent / "job" / "code", leave_out=leave_out)


def names(folder: Path) -> set[str]:
    """Files and links."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }


def test_the_snapshot_holds_the_code(root: Path) -> None:
    snapshot = take(root)
    assert names(snapshot.directory) == {"train.py", "package/task.py", "data/train.csv"}
    assert (snapshot.files, snapshot.size, snapshot.notes) == (3, 12, ())
    assert sorted(os.listdir(snapshot.directory.parent)) == ["code"]


def test_what_no_trial_needs_is_left_out(root: Path) -> None:
    write(
        root,
        ".git/HEAD",
        "__pycache__/x.pyc",
        "package/__pycache__/y.pyc",
        "env/pyvenv.cfg",
        "env/bin/python",
        "conda/conda-meta/history",
        "node_modules/a/b.js",
        "logs/events.out.tfevents.1.host",
        "trained/by/dowse/x",
        ".gitignore",
    )
    snapshot = take(root, leave_out=(root / "trained",))
    assert names(snapshot.directory) == {
        "train.py",
        "package/task.py",
        "data/train.csv",
        ".gitignore",
    }


def test_a_data_directory_inside_the_code_does_not_swallow_itself(root: Path) -> None:
    destination = root / "state" / "code"
    take_snapshot(CodeSpec(root=str(root)), destination, leave_out=[root / "state"])
    assert names(destination) == {"train.py", "package/task.py", "data/train.csv"}


def test_an_ignore_file_and_the_job_exclude_paths(root: Path) -> None:
    (root / ".dowseignore").write_text("data/\n!__pycache__/\n")
    (root / ".gcloudignore").write_text("train.py\n")
    write(root, "__pycache__/kept.txt", "notes.md")
    snapshot = take(root, exclude=("*.md",))
    expected = {".dowseignore", ".gcloudignore", "train.py", "package/task.py"}
    assert names(snapshot.directory) == {*expected, "__pycache__/kept.txt"}


def test_gcloudignore_may_include_another_file(root: Path) -> None:
    (root / ".gcloudignore").write_text("#!include:.gitignore\n")
    (root / ".gitignore").write_text("data\n")
    assert "data/train.csv" not in names(take(root).directory)


def test_gitignore_is_not_obeyed(root: Path) -> None:
    (root / ".gitignore").write_text("data\n")
    assert "data/train.csv" in names(take(root).directory)


def test_permissions_and_times_are_kept(root: Path) -> None:
    script = root / "run.sh"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    (root / "train.py").chmod(0o640)
    os.utime(script, (1000, 2000))
    os.utime(root / "data", (1000, 3000))
    destination = root.parent / "trial"
    materialise(take(root).directory, destination)
    assert stat.S_IMODE((destination / "run.sh").stat().st_mode) == 0o755
    assert stat.S_IMODE((destination / "train.py").stat().st_mode) == 0o640
    assert (destination / "run.sh").stat().st_mtime == 2000
    assert (destination / "data").stat().st_mtime == 3000


def test_a_copy_shares_nothing_with_the_snapshot(root: Path) -> None:
    snapshot = take(root).directory
    one, two = root.parent / "1", root.parent / "2"
    materialise(snapshot, one)
    materialise(snapshot, two)
    (one / "train.py").write_text("changed")
    with (one / "data" / "train.csv").open("a") as file:
        file.write("more")
    assert (two / "train.py").read_text() == (snapshot / "train.py").read_text() == "text"
    assert (two / "data" / "train.csv").read_text() == "text"
    assert all(path.stat().st_nlink == 1 for path in one.rglob("*") if path.is_file())


@pytest.mark.parametrize("size", [0, 1, 131_071, 131_072, 131_073, 3_000_000])
def test_files_of_every_size_are_copied_whole(root: Path, size: int) -> None:
    content = os.urandom(size)
    (root / "blob").write_bytes(content)
    materialise(take(root).directory, root.parent / "trial")
    assert (root.parent / "trial" / "blob").read_bytes() == content


def test_later_changes_of_the_code_do_not_reach_trials(root: Path) -> None:
    snapshot = take(root).directory
    write(root, "train.py", text="changed")
    shutil.rmtree(root / "package")
    materialise(snapshot, root.parent / "trial")
    assert (root.parent / "trial" / "train.py").read_text() == "text"
    assert (root.parent / "trial" / "package" / "task.py").exists()


def test_a_linked_path_leads_to_the_original(root: Path) -> None:
    snapshot = take(root, link=("data/",))
    materialise(snapshot.directory, root.parent / "trial")
    linked = root.parent / "trial" / "data"
    assert os.readlink(linked) == str(root / "data")
    assert snapshot.size == 8


def test_a_link_wins_over_an_ignore_file(root: Path) -> None:
    snapshot = take(root, link=("data/train.csv",), exclude=("*.csv",))
    assert (snapshot.directory / "data" / "train.csv").is_symlink()


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("missing", "there is no 'missing' in"),
        ("../data", "must be a path below"),
        ("/etc", "must be a path below"),
        (".", "must be a path below"),
    ],
)
def test_a_link_that_cannot_be_is_refused(root: Path, link: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=rf"code\.link\[1\]: {words}"):
        take(root, link=("data", link))
    assert not (root.parent / "job").exists()


def test_symbolic_links_inside_the_code_stay_inside_the_copy(root: Path) -> None:
    (root / "relative").symlink_to("package/task.py")
    (root / "absolute").symlink_to(root / "data")
    (root / "package" / "up").symlink_to("../train.py")
    snapshot = take(root).directory
    destination = root.parent / "trial"
    materialise(snapshot, destination)
    for name in ("relative", "absolute", "package/up"):
        assert (destination / name).is_symlink()
        assert (destination / name).resolve().is_relative_to(destination)


def test_what_a_link_to_the_outside_leads_to_is_copied(root: Path) -> None:
    write(root.parent / "common", "helper.py", "deep/x.txt")
    (root / "helper.py").symlink_to("../common/helper.py")
    (root / "common").symlink_to(root.parent / "common")
    snapshot = take(root).directory
    for name in ("helper.py", "common/helper.py", "common/deep/x.txt"):
        assert (snapshot / name).read_text() == "text"
        assert not (snapshot / name).is_symlink()


def test_links_in_a_circle_and_to_nothing_are_left_out_with_a_note(root: Path) -> None:
    (root / "up").symlink_to("..")
    (root / "gone").symlink_to("../nothing")
    snapshot = take(root)
    assert names(snapshot.directory) == {"train.py", "package/task.py", "data/train.csv"}
    gone, up = snapshot.notes
    assert gone.startswith("gone is a link to nothing (")
    assert up.startswith("up leads to ")
    assert up.endswith(", which holds the code: left out of the code")


def test_sockets_and_pipes_are_left_out_with_a_note(root: Path) -> None:
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(root / "socket"))
        snapshot = take(root)
    assert snapshot.notes == (
        "pipe is no file, folder or link: left out of the code",
        "socket is no file, folder or link: left out of the code",
    )


def test_too_much_code_is_refused_with_the_largest_and_the_ways_out(root: Path) -> None:
    for name, size in (("data/train.csv", 150), ("data/test.csv", 20), ("model.bin", 90)):
        with (root / name).open("wb") as file:
            file.truncate(size * 1_000_000)
    with pytest.raises(InvalidInput) as caught:
        take(root)
    text = str(caught.value)
    assert text.startswith("code: holds 260.0 MB in 5 files")
    assert "at most 200.0 MB" in text
    assert "The largest: data/ (170.0 MB), model.bin (90.0 MB), package/ (0.0 MB)" in text
    assert "`code: {link: [PATH]}`" in text
    assert "`code: {exclude: [PATTERN]}`" in text
    assert not (root.parent / "job").exists()
    assert take(root, link=("data",)).files == 4


def test_a_root_with_far_too_many_files_is_not_looked_at_to_its_end(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dowse.runtime.snapshot.FILE_LIMIT", 5)
    for index in range(100):
        (root / "many" / str(index)).mkdir(parents=True)
    with pytest.raises(InvalidInput, match=r"holds at least 0\.0 MB in \d files, .* in 5 files"):
        take(root)


def test_a_root_that_is_no_folder_is_refused(root: Path) -> None:
    with pytest.raises(InvalidInput, match=r"code\.root: must be a folder, got '.*train\.py'"):
        take(root / "train.py")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_named(root: Path) -> None:
    (root / "secret").write_text("x")
    (root / "secret").chmod(0)
    with pytest.raises(InvalidInput, match="cannot read secret; mend its permissions"):
        take(root)


def test_a_snapshot_that_was_cut_short_is_replaced(root: Path) -> None:
    write(root.parent / "job" / "code", "half")
    write(root.parent / "job" / f"code.{os.getpid()}.new", "rest")
    assert "half" not in names(take(root).directory)
    assert os.listdir(root.parent / "job") == ["code"]


def test_a_lost_snapshot_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="the code of this job is gone: there is no "):
        materialise(tmp_path / "none", tmp_path / "trial")


def test_names_of_any_bytes_are_copied(root: Path) -> None:
    odd = os.fsdecode(b"bad-\xff-name \n'")
    write(root, odd, "漢字/ü.txt")
    materialise(take(root).directory, root.parent / "trial")
    assert names(root.parent / "trial") >= {odd, "漢字/ü.txt"}
