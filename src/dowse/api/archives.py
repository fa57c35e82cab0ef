"""A zip archive that is sent while it is made: nothing is kept of it but the piece at hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO

from dowse.errors import NotFound

PIECE_BYTES = 1 << 20

Opening = Callable[[], AbstractContextManager[BinaryIO]]


class _Pipe(io.RawIOBase):
    """What the archive writes, until it is taken. It cannot go back, and zip needs not."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def zipped(files: Iterable[tuple[str, Opening]]) -> Iterator[bytes]:
    """The pieces of an archive of files by name. One that is gone meanwhile is left out."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, opening in files:
            try:
                with opening() as source:
                    for _ in _copied(archive, name, source):
                        yield pipe.taken()
            except NotFound:
                continue
            yield pipe.taken()
    yield pipe.taken()


def _copied(archive: zipfile.ZipFile, name: str, source: BinaryIO) -> Iterator[None]:
    # Without its size, a file beyond 2 GB needs the wider form from the start.
    with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as target:
        while piece := source.read(PIECE_BYTES):
            target.write(piece)
            yield
