"""The step before the first trial, with real pip and real processes."""

from __future__ import annotations

import os
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.commands import Place, finish, place_in, wait_until

pytestmark = pytest.mark.acceptance


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with place_in(tmp_path) as found:
        yield found


def a_wheel(folder: Path, name: str, source: str) -> Path:
    """A wheel is an archive with a few words about itself: nothing needs to be built."""
    path = folder / f"{name}-0.1-py3-none-any.whl"
    about = f"{name}-0.1.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "")
        wheel.writestr(f"{name}/task.py", source)
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    return path


GOOGLE = """
trainingInput:
  pythonModule: trainer.task
  packageUris: [{uri}]
  hyperparameters:
    goal: MAXIMIZE
    hyperparameterMetricTag: score
    maxTrials: 2
    params:
    - {{parameterName: x, type: DOUBLE, minValue: 0, maxValue: 1, scaleType: UNIT_LINEAR_SCALE}}
"""
TASK = """
import json, os, sys
with open(os.environ["DOWSE_REPORT_FILE"], "a") as file:
    file.write(json.dumps({"step": 1, "score": float(sys.argv[1].partition("=")[2])}) + "\\n")
"""


def test_googles_package_is_installed_once_and_its_module_runs(place: Place) -> None:
    uri = a_wheel(place.folder, "trainer", TASK).as_uri()
    (place.folder / "config.yaml").write_text(GOOGLE.format(uri=uri))
    result = place.document("run", "config.yaml", "--name", "g")
    assert (result["state"], len(result["trials"])) == ("succeeded", 2)
    log = (place.data / "jobs/g/trials/prepare/log.txt").read_text()
    assert log.count("-m pip install") == 1
    assert "Successfully installed trainer-0.1" in log


def test_a_package_that_cannot_be_had_is_a_warning_where_the_code_has_the_module(
    place: Place,
) -> None:
    (place.folder / "config.yaml").write_text(GOOGLE.format(uri="/nowhere/trainer-0.1.tar.gz"))
    refused = place.dowse("run", "config.yaml", code=2)
    assert "packages[0]: cannot be fetched from /nowhere/trainer-0.1.tar.gz" in refused.stderr
    (place.folder / "trainer").mkdir()
    (place.folder / "trainer/__init__.py").write_text("")
    (place.folder / "trainer/task.py").write_text(TASK)
    result = place.dowse("run", "config.yaml")
    assert "trainer.task is taken from the folder of the code" in result.stderr + result.stdout


def test_trials_begin_from_what_the_preparation_leaves(place: Place) -> None:
    body = 'report(1, score=float(open("data.txt").read()) + float(P["X"]))\n'
    place.program(body, trials=3, parallel=3, more="prepare: {shell: 'echo 40 > data.txt'}\n")
    result = place.document("run", "job.yaml", "--name", "p")
    assert all(trial["objective"] >= 40 for trial in result["trials"])
    assert not (place.data / "jobs/p/code/data.txt").exists()


def test_a_failed_preparation_starts_no_trial_and_shows_where_to_look(place: Place) -> None:
    place.program("", more="prepare: python -c 'import sys; sys.exit(\"no data today\")'\n")
    result = place.document("run", "job.yaml", "--name", "p", code=1)
    assert (result["reason"], result["trials"]) == ("preparation_failed", [])
    assert "exit code 1: no data today; its log is " in result["message"]
    assert Path(result["message"].rpartition(" ")[2]).read_text().endswith("no data today\n")


def test_an_owner_that_dies_leaves_the_preparation_running(place: Place) -> None:
    (place.folder / "get.py").write_text(
        "import os, time\n"
        "open(os.environ['FLAGS'] + '/flag-begun', 'a').write('x')\n"
        "while not os.path.exists(os.environ['FLAGS'] + '/flag-go'):\n    time.sleep(0.02)\n"
    )
    place.program("report(1, score=1.0)\n", trials=1, more="prepare: python get.py\n")
    first = place.start("run", "job.yaml", "--name", "p")
    wait_until(place.flag("begun").exists, "the preparation begins")
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    second = place.start("resume", "p")
    place.flag("go").touch()
    finish(second, code=0)
    assert place.flag("begun").read_text() == "x"
    shown = place.document("jobs", "show", "p")
    assert (shown["state"], len(shown["trials"])) == ("succeeded", 1)


def test_an_interrupted_preparation_begins_afresh(place: Place) -> None:
    (place.folder / "get.py").write_text(
        "import os, time\n"
        "path = os.environ['FLAGS'] + '/flag-begun'\n"
        "open(path, 'a').write('x')\n"
        "time.sleep(0 if os.path.getsize(path) > 1 else 100)\n"
    )
    place.program("report(1, score=1.0)\n", trials=1, more="prepare: [python, get.py]\n")
    run = place.start("run", "job.yaml", "--name", "p")
    wait_until(place.flag("begun").exists, "the preparation begins")
    place.dowse("pause", "p", "--now")
    finish(run, code=3)
    place.dowse("resume", "p")
    assert place.flag("begun").read_text() == "xx"
