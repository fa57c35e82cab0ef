"""What a trial of each foreign dialect finds when it starts, proved by whole jobs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.commands import Place, place_in


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with place_in(tmp_path) as place:
        yield place


TUNING = """
parameters: {filter_size: 5, epochs: 3, note: "a b; touch PWNED"}
hyper_tuning:
  max_job_count: 10
  hyperparameter_metric: score
  goal: MAXIMIZE
  algorithm: Grid
  parameter_specs:
  - {name: filter_size, type: DISCRETE, discrete_values: [1, 2]}
  - {name: kind, type: CATEGORICAL, categorical_values: ["A", "$(touch PWNED)"]}
"""

WITNESS = """
import json, os, sys
parameters = json.load(open("openbayes_params.json"))
with open(os.environ["DOWSE_REPORT_FILE"], "a") as file:
    file.write(json.dumps({"step": 0, "score": float(parameters["filter_size"])}) + "\\n")
with open(os.path.join(os.environ["FLAGS"], os.environ["DOWSE_TRIAL_NUMBER"]), "w") as file:
    json.dump({"argv": sys.argv[1:], "parameters": parameters}, file)
"""


def witnessed(place: Place) -> list[dict[str, Any]]:
    found = sorted(place.folder.glob("[0-9]*"), key=lambda path: int(path.name))
    return [json.loads(path.read_text()) for path in found]


@pytest.mark.parametrize("start", ["", "true && "], ids=["words", "shell"])
def test_an_openbayes_trial_gets_its_values_in_a_file_and_as_arguments(
    place: Place, start: str
) -> None:
    (place.folder / "train.py").write_text(WITNESS)
    command = f"{start}python train.py --base=1"
    (place.folder / "openbayes.yaml").write_text(f"command: {command}\n{TUNING}")
    result = place.document("run", "openbayes.yaml")
    assert result["reason"] == "search_space_exhausted"
    trials = witnessed(place)
    assert len(trials) == 4
    for trial in trials:
        parameters = trial["parameters"]
        assert parameters["epochs"] == 3
        assert parameters["note"] == "a b; touch PWNED"
        assert parameters["filter_size"] in (1, 2)
        expected = ["--base=1", f"--filter_size={parameters['filter_size']}", "--epochs=3"]
        expected += ["--note=a b; touch PWNED", f"--kind={parameters['kind']}"]
        assert sorted(trial["argv"]) == sorted(expected)
    assert not list(place.folder.rglob("PWNED")) + list(place.data.rglob("PWNED"))


def test_an_openbayes_job_whose_trial_reports_nothing_ends_as_no_metric(place: Place) -> None:
    (place.folder / "train.py").write_text("print('nothing')\n")
    (place.folder / "openbayes.yaml").write_text(f"command: python train.py\n{TUNING}")
    result = place.document("run", "openbayes.yaml", code=1)
    assert (result["state"], result["reason"]) == ("failed", "no_metric")


SWEEP = """
type: sweep
name: sweep-1
trial:
  command: >-
    COMMAND --data ${{inputs.data}} --rate ${{inputs.rate}} --kind "${{search_space.kind}}"
    --model ${{outputs.model}}
  environment: azureml:any:1
inputs:
  data: {type: uri_file, path: data/iris.csv}
  rate: 0.90
outputs: {model: , report: {type: uri_file}}
sampling_algorithm: grid
search_space:
  kind: {type: choice, values: ["$(touch PWNED)", "hello world"]}
objective: {goal: minimize, primary_metric: loss}
limits: {max_total_trials: 2, max_concurrent_trials: 1, trial_timeout: 60}
"""

TRAIN = """
import json, os, sys
words = dict(zip(sys.argv[1::2], sys.argv[2::2]))
text = open(words["--data"]).read()
with open(os.path.join(words["--model"], "weights"), "w") as file:
    file.write(text)
with open(os.environ["AZUREML_SWEEP_report"], "w") as file:
    file.write(words["--kind"])
with open(os.environ["DOWSE_REPORT_FILE"], "a") as file:
    file.write(json.dumps({"step": 0, "loss": 0.5}) + "\\n")
    file.write(json.dumps({"step": 1, "loss": 0.7}) + "\\n")
swept = {name: value for name, value in os.environ.items() if name.startswith("AZUREML_SWEEP_")}
with open(os.path.join(os.environ["FLAGS"], os.environ["DOWSE_TRIAL_NUMBER"]), "w") as file:
    json.dump({"words": words, "swept": swept}, file)
"""


@pytest.mark.parametrize("start", ["", "true && "], ids=["words", "shell"])
def test_an_azure_trial_gets_templates_inputs_outputs_and_variables(
    place: Place, start: str
) -> None:
    (place.folder / "train.py").write_text(TRAIN)
    (place.folder / "data").mkdir()
    (place.folder / "data" / "iris.csv").write_text("1,2,3\n")
    (place.folder / "sweep.yml").write_text(SWEEP.replace("COMMAND", f"{start}python train.py"))
    result = place.document("run", "sweep.yml")
    assert result["state"] == "succeeded"
    assert result["best"]["objective"] == 0.5  # The best report counts, not the last.
    first, second = witnessed(place)
    assert [first["words"]["--kind"], second["words"]["--kind"]] == [
        "$(touch PWNED)",
        "hello world",
    ]
    assert first["words"]["--rate"] == "0.90"
    assert first["words"]["--data"] == str(place.folder / "data" / "iris.csv")
    model = Path(first["words"]["--model"])
    assert (model / "weights").read_text() == "1,2,3\n"
    assert first["swept"] == {
        "AZUREML_SWEEP_kind": "$(touch PWNED)",
        "AZUREML_SWEEP_data": str(place.folder / "data" / "iris.csv"),
        "AZUREML_SWEEP_rate": "0.90",
        "AZUREML_SWEEP_model": str(model),
        "AZUREML_SWEEP_report": str(model.with_name("report")),
    }
    assert model.with_name("report").read_text() == "$(touch PWNED)"
    assert not list(place.folder.rglob("PWNED")) + list(place.data.rglob("PWNED"))


def test_an_input_that_is_not_there_is_refused_before_anything_is_created(place: Place) -> None:
    (place.folder / "train.py").write_text(TRAIN)
    (place.folder / "sweep.yml").write_text(SWEEP.replace("COMMAND", "python train.py"))
    refused = place.dowse("run", "sweep.yml", code=2)
    path = place.folder / "data" / "iris.csv"
    assert "inputs.data: must be a file of this machine or a URL, and there is none at" in (
        " ".join(refused.stderr.split())
    )
    assert str(path) in refused.stderr.replace("\n", "")
    assert not (place.data / "jobs" / "sweep-1").exists()


def test_a_bucket_as_job_directory_is_mapped_said_and_ready_to_be_written(place: Place) -> None:
    (place.folder / "train.py").write_text(
        "import os, sys\n"
        "folder = sys.argv[1].removeprefix('--job-dir=')\n"
        "open(os.path.join(folder, 'model'), 'w').close()\n"
        "open(os.environ['DOWSE_REPORT_FILE'], 'a').write('{\"loss\": 1}\\n')\n"
    )
    (place.folder / "job.yaml").write_text(
        "{name: bucket, command: python train.py, metric: loss, goal: minimize,"
        " job_dir: 'gs://b/d', parameters: {x: [1]}}\n"
    )
    result = place.document("run", "job.yaml")
    assert result["state"] == "succeeded"
    assert Path(result["best"]["output_dir"], "model").exists()
    page = place.dowse("jobs", "show", "bucket").stdout
    assert "job directory gs://b/d cannot be reached from here: outputs go to" in page
