from __future__ import annotations

import stat
from pathlib import Path

import pytest

from dowse.errors import Refused
from dowse.service.folders import DataDirectory
from dowse.service.secret_files import load_secrets


def test_secrets_are_made_once_and_only_this_user_can_read_them(tmp_path: Path) -> None:
    folders = DataDirectory(tmp_path)
    first = load_secrets(folders)
    assert load_secrets(folders) == first
    assert (len(first.token), len(first.key)) == (64, 32)
    assert first.token != first.key.hex()
    for path in (folders.token, folders.trial_key):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first.token not in repr(first)


def test_a_token_of_the_settings_takes_the_place_of_the_kept_one(tmp_path: Path) -> None:
    folders = DataDirectory(tmp_path)
    assert load_secrets(folders, token="given-by-hand-1234").token == "given-by-hand-1234"
    assert not folders.token.exists()


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    folders = DataDirectory(tmp_path)
    load_secrets(folders)
    folders.token.chmod(0o644)
    with pytest.raises(Refused, match=r"token is open to others \(mode 644\): chmod 600"):
        load_secrets(folders)


def test_a_secret_is_no_link_to_elsewhere(tmp_path: Path) -> None:
    folders = DataDirectory(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("a secret of somebody else\n")
    elsewhere.chmod(0o600)
    folders.token.symlink_to(elsewhere)
    with pytest.raises(OSError, match="symbolic links"):
        load_secrets(folders)
