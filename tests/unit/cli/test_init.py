"""`dowse init`: samples that are valid, and files that are never replaced."""

from pathlib import Path

import pytest

from dowse.cli.forms import USUAL_NAMES, Form
from dowse.cli.init import sample
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


@pytest.mark.parametrize("form", list(Form))
def test_a_folder_with_a_sample_needs_no_file_name(form: Form, tmp_path: Path) -> None:
    dowse_says("init", "--dialect", form.value)
    assert (tmp_path / USUAL_NAMES[form]).exists()
    words = ["--module-name", "trainer.task"] if form is Form.AI_PLATFORM else []
    assert dowse_says("run", "--dry-run", *words).stdout.startswith("ok: ")


def test_which_job_file_is_meant_is_asked_where_none_or_several_are() -> None:
    asked = dowse_says("run", "--dry-run", code=2).stderr
    assert asked.startswith("which job file? there is none of dowse.yaml, hptuning_config.yaml, ")
    dowse_says("init", "--dialect", "openbayes")
    dowse_says("init", "--dialect", "azure_ml")
    asked = dowse_says("run", "--dry-run", code=2).stderr
    assert asked == (
        "which job file? there are openbayes.yaml, sweep.yml here; name one, or write one with "
        "dowse init\n"
    )


@pytest.mark.parametrize("name", ["OpenBayes", "openbayes", "OPENBAYES"])
def test_a_form_may_be_written_as_people_write_it(name: str, tmp_path: Path) -> None:
    dowse_says("init", "--dialect", name)
    assert (tmp_path / "openbayes.yaml").exists()


def test_an_unknown_form_is_told_with_those_there_are() -> None:
    told = dowse_says("init", "--dialect", "vertex", code=2).stderr
    assert "there is no form 'vertex'; there are native, ai-platform, openbayes, azure-ml" in told


def test_an_existing_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("precious")
    result = dowse_says("init", "mine.yaml", code=2)
    assert result.stderr == "mine.yaml: exists; give another name\n"
    assert (tmp_path / "mine.yaml").read_text() == "precious"


def test_a_folder_that_is_not_there_is_told() -> None:
    result = dowse_says("init", "absent/job.yaml", code=2)
    assert result.stderr == "absent/job.yaml: cannot be written: No such file or directory\n"
