"""`dowse doctor`: each check says ok, or what to do."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from dowse.cli import doctor
from dowse.cli.doctor import FAIL, OK, WARN
from dowse.config import Settings
from tests.unit.cli.test_main import dowse_says


def settings(folder: Path, **changes: object) -> Settings:
    return Settings(data_dir=folder / "data", **changes)  # type: ignore[arg-type]


def test_a_healthy_machine_passes_and_nothing_is_created(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOWSE_DATA_DIR", str(tmp_path / "data"))
    checks = json.loads(dowse_says("doctor", "--json").stdout)["checks"]
    verdicts = {check["name"]: check["verdict"] for check in checks}
    assert verdicts["Python"] == verdicts["data directory"] == verdicts["owner"] == OK
    assert verdicts["interpreter of trials"] == OK
    assert list(tmp_path.iterdir()) == []


def test_an_old_python_fails() -> None:
    found = doctor.check_python((3, 10, 2))
    assert found.verdict == FAIL
    assert found.advice == "install Python 3.11 or newer"


def test_a_data_directory_below_a_file_fails(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = doctor.check_data_directory(Settings(data_dir=tmp_path / "file" / "data"))
    assert found.verdict == FAIL
    assert "--data-dir" in found.advice


def test_too_little_space_fails_and_little_space_warns(tmp_path: Path) -> None:
    free_mb = shutil.disk_usage(tmp_path).free // 1_000_000
    assert doctor.check_disk(settings(tmp_path, min_free_mb=0)).verdict == OK
    assert doctor.check_disk(settings(tmp_path, min_free_mb=free_mb // 2)).verdict == WARN
    assert doctor.check_disk(settings(tmp_path, min_free_mb=free_mb * 2)).verdict == FAIL


def test_an_interpreter_that_does_not_run_fails(tmp_path: Path) -> None:
    found = doctor.check_interpreter(settings(tmp_path, python=str(tmp_path / "absent")))
    assert found.verdict == FAIL
    assert "absent does not run" in found.message
    assert doctor.check_interpreter(settings(tmp_path, python=sys.executable)).verdict == OK


def test_an_unknown_setting_fails_and_the_exit_code_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOWSE_GRACE", "1")
    result = dowse_says("doctor", code=1)
    assert "fail  settings: DOWSE_GRACE: is not a setting; did you mean" in result.stdout
