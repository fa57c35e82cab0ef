"""docs/from-the-clouds.md: every command of ours on the page exists, with the options it names."""

import re
import shlex
from pathlib import Path

import pytest

from tests.unit.cli.test_main import JOB, dowse_says
from tests.unit.cli.test_reference import COMMANDS, options_of

PAGE = (Path(__file__).parents[3] / "docs" / "from-the-clouds.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(dowse [^`]+)`", PAGE)) - {"dowse --install-completion"})


def test_the_page_names_commands() -> None:
    assert len(NAMED) > 25


@pytest.mark.parametrize("line", NAMED)
def test_a_command_of_the_page_exists_with_its_options(line: str) -> None:
    words = shlex.split(line)
    name = max(
        (known for known in COMMANDS if words[: len(known.split())] == known.split()),
        key=len,
        default=None,
    )
    assert name is not None, line
    options = {word.partition("=")[0] for word in words if word.startswith("-") and word != "--"}
    assert options <= options_of(COMMANDS[name])


@pytest.fixture
def _job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOWSE_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "job.yaml").write_text(JOB)


@pytest.mark.usefixtures("_job")
def test_the_order_of_gcloud_is_understood() -> None:
    told = dowse_says("run", "mine", "--config=job.yaml", "--dry-run", "--", "--epochs", "3")
    assert "DOWSE_TRIAL_ID=mine/1" in told.stdout
    assert "train.py --epochs 3 --lr=" in told.stdout
    told = dowse_says("run", "--config", "job.yaml", "--name", "mine", "--dry-run")
    assert "DOWSE_TRIAL_ID=mine/1" in told.stdout


@pytest.mark.usefixtures("_job")
def test_two_names_are_one_too_many() -> None:
    told = dowse_says("run", "a", "--config", "job.yaml", "--name", "b", "--dry-run", code=2)
    assert told.stderr == "with --config, 'a' is the job's name, and --name is 'b' too\n"
    told = dowse_says("run", "a", "--config", "absent.yaml", "--dry-run", code=2)
    assert told.stderr.startswith("absent.yaml: cannot be read: ")
