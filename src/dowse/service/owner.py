"""One owner, one door: the process that writes the store and runs the loop.

Ownership is a lock on `owner.lock` that the kernel gives up with the process, however it ends.
`owner.json` beside it tells others where the owner's door is.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from dowse.errors import Unavailable
from dowse.service.folders import DataDirectory

MAX_SOCKET_PATH = 100
"""The kernel refuses longer socket paths (108 bytes on Linux, 104 on macOS)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerCard:
    """What an owner says about itself; `url` is where it answers over TCP."""

    pid: int
    socket: str
    version: str
    url: str


class Ownership:
    """Holds the lock of a data directory until `release`.

    Raises Unavailable, naming the present owner, when there is one, and InvalidInput where this
    user cannot write.
    """

    def __init__(self, folders: DataDirectory) -> None:
        folders.make()
        self._folders = folders
        try:
            self._file = folders.lock.open("a+")
        except OSError as error:
            raise folders.unusable(str(error)) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            card = read_card(folders)
            raise Unavailable(f"{folders.root} is owned by {_described(card)}") from None

    def announce(self, card: OwnerCard) -> None:
        """Tell others where to find the owner; the file appears whole."""
        temporary = self._folders.owner.with_suffix(".new")
        temporary.write_text(json.dumps(asdict(card)), encoding="utf-8")
        temporary.chmod(0o600)
        temporary.rename(self._folders.owner)

    def release(self) -> None:
        self._folders.owner.unlink(missing_ok=True)
        self._file.close()


def read_card(folders: DataDirectory) -> OwnerCard | None:
    """The present or last owner's card; None when there is none or it cannot be read."""
    try:
        fields = json.loads(folders.owner.read_text(encoding="utf-8"))
        return OwnerCard(**fields)
    except (OSError, ValueError, TypeError):
        return None


def _described(card: OwnerCard | None) -> str:
    """Who has the data directory, and what to do about it."""
    if card is None:
        return "another process; wait until that one ends"
    return (
        f"process {card.pid}, which serves {card.url}: `dowse open` opens it in a browser; "
        f"`kill {card.pid}` ends it, and loses no trial"
    )


def socket_path(folders: DataDirectory) -> Path:
    """The owner's door: in the data directory, or where its path is short enough for a socket."""
    path = folders.root / "dowse.sock"
    if len(os.fsencode(path)) <= MAX_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(folders.root.resolve())).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"dowse-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077:
        raise Unavailable(f"{folder} is open to others; remove it or set a shorter data directory")
    return folder / f"{digest}.sock"
