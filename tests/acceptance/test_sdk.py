"""docs/sdk.md is true: its examples run, in their order, against a real server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dowse
from dowse import wiring
from dowse.config import Settings
from dowse.errors import AlreadyExists, InvalidInput, NotFound, Unavailable
from dowse.sdk.handles import Server

pytestmark = pytest.mark.acceptance

PAGE = (Path(__file__).parents[2] / "docs" / "sdk.md").read_text(encoding="utf-8")

PROGRAM = """
import json, os, sys, time
words = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
print("words", words)
with open(os.environ["DOWSE_REPORT_FILE"], "a") as file:
    for step in (1, 2):
        loss = abs(float(words["--x"]) - 0.5) + 1 / step
        file.write(json.dumps({"step": step, "loss": loss}) + "\\n")
if "--model" in words:
    open(words["--model"] + "/weights", "w").write(words["--x"])
time.sleep(float(os.environ.get("NAP", "0")))
"""
DOCUMENT = """
command: python task.py --x=${x} --model=${outputs.model}
metric: loss
goal: minimize
parameters: {x: {type: double, min: 0, max: 1}}
outputs: {model: folder}
algorithm: random
limits: {trials: 3, parallel: 2}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[wiring.Owner]:
    """A server of this machine, and a folder with a program."""
    (tmp_path / "code").mkdir()
    monkeypatch.chdir(tmp_path / "code")
    Path("task.py").write_text(PROGRAM)
    Path("tune.yaml").write_text(DOCUMENT)
    monkeypatch.setenv("DOWSE_DATA_DIR", str(tmp_path / "data"))
    settings = Settings(data_dir=tmp_path / "data", python=sys.executable, grace_s=1.0)
    owner = wiring.Owner(settings, environ=os.environ)
    yield owner
    owner.close()


@pytest.fixture
def server(here: wiring.Owner) -> Iterator[Server]:
    with dowse.connect() as found:
        yield found


def test_the_examples_of_the_page_run_one_after_the_other(
    here: wiring.Owner, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, Any] = {"__name__": "example"}
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    assert len(blocks) == 4
    for block in blocks:
        exec(compile(block, "sdk.md", "exec"), names)
    names["server"].close()
    job, best = names["job"], names["best"]
    assert Path("found/named-outputs/model/weights").read_text() == repr(best.parameters["x"])
    said = capsys.readouterr().out
    assert f"['--x={best.parameters['x']!r}']" in said
    assert "succeeded trials_done all 3 trials are done" in said
    assert "1 job_submitted job submitted (ai_platform)" in said
    assert [row["number"] for row in names["rows"]] == [1, 2, 3]
    assert names["rows"][0]["loss"] == pytest.approx(
        abs(names["rows"][0]["parameters.x"] - 0.5) + 0.5
    )
    assert [step for step, _ in names["curve"]] == [1, 2]
    assert names["document"].startswith("type: sweep\n")
    assert Path("everything/hd-artifacts/events.jsonl").exists()
    assert repr(job) == "<job first>"


def test_a_wait_that_is_too_long_ends_and_the_job_goes_on(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAP", "30")
    job = server.submit(Path("tune.yaml"), name="slow")
    seen: list[str] = []
    with pytest.raises(TimeoutError, match=r"^slow is still (queued|running) after 0.5 s$"):
        job.wait(timeout_s=0.5, on_progress=lambda now: seen.append(now.state))
    assert seen
    while not job.trials() or job.trials()[0].objective is None:
        if job.trials() and job.metrics(1).get("loss"):
            break
        time.sleep(0.05)
    job.stop(1)
    pieces = job.logs(1, follow=True)
    assert "words" in next(pieces)
    while job.trial(1).state == "stopping":
        time.sleep(0.05)
    assert (job.trial(1).state, job.trial(1).reason) == ("stopped", "user")
    job.pause(now=True)
    assert job.wait(30).state == "paused"
    monkeypatch.setenv("NAP", "0")
    job.stop()
    assert job.wait(30).state == "cancelled"
    assert [found.name for found in server.jobs("cancelled")] == ["slow"]
    texts = [event.text for event in job.events(follow=True)]
    assert texts[-1] == "job cancelled on request"
    job.delete()
    assert server.jobs() == []


def test_what_cannot_be_a_job_is_refused_with_words(server: Server) -> None:
    with pytest.raises(
        InvalidInput, match="a job is a path, text, a mapping or an object of azure"
    ):
        server.submit(3)
    with pytest.raises(InvalidInput, match="the job holds what JSON cannot say"):
        server.submit({"command": object()})
    with pytest.raises(InvalidInput, match=r"absent\.yaml: cannot be read"):
        server.submit("absent.yaml")
    with pytest.raises(InvalidInput, match="goal"):
        server.submit(DOCUMENT.replace("minimize", "best"))
    assert server.jobs() == []
    server.submit(DOCUMENT, name="one")
    with pytest.raises(AlreadyExists, match="a job named 'one' exists"):
        server.submit(DOCUMENT, name="one")
    with pytest.raises(NotFound, match="one"):
        server.job("two")
    server.job("one").wait(60)
    with pytest.raises(NotFound, match="one has no output 'modle'; there are model"):
        server.job("one").download("modle")
    with pytest.raises(NotFound, match="has no trial 7"):
        server.job("one").trial(7)


def test_without_a_server_the_words_say_how_to_start_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOWSE_DATA_DIR", str(tmp_path / "none"))
    with pytest.raises(
        Unavailable, match=r"no process works on .*none: start one with dowse serve"
    ):
        dowse.connect()


def test_the_sdk_is_light_to_import() -> None:
    heavy = ("alembic", "fastapi", "numpy", "pandas", "scipy", "sqlalchemy")
    script = f"import sys, dowse; dowse.connect; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
