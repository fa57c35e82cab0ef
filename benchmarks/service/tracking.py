"""`mlflow.log_metric` against Dowse and against MLflow's own server, by the real client.

One program, a trial of Dowse, reports to both in turns: block by block, so that whatever else the
machine does hits both. MLflow's server keeps its runs in SQLite, as it does by default.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.engine import environments
from benchmarks.foundation.command import DOWSE, TIMEOUT_S, environment, scratch
from benchmarks.report import Row, at_most
from benchmarks.service.servers import end_group, free_port, wait_for

ENVIRONMENT = "mlflow"
BATCH = 1_000

PROGRAM = """\
import json, os, sys, time, urllib.request
import mlflow
from mlflow.entities import Metric

blocks, calls, batches, batch = (int(word) for word in os.environ["SIZES"].split())
for name in ("MLFLOW_EXPERIMENT_ID", "MLFLOW_EXPERIMENT_NAME"):
    del os.environ[name]  # They would hold for the peer, too.
ours = os.environ["MLFLOW_TRACKING_URI"], os.environ.pop("MLFLOW_RUN_ID")
peer = os.environ["PEER"]
mlflow.set_tracking_uri(peer)
theirs = peer, mlflow.MlflowClient(peer).create_run("0").info.run_id
sides = {"dowse": ours, "mlflow": theirs}
times = {name: [] for name in sides}
rates = {name: [] for name in sides}
for block in range(blocks + 1):
    for name, (uri, run) in sides.items():
        mlflow.set_tracking_uri(uri)
        with mlflow.start_run(run_id=run):
            for step in range(calls):
                began = time.perf_counter()
                mlflow.log_metric("loss", 1 / (step + 1), step=block * calls + step)
                if block:  # The first block warms up both.
                    times[name].append(time.perf_counter() - began)
for block in range(batches + 1):
    for name, (uri, run) in sides.items():
        now = int(time.time() * 1000)
        metrics = [Metric(f"m{n % 10}", n, now, block * batch + n) for n in range(batch)]
        began = time.perf_counter()
        mlflow.MlflowClient(uri).log_batch(run, metrics=metrics)
        if block:
            rates[name].append(batch / (time.perf_counter() - began))
with open(os.environ["MEASURED"], "w") as file:
    json.dump({"times": times, "rates": rates}, file)
"""

JOB = """\
command: python report.py
metric: loss
goal: minimize
parameters: {x: {type: double, min: 0, max: 1}}
algorithm: random
limits: {trials: 1}
"""


def measure_tracking(*, quick: bool) -> list[Row]:
    sizes = (2, 20, 2, BATCH) if quick else (20, 50, 10, BATCH)
    with scratch() as folder, _server(folder) as peer:
        found = _measured(folder, peer, sizes)
    return rows_of(found["times"], found["rates"])


def rows_of(
    times: Mapping[str, Sequence[float]], rates: Mapping[str, Sequence[float]]
) -> list[Row]:
    """`times` are seconds of each call, `rates` measurements a second of each batch."""
    ours, theirs = (median(times[name]) * 1000 for name in ("dowse", "mlflow"))
    late, their_late = (_late(times[name]) * 1000 for name in ("dowse", "mlflow"))
    rate, their_rate = (median(rates[name]) for name in ("dowse", "mlflow"))
    return [
        at_most(
            "mlflow.log_metric, round trip, ratio to MLflow's own server",
            ours / theirs,
            "",
            0.5,
            "MLflow's server 1",
        ),
        _row("mlflow.log_metric, round trip, median", ours, "ms", theirs),
        _row("mlflow.log_metric, round trip, 95 %", late, "ms", their_late),
        _row(f"mlflow log_batch of {BATCH}, measurements", rate, "1/s", their_rate),
    ]


def _row(name: str, value: float, unit: str, peer: float) -> Row:
    return Row(name=name, value=value, unit=unit, peer=f"MLflow's server {peer:.4g}")


def _late(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


def _measured(folder: Path, peer: str, sizes: Sequence[int]) -> Any:
    """Run the program as a trial; what it wrote down."""
    work = folder / "work"
    work.mkdir()
    (work / "report.py").write_text(PROGRAM)
    (work / "job.yaml").write_text(JOB)
    measured = folder / "measured.json"
    more = {"SIZES": " ".join(map(str, sizes)), "PEER": peer, "MEASURED": str(measured)}
    python = str(environments.python(ENVIRONMENT))
    words = ["run", "job.yaml", "--python", python, "--data-dir", str(folder / "data")]
    done = subprocess.run(
        [*DOWSE, *words],
        cwd=work,
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the trial did not end well:\n{done.stdout}\n{done.stderr}")
    return json.loads(measured.read_text())


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[str]:
    """MLflow's own server on an empty store, ready."""
    port = free_port()
    store = folder / "mlflow"
    store.mkdir()
    python = environments.python(ENVIRONMENT)
    words = [str(python), "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)]
    words += ["--workers", "1", "--backend-store-uri", f"sqlite:///{store}/mlflow.db"]
    with (folder / "mlflow.log").open("w") as output:
        server = subprocess.Popen(
            words,
            cwd=store,
            stdout=output,
            stderr=output,
            env=environment(MLFLOW_DISABLE_TELEMETRY="true"),
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/health", server, folder / "mlflow.log")
        yield url
    finally:
        end_group(server)
