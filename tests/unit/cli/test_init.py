"""`dowse init`: samples that are valid, and files that are never replaced."""

from pathlib import Path

import pytest

from dowse.cli.init import Form, sample
from tests.unit.cli.test_main import dowse_says


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("form", list(Form))
def test_a_sample_is_valid_without_a_warning(form: Form) -> None:
    dowse_says("init", "new.yaml", "--dialect", form.value)
    result = dowse_says("validate", "new.yaml")
    assert result.stdout.startswith("ok: ")
    assert result.stderr == ""


def test_the_file_has_the_usual_name_and_the_next_commands_are_told(tmp_path: Path) -> None:
    result = dowse_says("init")
    assert (tmp_path / "dowse.yaml").read_text() == sample(Form.NATIVE)
    assert "dowse run dowse.yaml" in result.stdout
    dowse_says("init", "--dialect", "ai-platform")
    assert (tmp_path / "hptuning_config.yaml").read_text() == sample(Form.AI_PLATFORM)


def test_an_existing_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("precious")
    result = dowse_says("init", "mine.yaml", code=2)
    assert result.stderr == "mine.yaml: exists; give another name\n"
    assert (tmp_path / "mine.yaml").read_text() == "precious"


def test_a_folder_that_is_not_there_is_told() -> None:
    result = dowse_says("init", "absent/job.yaml", code=2)
    assert result.stderr == "absent/job.yaml: cannot be written: No such file or directory\n"
