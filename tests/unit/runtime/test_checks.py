"""What is refused of a command before any trial is started."""

from typing import Any

import pytest

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.parameters import Categorical, Double, Parameter
from dowse.domain.spec import Argv, Program, PythonModule, Resources, Shell
from dowse.errors import Severity
from dowse.runtime.checks import problems
from tests.unit.runtime.specs import PARAMETERS, a_spec

CONDITIONAL = (
    Categorical("optimizer", ["sgd", "adam"]),
    Double("momentum", 0.0, 1.0, when=Condition("optimizer", Comparison.EQUAL, ("sgd",))),
)


def said(
    program: Program, parameters: tuple[Parameter, ...] = PARAMETERS, **launch: Any
) -> list[str]:
    return [str(problem) for problem in problems(a_spec(program, parameters=parameters, **launch))]


@pytest.mark.parametrize(
    "program",
    [
        Argv(("./train", "${lr}", "$${anything}", "$HOME")),
        Shell('train "$DOWSE_PARAM_LR" "${HOME}"'),
        PythonModule("trainer.task"),
    ],
)
def test_an_ordinary_command_has_no_problem(program: Program) -> None:
    assert said(program) == []


def test_a_place_for_no_parameter_is_named() -> None:
    assert said(Argv(("./train", "${rate}"))) == [
        "command: ${rate} is not a parameter; there are lr, layers, batch, optimizer. "
        "For the text itself write $${rate}"
    ]


def test_a_placed_parameter_that_can_be_inactive_is_refused() -> None:
    assert said(Argv(("./train", "--m=${momentum}")), CONDITIONAL) == [
        """command: ${momentum} has no value unless optimizer == "sgd"; leave it out, and """
        "--momentum=value is appended whenever it is active"
    ]


def test_a_place_in_a_shell_command_is_refused_with_the_variable_to_use() -> None:
    assert said(Shell("./train --lr ${lr}")) == [
        'command: ${lr} is an empty variable of the shell; write "$DOWSE_PARAM_LR"'
    ]
    assert said(Shell("./train --lr ${lr}"), env={"lr": "1"}) == []


def test_a_job_directory_that_a_shells_text_does_not_use_is_a_warning() -> None:
    assert said(Shell("./train"), job_dir="/out") == [
        'job_dir: is not appended to text for a shell; write --job-dir="$DOWSE_JOB_DIR" there'
    ]
    assert said(Shell('./train --job-dir="$DOWSE_JOB_DIR"'), job_dir="/out") == []


def test_a_value_that_would_become_an_option_is_a_warning() -> None:
    parameters = (Categorical("flag", ["--force", "-1.5"]),)
    (problem,) = problems(a_spec(Argv(("./train", "${flag}")), parameters=parameters))
    assert problem.severity is Severity.WARNING
    assert problem.message == ("${flag} alone becomes the option '--force'; write --flag=${flag}")
    assert said(Argv(("./train", "--flag=${flag}")), parameters) == []


@pytest.mark.parametrize("program", [Argv(()), Argv(("",)), Shell("  ")])
def test_a_command_must_name_something(program: Program) -> None:
    (text,) = said(program)
    assert text.startswith("command: must ")


def test_a_module_is_a_dotted_name() -> None:
    assert said(PythonModule("trainer/task.py")) == [
        "module: must be the dotted name of a module, got 'trainer/task.py'"
    ]


def test_two_names_that_become_one_variable_are_refused() -> None:
    parameters = (Double("a-b", 0.0, 1.0), Double("a_b", 0.0, 1.0))
    assert said(Argv(("x",)), parameters) == [
        "parameters.a_b: and a-b would both be DOWSE_PARAM_A_B in the environment; rename one"
    ]


def test_a_zero_byte_cannot_be_passed() -> None:
    (text,) = said(Argv(("x",)), (Categorical("v", ["a\0b"]),))
    assert text == ("parameters.v.values: holds 'a\\x00b', and no command can carry a zero byte")


@pytest.mark.parametrize("name", ["DOWSE_TOKEN", "CLOUD_ML_TRIAL_ID", "TF_CONFIG"])
def test_variables_that_dowse_sets_cannot_be_given(name: str) -> None:
    text = f"env.{name}: is set by Dowse for every trial and cannot be given"
    assert said(Argv(("x",)), env={name: "1"}) == [text]


def test_an_impossible_variable_is_refused() -> None:
    (text,) = said(Argv(("x",)), env={"A=B": "1"})
    assert text.startswith("env.A=B: must be a name without '='")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("acc=(?P<value>[", "metric.stdout: must be a regular expression, got 'acc=(?P<value>['"),
        (r"acc=(\S+)", "metric.stdout: must hold the group (?P<value>…), got 'acc=(\\\\S+)'"),
        (
            "(?P<value>.)(?P<epoch>.)",
            "metric.stdout: knows the groups value, metric and step, got 'epoch'",
        ),
    ],
)
def test_a_pattern_that_cannot_work_is_refused(pattern: str, words: str) -> None:
    (text,) = said(Argv(("x",)), stdout_pattern=pattern)
    assert text.startswith(words)


def test_an_event_directory_is_one_trials_own() -> None:
    (text,) = said(Argv(("x",)), event_dirs=("logs",))
    assert text.startswith("event_dirs[0]: must hold ${trial}")
    assert said(Argv(("x",)), event_dirs=("gs://b/${trial}",)) == [
        "event_dirs[0]: must be a directory of this machine, got gs://"
    ]


def test_memory_that_nothing_enforces_is_said() -> None:
    [problem] = problems(a_spec(resources=Resources(cpus=1, memory_mb=4096)))
    assert problem.severity is Severity.WARNING
    assert str(problem).startswith("resources.memory: is kept and shown, but neither limits")
    assert problems(a_spec(resources=Resources(cpus=1, gpus=1))) == ()
