from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import DIALECTS, read, read_file
from dowse.domain.spec import Argv, PythonModule, StoppingSpec
from dowse.errors import InvalidInput, Location, Severity

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "examples" / "ai_platform" / "reference" / "hptuning_config.yaml"
NATIVE = ROOT / "examples" / "native" / "tune.yaml"

SPEC: dict[str, Any] = {
    "goal": "MAXIMIZE",
    "hyperparameterMetricTag": "metric1",
    "maxTrials": 30,
    "maxParallelTrials": 1,
    "enableTrialEarlyStopping": True,
    "params": [
        {
            "parameterName": "hidden1",
            "type": "INTEGER",
            "minValue": 40,
            "maxValue": 400,
            "scaleType": "UNIT_LINEAR_SCALE",
        },
        {"parameterName": "numRnnCells", "type": "DISCRETE", "discreteValues": [1, 2, 3, 4]},
        {
            "parameterName": "rnnCellType",
            "type": "CATEGORICAL",
            "categoricalValues": [
                "BasicLSTMCell",
                "BasicRNNCell",
                "GRUCell",
                "LSTMCell",
                "LayerNormBasicLSTMCell",
            ],
        },
    ],
}
INPUT = {
    "scaleTier": "CUSTOM",
    "masterType": "complex_model_m",
    "workerType": "complex_model_m",
    "parameterServerType": "large_model",
    "workerCount": 9,
    "parameterServerCount": 3,
    "hyperparameters": SPEC,
}


def context(**given: Any) -> ReadContext:
    return ReadContext(**{"folder": "/jobs", "module_name": "trainer.task", **given})


def test_the_reference_example_is_one_job_in_all_its_notations() -> None:
    sources: list[Any] = [
        REFERENCE.read_text(encoding="utf-8"),
        {"trainingInput": INPUT},
        INPUT,
        json.dumps({"trainingInput": INPUT}),
        json.dumps(INPUT, indent="\t"),
        repr({"trainingInput": INPUT}),
        f"training_inputs = {INPUT!r}",
    ]
    specs = [read(source, context=context()).spec for source in sources]
    assert {repr((spec.space, spec.objectives, spec.limits)) for spec in specs} == {
        repr((specs[0].space, specs[0].objectives, specs[0].limits))
    }
    assert all(spec.stopping == StoppingSpec(rule="auto") for spec in specs)
    assert [spec.limits.trials for spec in specs] == [30] * 7


def test_a_mapping_names_the_path_without_a_line() -> None:
    with pytest.raises(InvalidInput) as caught:
        read({"trainingInput": {"hyperparameters": {"params": 5}}}, context=context())
    assert str(caught.value) == (
        "trainingInput.hyperparameters.params: must be a list of parameters, each beginning with "
        "`- parameterName:`, got 5"
    )


def test_a_file_is_named_in_every_message(tmp_path: Path) -> None:
    path = tmp_path / "job.yaml"
    path.write_text("trainingInput:\n  hyperparameters:\n    maxTrials: x\n    params: []\n")
    with pytest.raises(InvalidInput) as caught:
        read_file(path, context=context())
    first = caught.value.problems[0]
    assert first.location == Location(file=str(path), line=3, column=16)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name: \xff\n", "job.yaml:1:7: is not text in UTF-8: byte 0xff; save it as UTF-8"),
        (b"#" * 300_000, "job.yaml:1:1: is larger than 256 KiB; a job file is a few lines"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "job.yaml"
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        read_file(path, context=context())
    assert str(caught.value) == f"{tmp_path}/{message}"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read: No such file or directory; give the"):
        read_file(tmp_path / "none.yaml", context=context())
    with pytest.raises(InvalidInput, match="cannot be read: Is a directory"):
        read_file(tmp_path, context=context())


def test_a_dialect_may_be_named() -> None:
    with pytest.raises(InvalidInput, match="there is no dialect 'natve'; did you mean native"):
        read("a: 1", context=context(), dialect="natve")
    with pytest.raises(InvalidInput, match="hello: is not a key that is known here"):
        read("hello: 1", context=context(), dialect="native")


def test_every_row_of_the_table_is_under_its_own_name() -> None:
    assert {name: dialect.name for name, dialect in DIALECTS.items()} == {
        name: name for name in DIALECTS
    }
    assert set(DIALECTS) == {"native", "ai_platform", "openbayes", "azure_ml"}


def test_the_command_line_wins_over_the_document() -> None:
    source = {
        "jobId": "one",
        "trainingInput": {
            "hyperparameters": {"maxTrials": 20, "params": SPEC["params"][:1]},
            "pythonModule": "other.task",
            "args": ["--epochs", "5"],
            "jobDir": "gs://bucket/out",
        },
    }
    given = context(
        name="two",
        seed=7,
        package_path="code/trainer",
        job_dir="out",
        python="/usr/bin/python3",
        arguments=("--epochs", "9"),
    )
    spec = read(source, context=given).spec
    assert (spec.name, spec.seed) == ("two", 7)
    assert spec.launch.program == PythonModule("trainer.task", ("--epochs", "5", "--epochs", "9"))
    assert spec.launch.code.root == "/jobs/code"
    assert spec.launch.job_dir == "/jobs/out"
    assert spec.launch.python == "/usr/bin/python3"
    alone = read(source, context=ReadContext(folder="/jobs")).spec
    assert (alone.name, alone.seed) == ("one", 0)
    assert alone.launch.program == PythonModule("other.task", ("--epochs", "5"))
    assert alone.launch.code.root == "/jobs"
    assert alone.launch.job_dir == "gs://bucket/out"


@pytest.mark.parametrize(
    ("package_path", "root"),
    [
        ("trainer", "/jobs"),
        ("./trainer/", "/jobs"),
        ("/a/b/trainer", "/a/b"),
        ("/a/b/..", "/"),
        ("../x/t", "/x"),
    ],
)
def test_the_code_is_the_parent_of_the_package(package_path: str, root: str) -> None:
    spec = read({"trainingInput": INPUT}, context=context(package_path=package_path)).spec
    assert spec.launch.code.root == root


def test_without_a_program_both_ways_to_name_one_are_shown() -> None:
    with pytest.raises(InvalidInput) as caught:
        read({"trainingInput": INPUT}, context=ReadContext(folder="/jobs"))
    assert str(caught.value) == (
        "trainingInput: says nothing about the program to run: give --module-name trainer.task "
        "--package-path trainer, or write `pythonModule: trainer.task` under trainingInput"
    )


def test_a_container_s_command_runs_here_and_places_nothing() -> None:
    source = INPUT | {
        "masterConfig": {"containerCommand": ["python", "x.py", "${A}"], "containerArgs": ["-v"]}
    }
    reading = read(source, context=ReadContext(folder="/jobs", arguments=("--more",)))
    assert reading.spec.launch.program == Argv(("python", "x.py", "$${A}", "-v", "--more"))
    assert any("runs on this machine" in warning.message for warning in reading.warnings)


def test_a_wrong_module_name_says_what_was_meant() -> None:
    with pytest.raises(InvalidInput, match=r"--module-name: must be .* did you mean trainer\.task"):
        read({"trainingInput": INPUT}, context=context(module_name="trainer/task.py"))


def test_arguments_of_the_command_line_follow_a_native_command() -> None:
    native = {
        "command": "python train.py",
        "metric": "loss",
        "goal": "minimize",
        "parameters": {"a": [1, 2]},
        "limits": {"trials": 20},
    }
    plain = ReadContext(folder="/jobs", arguments=("--x", "1"))
    assert read(native, context=plain).spec.launch.program == Argv(
        ("python", "train.py", "--x", "1")
    )
    with pytest.raises(InvalidInput, match="command: and --module-name cannot both be given"):
        read(native, context=context())
    shell = {key: value for key, value in native.items() if key != "command"} | {"shell": "make"}
    with pytest.raises(InvalidInput, match="shell: takes no further arguments: put '--x 1' into"):
        read(shell, context=plain)
    bare = {key: value for key, value in native.items() if key != "command"}
    spec = read(bare, context=context(package_path="a/trainer")).spec
    assert spec.launch.program == PythonModule("trainer.task")
    assert spec.launch.code.root == "/jobs/a"


def test_the_document_s_interpreter_wins_over_the_command_line_s() -> None:
    source = NATIVE.read_text(encoding="utf-8")
    plain = ReadContext(folder="/jobs", python="/usr/bin/python3")
    assert read(source, context=plain).spec.launch.python == "/usr/bin/python3"
    named = read(source + "python: .venv/bin/python\n", context=plain).spec
    assert named.launch.python == "/jobs/.venv/bin/python"
    assert read(source + "python: python3.12\n", context=plain).spec.launch.python == "python3.12"


def test_warnings_are_kept_with_the_spec_and_advice_is_not() -> None:
    reading = read_file(REFERENCE, context=context())
    assert all(warning.severity is Severity.WARNING for warning in reading.warnings)
    assert len(reading.spec.warnings) == 1
    assert "scaleTier CUSTOM" in reading.spec.warnings[0]
    source = re.sub(r"\btrials: \d+", "trials: 10", NATIVE.read_text(encoding="utf-8"))
    advised = read(source, context=ReadContext(folder="/jobs"))
    assert advised.spec.warnings == ()
    assert "allows 10 trials for 6 parameters" in str(advised.warnings[0])


def test_the_document_is_kept_as_it_was_written() -> None:
    spec = read_file(NATIVE, context=ReadContext(folder="/jobs")).spec
    assert spec.document == NATIVE.read_text(encoding="utf-8")
    assert spec.dialect == "native"


def test_reading_costs_little_and_loads_nothing_heavy() -> None:
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from dowse.dialects.protocol import ReadContext\n"
        "from dowse.dialects.registry import read_file\n"
        f"read_file(Path({str(REFERENCE)!r}), "
        "context=ReadContext(folder='/jobs', module_name='trainer.task'))\n"
        "heavy = {'numpy', 'scipy', 'pydantic', 'sqlalchemy', 'httpx', 'rich', 'typer'}\n"
        "print(heavy & set(sys.modules) or 'light', time.process_time())\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded, seconds = result.stdout.split()
    assert loaded == "light"
    assert float(seconds) < 0.5
