"""Files below a folder, by names that come from outside.

No name leads out of the folder: every part is opened from the folder above it and no link is
followed, so a link that is put in place meanwhile does not help either.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dowse.errors import InvalidInput, NotFound, Problem

MAX_PARTS = 64
MAX_NAME_BYTES = 255
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_PARTIAL = ".partial-"


@dataclass(frozen=True, slots=True)
class Entry:
    """`path` is relative to what was listed; `size` in bytes, None for a folder."""

    path: str
    size: int | None


def parts_of(path: str) -> tuple[str, ...]:
    """The names in a path. Raises InvalidInput for one that is not plainly a path downwards."""
    parts = tuple(path.split("/")) if path else ()
    if len(parts) > MAX_PARTS:
        raise _bad(path, f"has more than {MAX_PARTS} parts")
    for part in parts:
        if part in ("", ".", ".."):
            raise _bad(path, f"must lead downwards, name by name: {part!r} is no name")
        if "\0" in part or "\\" in part:
            raise _bad(path, "must not hold a backslash or a zero byte")
        if len(part.encode("utf-8", "surrogateescape")) > MAX_NAME_BYTES:
            raise _bad(path, f"has a name of more than {MAX_NAME_BYTES} bytes")
        if part.startswith(_PARTIAL):
            raise _bad(path, f"must not begin a name with {_PARTIAL!r}")
    return parts


def _bad(path: str, why: str) -> InvalidInput:
    return InvalidInput([Problem(path="path", message=f"{why}, got {path[:200]!r}")])


@contextlib.contextmanager
def writing(root: Path, parts: Sequence[str]) -> Iterator[BinaryIO]:
    """A new file that stands in its place once the block ends without an error.

    Raises InvalidInput where a folder or a link is in the way.
    """
    if not parts:
        raise _bad("", "must name a file")
    root.mkdir(parents=True, exist_ok=True)
    with _folder(root, parts[:-1], make=True) as folder:
        partial = f"{_PARTIAL}{secrets.token_hex(8)}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(partial, flags, 0o666, dir_fd=folder), "wb") as file:
                yield file
            os.rename(partial, parts[-1], src_dir_fd=folder, dst_dir_fd=folder)
        except IsADirectoryError:
            raise _bad("/".join(parts), "is a folder") from None
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(partial, dir_fd=folder)


@contextlib.contextmanager
def reading(root: Path, parts: Sequence[str]) -> Iterator[BinaryIO]:
    """Raises NotFound for what is no regular file below the folder."""
    missing = NotFound(f"there is no file {'/'.join(parts)!r}")
    if not parts:
        raise missing
    with _folder(root, parts[:-1], make=False) as folder:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            file = os.open(parts[-1], flags, dir_fd=folder)
        except OSError:
            raise missing from None
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise missing
    with os.fdopen(file, "rb") as opened:
        yield opened


def entries(root: Path, parts: Sequence[str]) -> list[Entry]:
    """What lies directly in a folder, by name; nothing where there is no such folder."""
    try:
        with _folder(root, parts, make=False) as folder:
            return sorted(_entries(folder, ""), key=lambda entry: entry.path)
    except NotFound:
        return []


def all_files(root: Path, *, limit: int) -> list[Entry]:
    """Every regular file below a folder, at most `limit` of them."""
    found: list[Entry] = []
    waiting: list[tuple[str, ...]] = [()]
    while waiting and len(found) < limit:
        parts = waiting.pop(0)
        for entry in entries(root, parts):
            path = "/".join((*parts, entry.path))
            if entry.size is None:
                waiting.append((*parts, entry.path))
            else:
                found.append(Entry(path, entry.size))
    return sorted(found[:limit], key=lambda entry: entry.path)


def _entries(folder: int, prefix: str) -> Iterator[Entry]:
    for name in os.listdir(folder):
        try:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            continue
        if stat.S_ISDIR(status.st_mode):
            yield Entry(prefix + name, None)
        elif stat.S_ISREG(status.st_mode) and not name.startswith(_PARTIAL):
            yield Entry(prefix + name, status.st_size)


@contextlib.contextmanager
def _folder(root: Path, parts: Sequence[str], *, make: bool) -> Iterator[int]:
    """The descriptor of a folder, opened name by name; the caller's own root may be a link."""
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"there is no folder {'/'.join(parts)!r}") from None
    try:
        for part in parts:
            if make:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, dir_fd=folder)
            folder = _step(folder, part, parts, make=make)
        yield folder
    finally:
        os.close(folder)


def _step(folder: int, part: str, parts: Sequence[str], *, make: bool) -> int:
    try:
        inner = os.open(part, _FOLDER, dir_fd=folder)
    except OSError as error:
        if make:
            raise _bad("/".join(parts), f"{part!r} is in the way: {error.strerror}") from None
        raise NotFound(f"there is no folder {'/'.join(parts)!r}") from None
    os.close(folder)
    return inner
