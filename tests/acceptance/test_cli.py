"""Whole jobs through the command, each with another kind of program or ending.

One server works for all of them, as on a machine where it always runs.
"""

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.commands import Place, by_number, finish, place_in, wait_until

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place_in(tmp_path_factory.mktemp("served")) as place:
        server = place.start("serve")
        wait_until((place.data / "owner.json").exists, "the server is there")
        yield place
        server.send_signal(signal.SIGTERM)
        finish(server, code=0)


@pytest.fixture
def place(served: Place, tmp_path: Path) -> Place:
    """A folder of its own for each test, the data directory of the server."""
    return Place(folder=tmp_path, data=served.data)


def run(place: Place, name: str, *words: str, code: int = 0) -> Any:
    return place.document("run", "job.yaml", "--name", name, *words, code=code)


def test_json_is_one_document_on_standard_output_and_progress_goes_elsewhere(place: Place) -> None:
    place.program('report(3, score=float(P["X"]), other=1)\n', trials=2)
    ended = place.dowse("run", "job.yaml", "--name", "plain", "--json")
    document = json.loads(ended.stdout)
    assert list(document)[:6] == ["name", "state", "reason", "message", "best", "trials"]
    assert (document["name"], document["state"]) == ("plain", "succeeded")
    assert document["reason"] == "trials_done"
    best = max(document["trials"], key=lambda trial: trial["objective"])
    assert document["best"] == best
    for number, trial in by_number(document).items():
        assert trial["state"] == "succeeded"
        assert trial["objective"] == pytest.approx(trial["parameters"]["x"])
        assert trial["step"] == 3
        assert trial["output_dir"] == str(place.data / f"jobs/plain/trials/{number}/work")
    assert "trial 1 succeeded: score" in ended.stderr
    assert "job succeeded: all 2 trials are done" in ended.stderr


def test_the_summary_says_what_came_out_and_where_it_lies(place: Place) -> None:
    place.program('report(3, score=float(P["X"]))\n', trials=2)
    ended = place.dowse("run", "job.yaml", "--name", "summed", "--quiet")
    assert ended.stderr == ""
    assert "summed succeeded: all 2 trials are done" in ended.stdout
    assert "Best of 2 results by score, highest first:" in ended.stdout
    assert f"Trials and logs: {place.data}/jobs/summed/trials" in ended.stdout
    assert "dowse jobs show summed" in ended.stdout


def test_the_words_after_two_dashes_reach_the_program(place: Place) -> None:
    place.program("print(sys.argv[1:]); report(1, score=1)\n", trials=1)
    words = ("run", "job.yaml", "--name", "words", "--json", "--", "--epochs", "3")
    trial = json.loads(place.dowse(*words).stdout)["trials"][0]
    printed = place.dowse("trials", "logs", "words", "1").stdout
    assert printed == f"['--epochs', '3', '--x={trial['parameters']['x']!r}']\n"
    stray = place.dowse("run", "job.yaml", "stray", code=2)
    assert "unexpected extra argument(s) (stray)" in stray.stderr


def test_a_name_that_exists_is_refused_with_what_to_do(place: Place) -> None:
    place.program("report(1, score=1)\n", trials=1)
    run(place, "taken")
    refused = place.dowse("run", "job.yaml", "--name", "taken", code=2)
    assert "a job named 'taken' exists; choose another --name" in refused.stderr
    assert "dowse resume taken" in refused.stderr


def test_a_first_trial_that_fails_ends_the_job_with_its_last_words(place: Place) -> None:
    place.program("sys.exit('no such data: digits.csv')\n", trials=5)
    ended = place.dowse("run", "job.yaml", "--name", "broken", "--json", code=1)
    document = json.loads(ended.stdout)
    assert (document["state"], document["reason"]) == ("failed", "first_trial_failed")
    assert len(document["trials"]) == 1
    assert document["trials"][0]["exit_code"] == 1
    line = "trial 1 failed: exit code 1; its last words: no such data: digits.csv"
    assert ended.stderr.count(line) == 1
    assert document["best"] is None


def test_a_program_that_names_another_metric_is_told_what_arrived(place: Place) -> None:
    place.program("report(1, scores=1, loss=2)\n", trials=2)
    document = run(place, "misnamed", code=1)
    assert (document["state"], document["reason"]) == ("failed", "no_metric")
    trial = document["trials"][0]
    assert (trial["state"], trial["reason"]) == ("failed", "no_metric")
    assert "it did report loss, scores; did you mean 'scores'?" in trial["message"]


def test_a_trial_over_its_time_is_cancelled_with_its_children(place: Place) -> None:
    place.program(
        "import subprocess\nreport(1, score=1)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'],"
        " start_new_session=True)\n"
        "open(os.environ['FLAGS'] + '/flag-child', 'w').write(str(child.pid)); time.sleep(60)\n",
        trials=1,
    )
    _limit(place, "trial_timeout: 1s")
    trial = run(place, "slow")["trials"][0]
    assert (trial["state"], trial["reason"]) == ("cancelled", "timeout")
    assert trial["objective"] == 1
    assert not Path("/proc", place.flag("child").read_text(), "cmdline").exists()


def _limit(place: Place, text: str) -> None:
    job = place.folder / "job.yaml"
    job.write_text(job.read_text().replace("limits: {", f"limits: {{{text}, "))


def test_a_job_over_its_time_is_cancelled(place: Place) -> None:
    place.program("report(1, score=1); time.sleep(60)\n", trials=9)
    _limit(place, "timeout: 1s")
    document = run(place, "late", code=4)
    assert (document["state"], document["reason"]) == ("cancelled", "timeout")
    assert [trial["state"] for trial in document["trials"]] == ["cancelled"]


def test_a_grid_ends_when_every_configuration_was_tried(place: Place) -> None:
    place.program('report(1, score=float(P["A"]) * 2 + float(P["B"] == "y"))\n')
    (place.folder / "job.yaml").write_text(
        "command: python train.py\nmetric: score\ngoal: maximize\nalgorithm: grid\n"
        "parameters: {a: [1, 2], b: {type: categorical, values: [x, y]}}\n"
        "limits: {parallel: 2}\n"
    )
    document = run(place, "grid")
    assert document["reason"] == "search_space_exhausted"
    assert len(document["trials"]) == 4
    assert document["best"]["parameters"] == {"a": 2, "b": "y"}
    assert document["best"]["objective"] == 5


def test_a_program_that_uses_hypertune_runs_unchanged_from_a_google_file(place: Place) -> None:
    package = place.folder / "trainer"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "task.py").write_text(
        "import argparse, hypertune\n"
        "parser = argparse.ArgumentParser()\n"
        "parser.add_argument('--units', type=int); parser.add_argument('--job-dir')\n"
        "arguments = parser.parse_args()\n"
        "for epoch in (1, 2):\n"
        "    hypertune.HyperTune().report_hyperparameter_tuning_metric(\n"
        "        hyperparameter_metric_tag='accuracy', metric_value=arguments.units * epoch,\n"
        "        global_step=epoch)\n"
        "open(arguments.job_dir + '.seen', 'w').write(arguments.job_dir)\n"
    )
    (place.folder / "job.yaml").write_text(
        "trainingInput:\n  hyperparameters:\n    goal: MAXIMIZE\n"
        "    hyperparameterMetricTag: accuracy\n    maxTrials: 2\n    params:\n"
        "    - {parameterName: units, type: INTEGER, minValue: 1, maxValue: 9,"
        " scaleType: UNIT_LINEAR_SCALE}\n"
    )
    (place.folder / "out").mkdir()
    words = ("--module-name", "trainer.task", "--package-path", "trainer", "--job-dir", "out")
    for number, trial in by_number(run(place, "google", *words)).items():
        assert trial["objective"] == trial["parameters"]["units"] * 2
        assert trial["step"] == 2
        assert trial["output_dir"] == str(place.folder / "out" / str(number))
        assert (place.folder / "out" / f"{number}.seen").read_text() == trial["output_dir"]


def test_event_files_are_read_and_shown_where_they_lie(place: Place) -> None:
    place.program(
        "from tensorboardX import SummaryWriter\n"
        "writer = SummaryWriter('logs')\n"
        "for step in range(3):\n"
        "    writer.add_scalar('score', float(P['X']) + step, step)\n"
        "    writer.add_scalar('loss', -step, step)\n"
        "writer.close()\n",
        trials=1,
    )
    trial = run(place, "events")["trials"][0]
    assert trial["objective"] == pytest.approx(trial["parameters"]["x"] + 2, abs=1e-5)
    shown = place.document("trials", "show", "events", "1")
    assert [one["value"] for one in shown["metrics"]["loss"]] == [0, -1, -2]
    page = place.dowse("jobs", "show", "events").stdout
    assert f"event files: tensorboard --logdir {place.data}/jobs/events/trials" in page


def test_a_pattern_over_standard_output_is_read_where_the_job_asks_for_it(place: Place) -> None:
    place.program("for step in (1, 2): print(f'epoch {step}: score = {step / 4}')\n", trials=1)
    job = place.folder / "job.yaml"
    pattern = r"'epoch (?P<step>\d+): score = (?P<value>\S+)'"
    job.write_text(
        job.read_text().replace("metric: score", f"metric: {{name: score, pattern: {pattern}}}")
    )
    trial = run(place, "printed")["trials"][0]
    assert (trial["objective"], trial["step"]) == (0.5, 2)


def test_odd_numbers_are_kept_and_are_never_best(place: Place) -> None:
    place.program(
        "report(1, score='NaN' if N == 1 else 1.0)\n", trials=2, more="failures: ignore\n"
    )
    document = run(place, "odd")
    trials = by_number(document)
    assert (trials[1]["state"], trials[1]["reason"]) == ("failed", "infeasible")
    assert trials[1]["objective"] == "NaN"
    assert math.isnan(float(trials[1]["objective"]))
    assert document["best"]["number"] == 2


def test_a_hopeless_trial_is_stopped_early_and_says_why(place: Place) -> None:
    place.program(
        "for step in range(1, 200):\n"
        "    report(step, score=1.0 if N <= 3 else 0.0)\n"
        "    if N <= 3 and step == 3: break\n"
        "    time.sleep(0.02 if N <= 3 else 0.1)\n",
        trials=4,
        more="early_stopping: {rule: auto, controls: 0}\n",
    )
    document = run(place, "hopeless")
    trial = by_number(document)[4]
    assert (trial["state"], trial["reason"]) == ("stopped", "stopped_early")
    assert "its final value is expected at" in trial["message"]
    assert "ends above 1, the best of 3 completed trials, is" in trial["message"]
    assert trial["message"].endswith("less than 1.5 %")
    assert document["state"] == "succeeded"


def test_a_preflight_says_which_metrics_arrive_and_leaves_nothing(place: Place) -> None:
    place.program("report(1, scores=1)\n", trials=9)
    ended = place.dowse("run", "job.yaml", "--name", "flight", "--preflight", code=1)
    assert "did you mean 'scores'?" in ended.stdout
    assert "Metrics that arrived: scores (1 report)" in ended.stdout
    assert not (place.data / "jobs" / "flight").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_a_document_that_cannot_be_written_is_no_success(place: Place) -> None:
    with open("/dev/full", "w") as full:
        process = place.start("validate", str(ROOT / "examples/native/tune.yaml"), stdout=full)
        assert "cannot be written: No space left" in finish(process, code=5).stderr


def test_a_reader_that_leaves_early_is_no_error(place: Place) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = place.start("validate", str(ROOT / "examples/native/tune.yaml"), stdout=writing)
    os.close(writing)
    assert "Traceback" not in finish(process, code=0).stderr


def test_help_is_fast_and_loads_nothing_heavy() -> None:
    loaded = _loaded_by("--help")
    heavy = {"numpy", "scipy", "pydantic", "httpx", "rich", "sqlalchemy", "fastapi", "ruamel"}
    assert loaded & heavy == set()


def test_validate_loads_neither_arrays_nor_a_server() -> None:
    example = ROOT / "examples/ai_platform/reference/hptuning_config.yaml"
    loaded = _loaded_by("validate", str(example))
    assert loaded & {"numpy", "scipy", "httpx", "rich", "sqlalchemy", "fastapi"} == set()


def _loaded_by(*words: str) -> set[str]:
    code = (
        "import sys\nfrom dowse.cli.main import app\n"
        f"try:\n    app({list(words)!r})\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "print('\\n' + ' '.join(sys.modules))"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    return {name.partition(".")[0] for name in output.splitlines()[-1].split()}


def test_finished_trials_say_what_matters_on_a_terminal_and_as_json(place: Place) -> None:
    place.program('report(1, score=float(P["X"]))\n', trials=6)
    run(place, "telling")
    found = place.document("jobs", "importance", "telling")
    assert [each["name"] for each in found["parameters"]] == ["x"]
    assert "share %" in place.dowse("jobs", "importance", "telling", "--method", "sobol").stdout
    said = place.dowse("jobs", "dependence", "telling", "x").stdout
    assert said.startswith("score by x, as 6 trials tell")
    curve = place.document("jobs", "dependence", "telling", "x")
    assert len(curve["points"]) == 25
    said = place.dowse("jobs", "convergence", "telling").stdout
    assert said.startswith("too early: 6 results are too few to say")
