"""Where downloaded files may be put: the server may be anybody's."""

from pathlib import Path

import pytest

from dowse.errors import InvalidInput
from dowse.sdk.downloads import _target


@pytest.mark.parametrize(
    ("output", "path"),
    [
        (None, "../x"),
        (None, "/etc/passwd"),
        (None, "a/../../x"),
        ("..", "x"),
        (None, "a\\..\\b"),
        (None, "a\0"),
        ("a/../..", "x"),
        ("/abs", "x"),
        ("", "x"),
    ],
)
def test_a_file_that_would_leave_the_folder_is_refused(output: str | None, path: str) -> None:
    with pytest.raises(
        InvalidInput, match=r"path: leads out of the folder, got .* from the server"
    ):
        _target(Path("home"), {"output": output, "path": path})


def test_files_keep_their_folders() -> None:
    assert _target(Path("home"), {"output": None, "path": "a/b"}) == Path("home/artifacts/a/b")
    named = _target(Path("home"), {"output": "model", "path": "a/b"})
    assert named == Path("home/named-outputs/model/a/b")
