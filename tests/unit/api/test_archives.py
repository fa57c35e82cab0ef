from __future__ import annotations

import io
import os
import zipfile
from contextlib import AbstractContextManager
from typing import BinaryIO

from dowse.api.archives import PIECE_BYTES, Opening, zipped
from dowse.errors import NotFound


def opening(content: bytes) -> Opening:
    return lambda: io.BytesIO(content)


def gone() -> AbstractContextManager[BinaryIO]:
    raise NotFound("it is gone")


def test_an_archive_holds_every_file_and_is_sent_in_pieces() -> None:
    large = os.urandom(3 * PIECE_BYTES + 5)
    pieces = list(
        zipped([("a/b.txt", opening(b"one")), ("가.bin", opening(large)), ("empty", opening(b""))])
    )
    assert len(pieces) > 3
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a/b.txt", "가.bin", "empty"]
        assert (archive.read("a/b.txt"), archive.read("가.bin")) == (b"one", large)


def test_a_file_that_is_gone_meanwhile_is_left_out() -> None:
    whole = b"".join(zipped([("gone", gone), ("kept", opening(b"1"))]))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.namelist() == ["kept"]
