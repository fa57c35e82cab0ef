from pathlib import Path

import pytest

from dowse.errors import Refused
from dowse.store.filesystem import file_system, refuse_shared

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:40 / /srv rw - nfs4 server:/srv rw
41 40 0:41 / /srv/local rw - xfs /dev/vdb rw
42 22 0:42 / /mnt/my\\040disk rw master:1 - fuse.sshfs host: rw
43 22 0:43 / /srvlike rw - tmpfs tmpfs rw
44 22 0:44 / /twice rw - nfs server:/x rw
45 44 0:45 / /twice rw - ext4 /dev/vdc rw
a line of another kind
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/data", "ext4"),
        ("/srv", "nfs4"),
        ("/srv/dowse/data", "nfs4"),
        ("/srv/local/data", "xfs"),
        ("/srvlike", "tmpfs"),
        ("/mnt/my disk/data", "fuse.sshfs"),
        ("/twice/data", "ext4"),
    ],
)
def test_the_innermost_and_latest_mount_counts(mounts: Path, folder: str, kind: str) -> None:
    assert file_system(Path(folder), mounts) == kind


@pytest.mark.parametrize(("folder", "kind"), [("/srv/x", "nfs4"), ("/mnt/my disk", "fuse.sshfs")])
def test_a_network_file_system_is_refused_by_name(mounts: Path, folder: str, kind: str) -> None:
    with pytest.raises(Refused) as caught:
        refuse_shared(Path(folder), mounts)
    assert str(caught.value) == (
        f"{folder} lies on a network file system ({kind}), which cannot keep a database safe; "
        "choose a data directory on a disk of this machine"
    )


def test_a_disk_of_this_machine_is_accepted(mounts: Path) -> None:
    refuse_shared(Path("/srv/local/data"), mounts)


def test_a_link_counts_as_the_place_it_leads_to(tmp_path: Path) -> None:
    real, link, mounts = tmp_path / "real", tmp_path / "link", tmp_path / "mountinfo"
    real.mkdir()
    link.symlink_to(real)
    mounts.write_text(f"1 0 0:1 / / rw - ext4 x rw\n2 1 0:2 / {real} rw - nfs x rw\n")
    assert file_system(link, mounts) == "nfs"


def test_where_mounts_cannot_be_seen_nothing_is_refused(tmp_path: Path) -> None:
    assert file_system(tmp_path, tmp_path / "absent") is None
    refuse_shared(tmp_path, tmp_path / "absent")
