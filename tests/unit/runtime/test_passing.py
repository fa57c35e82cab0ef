"""How constants, renamed and composed parameters, inputs and outputs reach a program."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.parameters import Categorical, Double, Integer, Parameter
from dowse.domain.spec import (
    Argv,
    DataInput,
    DataKind,
    JobSpec,
    Literal,
    Passing,
    Program,
    PythonModule,
    Shell,
)
from dowse.errors import InvalidInput
from dowse.runtime.checks import problems
from dowse.runtime.inputs import check_local_inputs, fetch_inputs
from dowse.runtime.launch import LaunchPlan, build_launch, event_roots
from tests.unit.runtime.specs import a_spec, a_trial

DIRECTORY = Path("/data/jobs/digits/trials/7")
ONE = (Integer("layers", 1, 6),)
INPUTS = {
    "rate": Literal(0.9, "0.90"),
    "iris": DataInput(DataKind.FILE, "/data/iris.csv"),
    "photos": DataInput(DataKind.FOLDER, "s3://bucket/photos%20all/"),
}
OUTPUTS = {"model": DataKind.FOLDER, "report": DataKind.FILE}


def plan(spec: JobSpec, values: dict[str, Any], **options: Any) -> LaunchPlan:
    given: dict[str, Any] = {
        "directory": DIRECTORY,
        "base_env": {"PATH": "/bin"},
        "python": "/venv/bin/python",
        "unreachable_dir": Path("/data/unreachable"),
        "inputs_dir": Path("/data/jobs/digits/inputs"),
        **options,
    }
    return build_launch(spec, a_trial(values), **given)


def said(
    program: Program, parameters: tuple[Parameter, ...] = ONE, **launch: Any
) -> dict[str, str]:
    spec = a_spec(program, parameters=parameters, **launch)
    return {problem.path: problem.message for problem in problems(spec)}


def test_constants_go_the_way_of_parameters_which_win() -> None:
    constants = {"epochs": Literal(5, "5"), "layers": Literal(1, "1"), "rate": Literal(0.1, "0.10")}
    passing = Passing(constants=constants, file="openbayes_params.json")
    spec = a_spec(Argv(("./train", "-r", "${rate}")), parameters=ONE, passing=passing)
    made = plan(spec, {"layers": 3})
    assert made.launch.argv == ("./train", "-r", "0.10", "--epochs=5", "--layers=3")
    assert made.launch.environment["DOWSE_PARAM_EPOCHS"] == "5"
    expected = {"epochs": 5, "layers": 3, "rate": 0.1}
    assert json.loads(made.files["parameters.json"]) == expected
    assert json.loads(made.files["work/openbayes_params.json"]) == expected


def test_inputs_and_outputs_have_places_and_variables() -> None:
    words = ("./train", "--data=${inputs.iris}", "${inputs.photos}", "--out", "${outputs.model}")
    passing = Passing(append=False, variable_prefixes=("AZUREML_SWEEP_",))
    spec = a_spec(Argv(words), parameters=ONE, inputs=INPUTS, outputs=OUTPUTS, passing=passing)
    made = plan(spec, {"layers": 3})
    photos = "/data/jobs/digits/inputs/photos/photos all"
    model = str(DIRECTORY / "outputs" / "model")
    assert made.launch.argv == ("./train", "--data=/data/iris.csv", photos, "--out", model)
    environment = made.launch.environment
    assert {name: text for name, text in environment.items() if "AZUREML" in name} == {
        "AZUREML_SWEEP_rate": "0.90",
        "AZUREML_SWEEP_iris": "/data/iris.csv",
        "AZUREML_SWEEP_photos": photos,
        "AZUREML_SWEEP_model": model,
        "AZUREML_SWEEP_report": str(DIRECTORY / "outputs" / "report"),
        "AZUREML_SWEEP_layers": "3",
    }
    assert environment["DOWSE_INPUT_IRIS"] == "/data/iris.csv"
    assert environment["DOWSE_OUTPUT_MODEL"] == model
    assert made.folders[1:] == (DIRECTORY / "outputs", DIRECTORY / "outputs" / "model")
    assert made.outputs == DIRECTORY / "outputs"
    assert event_roots(spec, made)["outputs"] == made.outputs


def test_outputs_lie_in_the_job_directory_when_there_is_one() -> None:
    spec = a_spec(parameters=ONE, outputs=OUTPUTS, job_dir="/out")
    made = plan(spec, {"layers": 3})
    assert made.outputs == Path("/out/7")
    assert made.folders[1:] == (Path("/out/7"), Path("/out/7/model"))
    assert made.launch.environment["DOWSE_JOB_DIR"] == "/out/7"


NESTED = (
    Categorical("model", ["linear", "forest"]),
    Double("model.0.lr", 0.0, 1.0, when=Condition("model", Comparison.EQUAL, ("linear",))),
    Double("model.1.lr", 0.0, 0.1, when=Condition("model", Comparison.EQUAL, ("forest",))),
    Integer("trees", 1, 9, when=Condition("model", Comparison.EQUAL, ("forest",))),
)
RENAMED = Passing(names={"model.0.lr": "lr", "model.1.lr": "lr"}, composed=("model",))


def test_parameters_that_exclude_each_other_may_share_a_name() -> None:
    spec = a_spec(Argv(("./train", "--lr=${lr}")), parameters=NESTED, passing=RENAMED)
    assert problems(spec) == ()
    linear = plan(spec, {"model": "linear", "model.0.lr": 0.5})
    assert linear.launch.argv == ("./train", "--lr=0.5", '--model={"lr": 0.5}')
    forest = plan(spec, {"model": "forest", "model.1.lr": 0.05, "trees": 3})
    assert forest.launch.argv == (
        "./train",
        "--lr=0.05",
        '--model={"lr": 0.05, "trees": 3}',
        "--trees=3",
    )


def test_parameters_that_meet_may_not_share_a_name() -> None:
    passing = Passing(names={"trees": "lr", "model.1.lr": "lr"})
    assert said(Argv(("x",)), NESTED, passing=passing) == {
        "names.trees": "model.1.lr and trees can be active together, and the program would get "
        "both as 'lr'; only parameters that exclude each other may share a name"
    }


def test_a_name_that_only_some_cases_have_has_no_place() -> None:
    assert said(Argv(("x", "${trees}")), NESTED, passing=RENAMED)["command"] == (
        '${trees} has no value unless model == "forest"; leave it out, and --trees=value is '
        "appended whenever it is active"
    )


@pytest.mark.parametrize(
    ("launch", "path", "message"),
    [
        (
            {"passing": Passing(names={"no": "x"})},
            "names.no",
            "is not a parameter; there are layers",
        ),
        (
            {"passing": Passing(composed=("layers",))},
            "composed[0]",
            "must be a parameter that opens others (none), got 'layers'",
        ),
        (
            {"passing": Passing(file="../x.json")},
            "parameters_file",
            "must be the name of a file in the working directory, got '../x.json'",
        ),
        (
            {"passing": Passing(variable_prefixes=("DOWSE_X",))},
            "variable_prefixes[0]",
            "begins the names of Dowse's own variables; choose another, got 'DOWSE_X'",
        ),
        (
            {"passing": Passing(variable_prefixes=("1=",))},
            "variable_prefixes[0]",
            "must be letters, digits and '_', such as TUNED_, got '1='",
        ),
        (
            {"passing": Passing(constants={"a=b": Literal(1, "1")})},
            "constants.a=b",
            "a parameter name has at most 256 characters, no '=' and no control characters, "
            "got 'a=b'",
        ),
        (
            {"inputs": {"a/b": Literal(1, "1")}},
            "inputs.a/b",
            "must be named by letters, digits, '_' or '-', got 'a/b'",
        ),
        (
            {"inputs": {"a-b": Literal(1, "1"), "a_b": Literal(1, "1")}},
            "inputs.a_b",
            "and a-b would both be DOWSE_INPUT_A_B in the environment; rename one",
        ),
    ],
)
def test_what_cannot_be_passed_is_named(launch: dict[str, Any], path: str, message: str) -> None:
    assert said(Argv(("x",)), **launch)[path] == message


def test_a_value_never_becomes_text_of_an_inner_shell() -> None:
    words = ("/bin/bash", "-lc", "train --lr ${layers} --in ${inputs.rate}")
    assert said(Argv(words), inputs=INPUTS) == {
        "command": "${layers} would become text of a shell, which carries out what a value says; "
        'write "$DOWSE_PARAM_LAYERS" there, which the shell only reads'
    }
    assert said(Argv(("bash", "run.sh", "${layers}"))) == {}
    assert said(Shell("train"), inputs=INPUTS) == {}


def test_inputs_of_this_machine_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    good = DataInput(DataKind.FOLDER, f"file://{tmp_path}/folder")
    wrong = DataInput(DataKind.FILE, str(tmp_path / "folder"))
    remote = DataInput(DataKind.FILE, "gs://bucket/x")
    spec = a_spec(inputs={"good": good, "wrong": wrong, "remote": remote})
    with pytest.raises(InvalidInput) as caught:
        check_local_inputs(spec.launch)
    assert str(caught.value) == (
        "inputs.wrong: must be a file of this machine or a URL, and there is none at "
        f"{tmp_path}/folder"
    )


def test_a_url_is_fetched_to_where_the_program_is_told(tmp_path: Path) -> None:
    import fsspec

    with fsspec.open("memory://fetching/photos/one.txt", "w") as file:
        file.write("1")
    inputs = {"photos": DataInput(DataKind.FOLDER, "memory://fetching/photos")}
    spec = a_spec(PythonModule("task"), parameters=ONE, inputs=inputs)
    fetch_inputs(spec.launch, tmp_path)
    told = plan(spec, {"layers": 1}, inputs_dir=tmp_path).launch.environment["DOWSE_INPUT_PHOTOS"]
    assert Path(told, "one.txt").read_text() == "1"


def test_a_url_that_cannot_be_fetched_is_named(tmp_path: Path) -> None:
    spec = a_spec(inputs={"iris": DataInput(DataKind.FILE, "nowhere://x/iris.csv")})
    with pytest.raises(InvalidInput) as caught:
        fetch_inputs(spec.launch, tmp_path)
    # What a library of file systems says of it, and whether there is one, is not ours.
    assert re.fullmatch(
        r"inputs\.iris: cannot be fetched from nowhere://x/iris\.csv: \w+Error: .+; "
        "give a path of this machine",
        str(caught.value),
    )
