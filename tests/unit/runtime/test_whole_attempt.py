"""From a job specification to measurements, with a real program in between."""

import os
import subprocess
import sys
from pathlib import Path

from dowse.domain.metrics import Goal, Objective
from dowse.domain.parameters import Categorical, Double, Integer
from dowse.domain.space import SearchSpace
from dowse.domain.spec import CodeSpec, JobSpec, LaunchSpec, Limits, PythonModule
from dowse.runtime.collectors.collect import collector_for
from dowse.runtime.launch import build_launch, event_roots, inherited
from dowse.runtime.snapshot import materialise, take_snapshot
from dowse.runtime.spool import Spool
from tests.unit.runtime.specs import a_trial

PROGRAM = """
import argparse, json, os
import hypertune
from tensorboardX import SummaryWriter
import dowse

parser = argparse.ArgumentParser()
parser.add_argument("--job-dir", required=True)
parser.add_argument("--lr", type=float)
parser.add_argument("--layers", type=int)
parser.add_argument("--shape")
parser.add_argument("--epochs", type=int)
args = parser.parse_args()

# The trial's number is joined to a path, so it must be text.
trial = json.loads(os.environ.get("TF_CONFIG", "{}")).get("task", {}).get("trial", "")
assert os.path.join("out", trial) == "out/7"
assert open("data.txt").read() == "data"
assert dowse.parameters() == {"lr": 0.25, "layers": 3, "shape": "64 32"}
open("result.txt", "w").write("result")

tuner = hypertune.HyperTune()
with SummaryWriter(args.job_dir) as writer:
    for epoch in range(args.epochs):
        score = args.lr * epoch
        tuner.report_hyperparameter_tuning_metric(
            hyperparameter_metric_tag="tuned", metric_value=score, global_step=epoch
        )
        writer.add_scalar("event", score, epoch)
        dowse.report(step=epoch, reported=score)
        print(f"epoch {epoch} printed={score}")
assert not dowse.should_stop()
"""


def test_an_unmodified_program_is_launched_and_everything_it_reports_is_collected(
    tmp_path: Path,
) -> None:
    code = tmp_path / "project"
    (code / "trainer").mkdir(parents=True)
    (code / "trainer" / "task.py").write_text(PROGRAM)
    (code / "data.txt").write_text("data")
    space = SearchSpace(
        (Double("lr", 0.0, 1.0), Integer("layers", 1, 6), Categorical("shape", ["64 32"]))
    )
    spec = JobSpec(
        space=space,
        objectives=(Objective(metric="tuned", goal=Goal.MAXIMIZE),),
        limits=Limits(trials=1),
        launch=LaunchSpec(
            program=PythonModule("trainer.task", ("--epochs", "3")),
            code=CodeSpec(root=str(code)),
            job_dir=f"file://{tmp_path}/out",
            stdout_pattern=r"epoch (?P<step>\d+) (?P<metric>\w+)=(?P<value>\S+)",
        ),
    )
    trial = a_trial({"lr": 0.25, "layers": 3, "shape": "64 32"})
    directory = tmp_path / "job" / "trials" / "7"
    plan = build_launch(
        spec,
        trial,
        directory=directory,
        base_env=inherited(os.environ, everything=False),
        python=sys.executable,
        unreachable_dir=tmp_path / "unreachable",
        inputs_dir=tmp_path / "inputs",
    )
    directory.mkdir(parents=True)
    snapshot = take_snapshot(spec.launch.code, tmp_path / "job" / "code")
    materialise(snapshot.directory, plan.launch.working_directory)
    for name, text in plan.files.items():
        (directory / name).write_text(text)
    assert plan.launch.argv is not None
    with (directory / "log.txt").open("wb") as log:
        program = subprocess.run(
            plan.launch.argv,
            cwd=plan.launch.working_directory,
            env=plan.launch.environment,
            stdout=log,
            stderr=log,
            check=False,
        )
    assert program.returncode == 0, (directory / "log.txt").read_text()
    Spool(str(directory / "hypertune.metrics"), str(directory / "spool.jsonl")).copy()

    collector = collector_for(
        directory,
        objective=spec.objective.metric,
        stdout_pattern=spec.launch.stdout_pattern,
        event_roots=event_roots(spec, plan),
        since=0.0,
        offsets={},
    )
    found: dict[str, dict[int, float]] = {}
    for batch in collector.drain(0.0):
        assert batch.notes == ()
        for measurement in batch.measurements:
            found.setdefault(measurement.metric, {})[measurement.step] = measurement.value
    curve = {0: 0.0, 1: 0.25, 2: 0.5}
    assert found == {"tuned": curve, "event": curve, "reported": curve, "printed": curve}
    assert (plan.launch.working_directory / "result.txt").exists()
    assert not (code / "result.txt").exists()
