from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dowse.domain.spec import CodeSpec
from dowse.errors import InvalidInput
from dowse.runtime.archives import ArchiveLimits, pack, unpack

LIMITS = ArchiveLimits(max_files=50, max_bytes=100_000)


def tar(*members: tuple[tarfile.TarInfo, bytes], mode: str = "w") -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:  # type: ignore[call-overload]
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


def named(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def zipped(*names: str, content: bytes = b"x", mode: int = 0) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


@pytest.fixture
def received(tmp_path: Path) -> Callable[[bytes], Path]:
    def receive(data: bytes) -> Path:
        archive = tmp_path / "upload.archive"
        archive.write_bytes(data)
        unpack(archive, tmp_path / "upload", LIMITS)
        return tmp_path / "upload"

    return receive


def test_what_is_packed_here_comes_out_there(
    tmp_path: Path, received: Callable[[bytes], Path]
) -> None:
    code = tmp_path / "code"
    (code / "trainer" / "__pycache__").mkdir(parents=True)
    (code / "trainer" / "__pycache__" / "x.pyc").write_bytes(b"cache")
    (code / "trainer" / "empty").mkdir()
    (code / "trainer" / "task.py").write_text("print(1)\n")
    (code / "run.sh").write_text("exit 0\n")
    (code / "run.sh").chmod(0o755)
    (code / "latest").symlink_to("trainer")
    packed = io.BytesIO()
    pack(CodeSpec(root=str(code)), packed)
    folder = received(packed.getvalue())
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
    assert found == ["latest", "run.sh", "trainer", "trainer/empty", "trainer/task.py"]
    assert (folder / "latest" / "task.py").read_text() == "print(1)\n"
    assert os.access(folder / "run.sh", os.X_OK)
    assert not os.access(folder / "trainer" / "task.py", os.X_OK)


@pytest.mark.parametrize(
    "data",
    [tar((named("a/b.py"), b"x")), gzip.compress(tar((named("a/b.py"), b"x"))), zipped("a/b.py")],
    ids=["tar", "tar.gz", "zip"],
)
def test_three_forms_are_read(data: bytes, received: Callable[[bytes], Path]) -> None:
    assert (received(data) / "a" / "b.py").read_bytes() == b"x"


HOSTILE = {
    "absolute": (tar((named("/etc/x"), b"x")), "relative paths without '..', got '/etc/x'"),
    "above": (tar((named("a/../../x"), b"x")), "relative paths without '..'"),
    "backslash": (tar((named("..\\x"), b"x")), "relative paths without '..'"),
    "zip above": (zipped("../x"), "relative paths without '..'"),
    "device": (tar((named("null", tarfile.CHRTYPE), b"")), "symbolic links only: 'null'"),
    "fifo": (tar((named("pipe", tarfile.FIFOTYPE), b"")), "symbolic links only: 'pipe'"),
    "hard link": (tar((named("h", tarfile.LNKTYPE, "/etc/passwd"), b"")), "symbolic links only"),
    "link outside": (tar((named("l", tarfile.SYMTYPE, "/etc"), b"")), "'l' leads outside: '/etc'"),
    "link above": (tar((named("a/l", tarfile.SYMTYPE, "../.."), b"")), "leads outside"),
    "two links": (
        tar(
            (named("sub/x"), b""),
            (named("a", tarfile.SYMTYPE, "sub"), b""),
            (named("b", tarfile.SYMTYPE, "a/../.."), b""),
        ),
        "leads outside",
    ),
    "through a link": (
        tar((named("a", tarfile.SYMTYPE, "/tmp"), b""), (named("a/x"), b"x")),
        "cannot make the link 'a'",
    ),
    "twice": (tar((named("x"), b"1"), (named("x"), b"2")), "cannot make 'x': File exists"),
    "zip link": (zipped("l", content=b"/etc", mode=0o120777), "a zip may hold files and folders"),
    "too many": (tar(*((named(f"f{i}"), b"") for i in range(51))), "more than 50 files"),
    "too much": (tar((named("x"), b"x" * 100_001)), "more than 0.1 MB (max_code_mb)"),
    "bomb": (gzip.compress(bytes(50_000_000)), "more than 0.1 MB (max_code_mb)"),
    "zip bomb": (zipped("x", content=bytes(50_000_000)), "more than 0.1 MB (max_code_mb)"),
    "long zip": (zipped(*(f"{i}" * 40 for i in range(2000))), "more than 50 files"),
    "text": (b"not an archive", "is no whole tar, tar.gz or zip file"),
    "cut gzip": (gzip.compress(tar((named("x"), b"y" * 999)))[:-40], "is no whole gzip file"),
    "cut zip": (zipped("x")[:-30], "is no whole tar, tar.gz or zip file"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_is_made_of_an_archive_that_reaches_out_or_unfolds_too_far(
    kind: str, tmp_path: Path, received: Callable[[bytes], Path]
) -> None:
    data, message = HOSTILE[kind]
    with pytest.raises(InvalidInput) as error:
        received(data)
    assert message in str(error.value)
    assert str(error.value).startswith("archive: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["upload.archive"]
