"""Whether a folder can hold a database: shared file systems lock and map memory unreliably."""

from __future__ import annotations

import os
from pathlib import Path

from dowse.errors import Refused

MOUNTS = Path("/proc/self/mountinfo")
"""Only Linux tells its mounts here; elsewhere nothing is refused."""

SHARED = frozenset({"afs", "cifs", "fuse.sshfs", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"})


def refuse_shared(folder: Path, mounts: Path = MOUNTS) -> None:
    """Raises Refused when `folder` lies on a file system that other machines can write to."""
    kind = file_system(folder, mounts)
    if kind in SHARED:
        raise Refused(
            f"{folder} lies on a network file system ({kind}), which cannot keep a database safe; "
            "choose a data directory on a disk of this machine"
        )


def file_system(folder: Path, mounts: Path = MOUNTS) -> str | None:
    """The type of the file system that holds `folder`; None when it cannot be told."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    target = os.path.realpath(folder)
    best: tuple[int, str | None] = (-1, None)
    for line in lines:
        left, separator, right = line.partition(" - ")
        fields = left.split(" ")
        if not separator or len(fields) < 5:
            continue
        point = _unescaped(fields[4])
        inside = point in ("/", target) or target.startswith(f"{point}/")
        # A later mount at the same place hides the earlier one.
        if inside and len(point) >= best[0]:
            best = len(point), right.split(" ")[0]
    return best[1]


def _unescaped(text: str) -> str:
    for code, letter in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, letter)
    return text
