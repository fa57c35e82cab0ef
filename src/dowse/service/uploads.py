"""Program folders that clients on other machines have sent, until a job takes them."""

from __future__ import annotations

import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from dowse.errors import NotFound, Refused
from dowse.ports import Clock
from dowse.runtime.archives import ArchiveLimits, unpack
from dowse.service.folders import DataDirectory

MAX_FILES = 10_000
MAX_WAITING = 20
WAITING_S = 3600.0
"""What no job has taken so long is removed."""
TAKEN = ".taken"
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    id: str
    files: int


class Uploads:
    """`max_bytes` of one folder."""

    def __init__(self, folders: DataDirectory, *, max_bytes: int, clock: Clock) -> None:
        self._root = folders.uploads
        self._limits = ArchiveLimits(max_files=MAX_FILES, max_bytes=max_bytes)
        self._clock = clock

    def new_archive(self) -> Path:
        """Where the next archive is to be written; `unpack` or `discard` ends it."""
        self._root.mkdir(mode=0o700, exist_ok=True)
        self._remove_old()
        if len(self._waiting()) >= MAX_WAITING:
            raise Refused(f"{MAX_WAITING} uploads wait for their jobs: submit them first")
        return self._root / f"{secrets.token_hex(16)}.archive"

    def unpack(self, archive: Path) -> Upload:
        """Turn a whole archive into a folder. Raises InvalidInput for one that cannot be."""
        try:
            files = unpack(archive, archive.with_suffix(""), self._limits)
        finally:
            archive.unlink(missing_ok=True)
        return Upload(id=archive.stem, files=files)

    def folder(self, upload_id: str) -> Path:
        """Raises NotFound unless an upload of this id waits."""
        folder = self._root / upload_id
        if not _ID.fullmatch(upload_id) or not folder.is_dir():
            raise NotFound(f"there is no upload {upload_id[:64]!r}; send the code again")
        return folder

    def keep(self, upload_id: str) -> None:
        """A job has taken it: relative paths of the job start there as long as it exists."""
        self.folder(upload_id).with_suffix(TAKEN).touch()

    def release(self, root: str | None) -> None:
        """Remove the upload that holds the code of a job that is gone, if it came as one."""
        path = Path(root or "/")
        if path.is_relative_to(self._root) and path != self._root:
            folder = self._root / path.relative_to(self._root).parts[0]
            shutil.rmtree(folder, ignore_errors=True)
            folder.with_suffix(TAKEN).unlink(missing_ok=True)

    def _waiting(self) -> list[Path]:
        """Archives and folders that no job has taken."""
        found = {path for path in self._root.iterdir() if path.suffix != TAKEN}
        return [path for path in found if not path.with_suffix(TAKEN).exists()]

    def _remove_old(self) -> None:
        for path in self._waiting():
            if self._clock.now() - path.stat().st_mtime <= WAITING_S:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
