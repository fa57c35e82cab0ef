"""Jobs that build on jobs, through the SDK and the installed command, with real programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dowse
from dowse import wiring
from dowse.config import Settings
from dowse.errors import InvalidInput, NotFound
from dowse.sdk.handles import Job, Server

pytestmark = pytest.mark.acceptance

PROGRAM = """
n=$(( DOWSE_PARAM_NEMBEDS - 17 )); s=$(( DOWSE_PARAM_NNSIZE - 32 ))
echo "{\\"rmse\\": $(( n * n * 9 + s * s ))}" > "$DOWSE_REPORT_FILE"
"""
JOB = """
command: sh train.sh
metric: rmse
goal: minimize
parameters:
  nembeds: {type: integer, min: 3, max: 15}
  nnsize: [4, 16, 32, 64, 128]
seed: 3
"""
GOOGLE = """
trainingInput:
  masterConfig: {containerCommand: [sh, train.sh]}
  hyperparameters:
    maxTrials: 2
    resumePreviousJobId: [part]
"""

OPENBAYES = """
command: sh train.sh
hyper_tuning:
  max_job_count: 1
  hyperparameter_metric: rmse
  goal: MINIMIZE
  algorithm: Random
  parameter_specs:
  - {name: nembeds, type: INTEGER, min_value: 3, max_value: 15}
"""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server of this machine, and a folder with a program."""
    (tmp_path / "code").mkdir()
    monkeypatch.chdir(tmp_path / "code")
    Path("train.sh").write_text(PROGRAM)
    monkeypatch.setenv("DOWSE_DATA_DIR", str(tmp_path / "data"))
    owner = wiring.Owner(Settings(data_dir=tmp_path / "data"), environ=os.environ)
    try:
        with dowse.connect() as found:
            yield found
    finally:
        owner.close()


def run(server: Server, name: str, job: str, trials: int | None = None, **options: Any) -> Job:
    limits = "" if trials is None else f"limits: {{trials: {trials}}}\n"
    made = server.submit(job + limits, name=name, **options)
    assert made.wait(60.0).state == "succeeded"
    return made


def tried(job: Job) -> list[Any]:
    return [dict(trial.parameters) for trial in job.trials()]


def replayed(server: Server, *jobs: str) -> None:
    """Whatever a job has from others, its suggestions are derived again from its own log."""
    for job in jobs:
        found = [check["agreement"] for check in server.client.replay(job)]
        assert found == ["equal"] * len(server.job(job).trials())


def command(*words: str, code: int = 0) -> str:
    """What the installed command says to the server of this test."""
    done = subprocess.run(
        [sys.executable, "-m", "dowse", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def planned(file: str, document: str) -> list[Any]:
    """The parameters of the first trials, as a dry run foresees them: without their results."""
    Path(file).write_text(document)
    shown, _ = json.JSONDecoder().raw_decode(command("run", file, "--dry-run", "--json"))
    return [trial["parameters"] for trial in shown["trials"]]


def test_a_resumed_job_goes_on_as_if_the_first_had_had_more_trials(server: Server) -> None:
    whole = run(server, "whole", JOB, 7)
    part = run(server, "part", JOB, 4)
    going_on = "command: sh train.sh\nresume: part\nlimits: {trials: 2}\n"
    foreseen = planned("more.yaml", going_on)
    more = run(server, "more", going_on)
    assert foreseen[0] == tried(more)[0]
    last = more.extend(1).wait(60.0)
    assert tried(part) + tried(more) + tried(last) == tried(whole)
    google = run(server, "google", GOOGLE)
    assert tried(google) == tried(more)

    assert last.name == "more-2"
    assert last.lineage()["ancestors"] == {"part": 4, "more": 2}
    assert more.lineage()["children"] == ["more-2"]
    more.delete()
    assert "goes on with more, which was deleted" in command("jobs", "show", "more-2")
    replayed(server, "google", "more-2")


def test_a_wider_range_knows_the_earlier_trials_and_repeats_none(server: Server) -> None:
    first = run(server, "bw", JOB, 5)
    said = command("extend", "bw", "--trials", "4", "--range", "nembeds=3..30", "--name", "wide")
    assert "job wide goes on with bw" in said
    wide, best = server.job("wide"), first.best()
    assert not [each for each in tried(wide) if each in tried(first)]
    assert max(each["nembeds"] for each in tried(wide)) > 15
    assert best is not None
    assert wide.lineage()["inherited_best"]["trial"] == best.number

    far = first.extend(1, ranges={"nembeds": (20, 30)}, parallel=2).wait(60.0)
    assert far.warnings[0].startswith("parameters: no earlier trial lies in the new ranges: all 5")
    assert tried(far)[0]["nembeds"] >= 20
    replayed(server, "wide", far.name)


def test_an_extension_can_ask_for_no_more_than_the_documents_of_its_dialect(
    server: Server,
) -> None:
    first = run(server, "small", OPENBAYES)
    refusal = r"limits\.trials: must be at most 100, the most that max_job_count may be, got 101"
    with pytest.raises(InvalidInput, match=refusal):
        first.extend(101)
    assert "must be at most 100" in command("extend", "small", "--trials", "101", code=2)
    assert [job.name for job in server.jobs()] == ["small"]


def test_what_cannot_be_gone_on_with_creates_nothing(server: Server) -> None:
    first = run(server, "bw", JOB, 1)
    with pytest.raises(InvalidInput, match=r"ranges.nembed: is no parameter of the job; did you"):
        first.extend(1, ranges={"nembed": (3, 30)})
    with pytest.raises(InvalidInput, match=r"resume: there is no job 'bv'; there are 'bw'"):
        server.submit("command: sh train.sh\nresume: bv\nlimits: {trials: 1}\n")
    other = JOB.replace("max: 15", "max: 30") + "resume: bw\nlimits: {trials: 1}\n"
    with pytest.raises(InvalidInput, match="nembeds: must be a whole number from 3 to 15 as in bw"):
        server.submit(other)
    with pytest.raises(NotFound, match="there is no job 'bx'"):
        server.client.lineage("bx")
    assert "there is no job 'nope'" in command("extend", "nope", "--trials", "1", code=2)
    assert [job.name for job in server.jobs()] == ["bw"]


def test_similar_jobs_are_learnt_from_where_the_job_asks_for_it(server: Server) -> None:
    first = run(server, "babyweight_180226_055918", JOB, 6)
    foreseen = planned("babyweight.yaml", JOB + "learn_from: auto\nlimits: {trials: 2}\n")
    learned = run(server, "babyweight_180301_101500", JOB + "learn_from: auto\n", 2)
    assert foreseen[0] == tried(learned)[0]
    (source,) = learned.lineage()["sources"]
    assert (source["job"], source["score"], source["results"]) == (first.name, 1.0, 6)
    assert source["weight"] is not None
    assert tried(learned) != tried(first)[:2]
    alone = run(server, "babyweight_180301_111500", JOB + "learn_from: auto\n", 2, learn_from="off")
    assert alone.lineage()["sources"] == []
    assert tried(alone) == tried(first)[:2]
    replayed(server, learned.name)
