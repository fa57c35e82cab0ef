"""The command as a whole: its help, its errors, what it creates and what it does not."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import dowse
from dowse.cli.main import app

JOB = """\
command: python train.py
metric: accuracy
goal: maximize
parameters:
  lr: {type: double, min: 1e-4, max: 1, scale: log}
  layers: {type: integer, min: 1, max: 3}
algorithm: random
limits: {trials: 20, parallel: 2}
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOWSE_DATA_DIR", str(tmp_path / "data"))


def dowse_says(*words: str, code: int = 0, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(app, list(words), input=stdin, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def test_the_version_is_that_of_the_package() -> None:
    assert dowse_says("--version").stdout == f"dowse {dowse.__version__}\n"


def test_help_names_every_command() -> None:
    words = dowse_says("--help").stdout.split()
    for command in ("run", "resume", "watch", "validate", "jobs", "trials", "init", "doctor"):
        assert command in words


@pytest.mark.parametrize(
    "words",
    [
        ["jobs", "show", "x"],
        ["jobs", "events", "x"],
        ["jobs", "cancel", "x"],
        ["jobs", "pause", "x"],
        ["jobs", "delete", "x"],
        ["trials", "list", "x"],
        ["trials", "show", "x", "1"],
        ["trials", "logs", "x", "1"],
        ["resume", "x"],
        ["watch", "x"],
    ],
    ids=" ".join,
)
def test_asking_for_a_job_where_there_is_none_creates_nothing(
    words: list[str], tmp_path: Path
) -> None:
    result = dowse_says(*words, code=2)
    assert result.stderr == f"there is no job 'x': {tmp_path / 'data'} holds no jobs yet\n"
    assert list(tmp_path.iterdir()) == []


def test_a_fresh_machine_has_no_jobs_yet(tmp_path: Path) -> None:
    assert dowse_says("jobs", "list").stdout == "no jobs yet\n"
    assert dowse_says("jobs", "list", "--json").stdout == '{\n  "jobs": []\n}\n'
    assert list(tmp_path.iterdir()) == []


def test_the_data_directory_may_stand_before_the_command(tmp_path: Path) -> None:
    result = dowse_says("--data-dir", "other", "jobs", "show", "x", code=2)
    assert f"{tmp_path / 'other'} holds no jobs yet" in result.stderr


@pytest.mark.parametrize(
    "words", [["run"], ["run", "--dry-run"], ["run", "--detach"]], ids=" ".join
)
def test_a_file_that_is_wrong_creates_nothing(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(JOB.replace("min: 1,", "min: 4,"))
    result = dowse_says(*words, "job.yaml", code=2)
    assert result.stderr.startswith("job.yaml:6:32: parameters.layers.min: ")
    assert result.stdout == ""
    assert not (tmp_path / "data").exists()


def test_a_file_that_is_not_there_is_named() -> None:
    result = dowse_says("run", "absent.yaml", code=2)
    assert result.stderr.startswith("absent.yaml: cannot be read: No such file or directory")


def test_an_unknown_setting_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOWSE_DATADIR", "x")
    result = dowse_says("jobs", "list", code=2)
    assert result.stderr == "DOWSE_DATADIR: is not a setting; did you mean DOWSE_DATA_DIR?\n"


@pytest.mark.parametrize(
    "words",
    [["run", "job.yaml"], ["run", "job.yaml", "--detach"], ["jobs", "list"], ["serve"]],
    ids=" ".join,
)
def test_a_data_directory_that_is_a_file_is_an_error(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(JOB)
    (tmp_path / "data").write_text("mine\n")
    result = dowse_says(*words, code=2)
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"data directory {tmp_path}/data: cannot be used: ")
    assert line.endswith("; choose another one with --data-dir or DOWSE_DATA_DIR")
    assert result.stdout == ""
    assert (tmp_path / "data").read_text() == "mine\n"


def test_a_package_that_is_no_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(JOB)
    result = dowse_says("run", "job.yaml", "--package-path", "trainer", code=2)
    assert "--package-path: must be the folder of a Python package, got 'trainer'" in result.stderr


def test_words_for_the_program_need_two_dashes(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(JOB)
    result = dowse_says("run", "job.yaml", "other.yaml", "--dry-run", code=2)
    assert "unexpected extra argument(s) (other.yaml)" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--dry-run", "--preflight"], "--dry-run and --preflight cannot be given together; keep"),
        (["--dry-run", "--detach"], "--dry-run and --detach cannot be given together; keep one"),
        (["--preflight", "--detach"], "--preflight and --detach cannot be given together; keep"),
        (["--name", ""], "--name: is empty; leave it out, and the job gets the file's name and"),
    ],
)
def test_options_of_run_that_mean_nothing_are_refused(
    words: list[str], said: str, tmp_path: Path
) -> None:
    Path("job.yaml").write_text(JOB)
    assert said in dowse_says("run", "job.yaml", *words, code=2).stderr
    assert not (tmp_path / "data").exists()


def test_a_dry_run_shows_commands_and_environments_and_creates_nothing(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(JOB)
    result = dowse_says(
        "run",
        "job.yaml",
        "--dry-run",
        "--name",
        "dry",
        "--python",
        sys.executable,
        "--",
        "--epochs",
        "3",
    )
    lines = result.stdout.splitlines()
    commands = [
        line for line in lines if line.startswith(f"  {sys.executable} train.py --epochs 3 --lr=")
    ]
    assert len(commands) == 3
    assert "  DOWSE_TRIAL_ID=dry/3" in lines
    assert f"  in {tmp_path}/data/jobs/dry/trials/1/work" in lines
    assert [path.name for path in tmp_path.iterdir()] == ["job.yaml"]


def test_a_dry_run_refuses_the_code_that_a_run_would_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "job.yaml").write_text(JOB)
    with (tmp_path / "model.bin").open("wb") as file:
        file.truncate(3_000_000)
    monkeypatch.setenv("DOWSE_MAX_CODE_MB", "2")
    result = dowse_says("run", "job.yaml", "--dry-run", code=2)
    assert result.stderr.startswith(
        "code: holds 3.0 MB in 2 files, and each trial would get a copy"
    )
    assert "model.bin (3.0 MB)" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["job.yaml", "model.bin"]


def test_a_dry_run_reads_standard_input_and_prints_a_document() -> None:
    import json

    document = json.loads(dowse_says("run", "-", "--dry-run", "--json", stdin=JOB).stdout)
    assert [trial["number"] for trial in document["trials"]] == [1, 2, 3]
    first = document["trials"][0]
    assert first["argv"][1:] == [
        "train.py",
        *(f"--{name}={value!r}" for name, value in first["parameters"].items()),
    ]
    assert first["environment"]["DOWSE_PARAM_LAYERS"] == str(first["parameters"]["layers"])


def test_the_command_starts_without_what_only_some_commands_need() -> None:
    heavy = ("dowse.domain.space", "fastapi", "httpx", "numpy", "pydantic", "rich", "sqlalchemy")
    script = f"import sys, dowse.cli.main; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["trials", "list", "x", "--sort", "foo"],
            "Invalid value for '--sort': 'foo' is not one of 'number', 'objective'.",
        ),
        (
            ["jobs", "edit", "x", "--parallel", "0"],
            "Invalid value for '--parallel': must be greater than or equal to 1",
        ),
        (
            ["confirm", "x", "--parallel", "0"],
            "Invalid value for '--parallel': must be greater than or equal to 1",
        ),
    ],
)
def test_a_wrong_option_is_told_in_plain_words(words: list[str], told: str) -> None:
    assert f"Error: {told}\n" in dowse_says(*words, code=2).stderr
