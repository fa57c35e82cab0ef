"""Program folders that come from another machine as one file: tar, tar.gz or zip.

The sender is the owner, but what he sends may have been made by others, so nothing in it is
trusted: files, folders and links that stay inside are made below one new folder, within limits
that count what is really written and not what the archive says.
"""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from dowse.domain.spec import CodeSpec
from dowse.errors import InvalidInput, Problem
from dowse.runtime.snapshot import SIZE_LIMIT, survey_code

CHUNK = 1 << 20
MAX_NAME = 1024
ZIP_END = b"PK\x05\x06"
ZIP_ENTRY = 512
"""Bytes of a zip's directory for each file, generously: a longer directory holds too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLimits:
    """`max_bytes` of all files together."""

    max_files: int
    max_bytes: int


@dataclass(slots=True)
class _Unpacking:
    """Makes files and folders below `root`, and refuses everything else."""

    root: Path
    limits: ArchiveLimits
    files: int = 0
    size: int = 0
    links: list[tuple[Path, str]] = field(default_factory=list)

    def folder(self, name: str) -> None:
        self._count()
        self._path(name).mkdir(parents=True, exist_ok=True)

    def file(self, name: str, content: IO[bytes], *, executable: bool) -> None:
        self._count()
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW
        try:
            descriptor = os.open(path, flags, 0o700 if executable else 0o600)
        except OSError as error:
            raise _refused(f"cannot make {name!r}: {error.strerror}") from None
        with open(descriptor, "wb") as target:
            while piece := content.read(CHUNK):
                self.size += len(piece)
                if self.size > self.limits.max_bytes:
                    megabytes = self.limits.max_bytes / 1e6
                    raise _refused(f"unpacks to more than {megabytes:g} MB (max_code_mb)")
                target.write(piece)

    def link(self, name: str, target: str) -> None:
        """Made at the end, so that nothing is ever written through a link."""
        self._count()
        self.links.append((self._path(name), target))

    def finish(self) -> None:
        for path, target in self.links:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                path.symlink_to(target)
            except (OSError, ValueError):
                raise _refused(f"cannot make the link {path.name!r}") from None
        root = self.root.resolve()
        for path, target in self.links:
            if not path.resolve().is_relative_to(root):
                raise _refused(f"the link {path.name!r} leads outside: {target[:200]!r}")

    def _count(self) -> None:
        self.files += 1
        if self.files > self.limits.max_files:
            raise _refused(f"holds more than {self.limits.max_files} files and folders")

    def _path(self, name: str) -> Path:
        parts = [part for part in name.split("/") if part not in ("", ".")]
        odd = name.startswith("/") or ".." in parts or "\\" in name or "\0" in name
        if odd or len(name) > MAX_NAME:
            raise _refused(f"names must be relative paths without '..', got {name[:200]!r}")
        return self.root.joinpath(*parts)


def unpack(archive: Path, destination: Path, limits: ArchiveLimits) -> int:
    """Make the folder `destination` from an archive; returns how many files and folders it has.

    Raises InvalidInput, and there is no `destination` then.
    """
    destination.mkdir(mode=0o700)
    work = _Unpacking(destination, limits)
    try:
        with archive.open("rb") as file:
            head = file.read(4)
        if head.startswith(b"PK"):
            _unpack_zip(archive, work)
        elif head.startswith(b"\x1f\x8b"):
            with _unfolded(archive, limits) as plain:
                _unpack_tar(plain, work)
        else:
            _unpack_tar(archive, work)
        work.finish()
    except BaseException:
        shutil.rmtree(destination, ignore_errors=True)
        raise
    return work.files


@contextmanager
def _unfolded(archive: Path, limits: ArchiveLimits) -> Iterator[Path]:
    """A gzip's content as a file: a bomb fills a known piece of disk, never the memory."""
    plain = archive.with_suffix(".plain")
    room = limits.max_bytes + limits.max_files * 2 * tarfile.BLOCKSIZE + CHUNK
    try:
        with gzip.open(archive) as source, plain.open("wb") as target:
            while piece := source.read(CHUNK):
                room -= len(piece)
                if room < 0:
                    raise _refused(
                        f"unpacks to more than {limits.max_bytes / 1e6:g} MB (max_code_mb)"
                    )
                target.write(piece)
        yield plain
    except (OSError, EOFError, zlib.error) as error:
        raise _refused(f"is no whole gzip file: {error}") from None
    finally:
        plain.unlink(missing_ok=True)


def _unpack_tar(archive: Path, work: _Unpacking) -> None:
    try:
        with tarfile.open(archive, "r:") as source:
            for member in source:
                if member.isdir():
                    work.folder(member.name)
                elif member.issym():
                    work.link(member.name, member.linkname)
                elif member.isreg() and (content := source.extractfile(member)):
                    work.file(member.name, content, executable=bool(member.mode & 0o100))
                else:
                    raise _refused(
                        f"may hold files, folders and symbolic links only: {member.name[:200]!r}"
                    )
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise _refused(f"is no whole tar, tar.gz or zip file: {error}") from None


def _unpack_zip(archive: Path, work: _Unpacking) -> None:
    _refuse_long_directory(archive, work.limits)
    try:
        with zipfile.ZipFile(archive) as source:
            for member in source.infolist():
                mode = member.external_attr >> 16
                if member.is_dir():
                    work.folder(member.filename)
                elif mode and mode & 0o170000 not in (0, 0o100000):
                    raise _refused(
                        f"a zip may hold files and folders only: {member.filename[:200]!r}"
                    )
                else:
                    with source.open(member) as content:
                        work.file(member.filename, content, executable=bool(mode & 0o100))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error) as error:
        raise _refused(f"is no whole tar, tar.gz or zip file: {error}") from None


def _refuse_long_directory(archive: Path, limits: ArchiveLimits) -> None:
    """A zip names its files at its end, and Python reads all of that at once."""
    with archive.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 66_000))
        end = file.read()
    place = end.rfind(ZIP_END)
    length = int.from_bytes(end[place + 12 : place + 16], "little") if place >= 0 else 0
    if length > limits.max_files * ZIP_ENTRY:
        raise _refused(f"holds more than {limits.max_files} files and folders")


def _refused(message: str) -> InvalidInput:
    return InvalidInput([Problem(path="archive", message=message)])


def pack(code: CodeSpec, archive: IO[bytes], *, size_limit: int = SIZE_LIMIT) -> None:
    """Write a program's folder, without what is never taken, as one tar file.

    Raises InvalidInput as for a snapshot.
    """
    entries, _ = survey_code(code, leave_out=(), size_limit=size_limit)
    with tarfile.open(fileobj=archive, mode="w") as target:
        for entry in entries:
            member = tarfile.TarInfo(entry.path)
            member.mode = entry.status.st_mode & 0o700
            member.mtime = int(entry.status.st_mtime)
            if entry.target is not None:
                member.type, member.linkname = tarfile.SYMTYPE, entry.target
                target.addfile(member)
            elif entry.is_folder:
                member.type = tarfile.DIRTYPE
                target.addfile(member)
            else:
                with open(entry.source, "rb") as content:
                    member.size = os.fstat(content.fileno()).st_size
                    target.addfile(member, content)
