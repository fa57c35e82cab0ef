"""The command, environment and files of an attempt."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.parameters import Categorical, Double
from dowse.domain.spec import Argv, JobSpec, PythonModule, Resources, Shell
from dowse.domain.trial import Trial
from dowse.errors import InvalidInput
from dowse.runtime.launch import (
    LaunchPlan,
    build_launch,
    choose_interpreter,
    command_line,
    event_roots,
    inherited,
    local_job_directory,
    variable_name,
)
from tests.unit.runtime.specs import a_spec, a_trial

DIRECTORY = Path("/data/jobs/digits/trials/7")
CHECKPOINTS = Path("/data/jobs/digits/trials/7.checkpoints")
UNREACHABLE = Path("/data/unreachable")
FLAGS = ("--lr=1e-05", "--layers=3", "--batch=0.50", "--optimizer=64 32")


def plan(spec: JobSpec, trial: Trial | None = None, **options: Any) -> LaunchPlan:
    given: dict[str, Any] = {
        "directory": DIRECTORY,
        "base_env": {"PATH": "/bin"},
        "python": "/venv/bin/python",
        "unreachable_dir": UNREACHABLE,
        "inputs_dir": Path("/data/jobs/digits/inputs"),
        **options,
    }
    return build_launch(spec, trial or a_trial(), **given)


def test_all_attempts_of_a_trial_share_one_directory_for_checkpoints() -> None:
    later = replace(a_trial(), attempt=3)
    made = plan(a_spec(), later, directory=DIRECTORY.with_name(later.ref.folder))
    assert made.launch.environment["DOWSE_TRIAL_CHECKPOINT_DIR"] == str(CHECKPOINTS)
    assert made.folders == (CHECKPOINTS,)


def argv(spec: JobSpec, trial: Trial | None = None, **options: Any) -> tuple[str, ...]:
    words = plan(spec, trial, **options).launch.argv
    assert words is not None
    return words


def test_every_value_is_appended_as_the_document_wrote_it() -> None:
    assert argv(a_spec(Argv(("./train", "--data=x")))) == ("./train", "--data=x", *FLAGS)


def test_a_value_that_has_a_place_is_not_appended() -> None:
    spec = a_spec(Argv(("./train", "-l", "${lr}", "out/${optimizer}-${lr}.txt")))
    expected = ("./train", "-l", "1e-05", "out/64 32-1e-05.txt", "--layers=3", "--batch=0.50")
    assert argv(spec) == expected


def test_two_dollars_write_the_place_itself() -> None:
    assert argv(a_spec(Argv(("echo", "$${lr}", "$HOME")))) == ("echo", "${lr}", "$HOME", *FLAGS)


def test_an_inactive_parameter_is_not_passed() -> None:
    assert argv(a_spec(), a_trial({"lr": 0.1})) == ("./train", "--lr=0.1")


def test_a_place_without_a_value_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"command: \$\{lr\} has no value in this trial"):
        argv(a_spec(Argv(("./train", "${lr}"))), a_trial({"layers": 1}))


def test_a_module_is_run_by_the_interpreter() -> None:
    spec = a_spec(PythonModule("trainer.task", ("--epochs", "3")))
    start = ("/venv/bin/python", "-m", "trainer.task", "--epochs", "3")
    assert argv(spec) == (*start, *FLAGS)


@pytest.mark.parametrize("word", ["python", "python3"])
def test_the_command_python_is_the_interpreter(word: str) -> None:
    assert argv(a_spec(Argv((word, "train.py"))))[:2] == ("/venv/bin/python", "train.py")


def test_the_interpreter_comes_first_on_the_path() -> None:
    assert plan(a_spec()).launch.environment["PATH"] == "/venv/bin:/bin"
    assert plan(a_spec(), python="python3").launch.environment["PATH"] == "/bin"


def test_a_shell_command_gets_values_as_variables_only() -> None:
    text = 'python train.py --lr "$DOWSE_PARAM_LR" > out.txt'
    launch = plan(a_spec(Shell(text), job_dir="/out")).launch
    assert (launch.argv, launch.shell) == (None, text)
    assert launch.environment["DOWSE_PARAM_OPTIMIZER"] == "64 32"
    assert command_line(launch) == text


@pytest.mark.parametrize(
    "hostile", ["x; touch PWNED; #", "$(touch PWNED)", "`touch PWNED`", "'\"\n", "*", "-rf"]
)
@pytest.mark.parametrize(
    "words", [("a",), ("a", "${v}"), ("a", "--v=${v}"), ("a", "'${v}'", '"${v}"')]
)
def test_a_hostile_value_stays_one_word(
    hostile: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    printer = ("/bin/sh", "-c", 'printf "%s\\0" "$@"', *words)
    spec = a_spec(Argv(printer), parameters=(Categorical("v", [hostile]),))
    command = argv(spec, a_trial({"v": hostile}))
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True)
    expected = [word.replace("${v}", hostile) for word in words[1:]] or [f"--v={hostile}"]
    assert result.stdout.split("\0")[:-1] == expected
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_can_be_pasted_into_a_shell() -> None:
    assert command_line(plan(a_spec()).launch).endswith("--batch=0.50 '--optimizer=64 32'")


def test_a_job_directory_is_passed_exactly_when_the_job_has_one() -> None:
    assert not any("job-dir" in word for word in argv(a_spec()))
    assert argv(a_spec(job_dir="/out"))[1] == "--job-dir=/out/7"


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ("/out/", "/out/7"),
        ("out", "/code/out/7"),
        ("file:///out/a b", "/out/a b/7"),
        ("file://localhost/out", "/out/7"),
        ("FILE:///out", "/out/7"),
        ("gs://bucket/dir/", "/data/unreachable/gs/bucket/dir/7"),
        ("gs://bucket/../../etc", "/data/unreachable/gs/bucket/etc/7"),
        ("s3://bucket/dir/", "s3://bucket/dir/7"),
    ],
)
def test_where_a_job_directory_leads(given: str, passed: str) -> None:
    assert plan(a_spec(job_dir=given), reachable=["s3"]).job_dir == passed


def test_a_job_directory_that_is_mapped_is_a_warning() -> None:
    warning = (
        "job directory gs://b/d cannot be reached from here: outputs go to /data/unreachable/gs/b/d"
    )
    assert plan(a_spec(job_dir="gs://b/d")).warnings == (warning,)
    assert plan(a_spec(job_dir="s3://b/d"), reachable=["s3"]).warnings == ()


def test_only_a_mapped_job_directory_exists_before_its_program_starts() -> None:
    assert plan(a_spec(job_dir="gs://b/d")).folders == (CHECKPOINTS, UNREACHABLE / "gs/b/d/7")
    assert plan(a_spec(job_dir="/out")).folders == (CHECKPOINTS,)


def test_the_program_is_told_about_its_trial() -> None:
    environment = plan(a_spec(), a_trial(attempt=2)).launch.environment
    told = {
        name: value
        for name, value in environment.items()
        if name.startswith(("DOWSE_", "CLOUD_ML_")) and "PARAM_" not in name
    }
    assert told == {
        "DOWSE_ATTEMPT": "digits/7/2",
        "DOWSE_TRIAL_ID": "digits/7",
        "DOWSE_TRIAL_JOB": "digits",
        "DOWSE_TRIAL_NUMBER": "7",
        "DOWSE_TRIAL_ATTEMPT": "2",
        "DOWSE_TRIAL_DIR": str(DIRECTORY),
        "DOWSE_TRIAL_CHECKPOINT_DIR": f"{DIRECTORY}.checkpoints",
        "DOWSE_PARAMS_FILE": str(DIRECTORY / "parameters.json"),
        "DOWSE_REPORT_FILE": str(DIRECTORY / "report.jsonl"),
        "DOWSE_STOP_FILE": str(DIRECTORY / "stop"),
        "CLOUD_ML_TRIAL_ID": "7",
        "CLOUD_ML_HP_METRIC_FILE": str(DIRECTORY / "hypertune.metrics"),
    }
    assert environment["PYTHONUNBUFFERED"] == "1"


def test_tf_config_names_the_trial_as_text_and_no_cluster() -> None:
    config = json.loads(plan(a_spec()).launch.environment["TF_CONFIG"])
    assert config["task"]["trial"] == "7"
    assert "cluster" not in config
    # What Estimator demands of a process that has no cluster.
    assert (config["task"]["type"], config["task"]["index"]) == ("worker", 0)


def test_the_parameters_file_holds_the_values_with_their_kinds() -> None:
    files = plan(a_spec()).files
    assert json.loads(files["parameters.json"]) == {
        "lr": 1e-05,
        "layers": 3,
        "batch": 0.5,
        "optimizer": "64 32",
    }


def test_the_job_has_the_last_word_over_what_is_inherited() -> None:
    spec = a_spec(env={"A": "job", "PYTHONUNBUFFERED": "0"})
    environment = plan(spec, base_env={"A": "outer", "B": "outer"}).launch.environment
    assert (environment["A"], environment["B"]) == ("job", "outer")
    assert environment["PYTHONUNBUFFERED"] == "0"


def test_limits_and_resources_reach_the_launch() -> None:
    launch = plan(a_spec(resources=Resources(cpus=1.5, gpus=2)), grace_s=3.0).launch
    assert (launch.timeout_s, launch.grace_s, launch.cpus, launch.gpus) == (60.0, 3.0, 1.5, 2)
    assert launch.working_directory == DIRECTORY / "work"


def test_settings_of_dowse_and_of_an_outer_trial_are_not_inherited() -> None:
    outer = {
        "DOWSE_TOKEN": "secret",
        "DOWSE_DATA_DIR": "/d",
        "DOWSE_PARAM_X": "1",
        "CLOUD_ML_TRIAL_ID": "3",
        "TF_CONFIG": "{}",
        "EDITOR": "vi",
    }
    assert inherited(outer, everything=True) == {"EDITOR": "vi"}


def test_a_server_hands_on_only_what_says_where_things_are_and_what_is_named() -> None:
    outer = {"PATH": "/bin", "LC_ALL": "C", "AWS_SECRET": "s", "WANDB_KEY": "w", "https_proxy": "p"}
    kept = inherited(outer, everything=False, names=["WANDB_KEY"])
    assert kept == {"PATH": "/bin", "LC_ALL": "C", "https_proxy": "p", "WANDB_KEY": "w"}


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ({"job": "env/bin/python", "flag": "/f/python"}, "/code/env/bin/python"),
        ({"job": "/opt/python"}, "/opt/python"),
        ({"job": "python3.9"}, "python3.9"),
        ({"flag": "/f/python", "environ": {"VIRTUAL_ENV": "/v"}}, "/f/python"),
        ({"environ": {"VIRTUAL_ENV": "/v"}}, "/v/bin/python"),
        ({"python3_on_path": True}, "python3"),
        ({}, "/own/python"),
    ],
)
def test_which_interpreter_runs_a_program(given: dict[str, Any], chosen: str) -> None:
    defaults: dict[str, Any] = {
        "job": None,
        "code_root": "/code",
        "flag": None,
        "environ": {},
        "python3_on_path": False,
        "own": "/own/python",
    }
    assert choose_interpreter(**{**defaults, **given}) == chosen


def test_event_files_are_looked_for_in_the_directories_of_the_trial() -> None:
    spec = a_spec(job_dir="/out", event_dirs=("logs/${trial}", "/big/${trial}/tb"))
    assert event_roots(spec, plan(spec)) == {
        "work": DIRECTORY / "work",
        "job": Path("/out/7"),
        "events0": Path("/code/logs/7"),
        "events1": Path("/big/7/tb"),
    }
    assert list(event_roots(a_spec(), plan(a_spec()))) == ["work"]


@pytest.mark.parametrize(
    ("name", "variable"),
    [("learning-rate", "LEARNING_RATE"), ("a.b c", "A_B_C"), ("学习率", "学习率")],
)
def test_the_variable_of_a_parameter(name: str, variable: str) -> None:
    assert variable_name(name) == f"DOWSE_PARAM_{variable}"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
def test_any_text_arrives_as_it_is(text: str) -> None:
    spec = a_spec(Argv(("p", "${v}", "x${v}y")), parameters=(Categorical("v", [text]),))
    assert argv(spec, a_trial({"v": text})) == ("p", text, f"x{text}y")


def test_a_double_is_passed_with_all_its_digits() -> None:
    when = Condition("lr", Comparison.GREATER, (0.0,))
    spec = a_spec(parameters=(Double("lr", 0.0, 1.0), Double("momentum", 0.0, 1.0, when=when)))
    assert argv(spec, a_trial({"lr": 0.1 + 0.2}))[1] == "--lr=0.30000000000000004"


@pytest.mark.parametrize(
    ("job_dir", "expected"),
    [
        (None, None),
        ("gs://bucket/x", None),
        ("out", "/code/out"),
        ("/data/out", "/data/out"),
        ("file:///data/out", "/data/out"),
    ],
)
def test_the_job_directory_of_this_machine_is_a_path(
    job_dir: str | None, expected: str | None
) -> None:
    found = local_job_directory(a_spec(job_dir=job_dir))
    assert (found and str(found)) == expected
