"""Runs and experiments as MLflow's clients open, change and read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dowse.domain.metrics import Measurement
from dowse.wire.mlflow.base import Int64, KeyValue, Milliseconds, OfRun, Request
from dowse.wire.mlflow.metrics import metric_document

Status = Literal["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]


class GetRun(OfRun):
    pass


class CreateRun(Request):
    experiment_id: str = ""
    user_id: str = ""
    run_name: str = ""
    start_time: Milliseconds | None = None
    tags: tuple[KeyValue, ...] = ()


class UpdateRun(OfRun):
    status: Status | None = None
    end_time: Milliseconds | None = None
    run_name: str | None = None


class OfKey(OfRun):
    key: str
    value: str = ""


class LoggedDataset(Request):
    dataset: dict[str, Any]
    tags: tuple[KeyValue, ...] = ()


class LogInputs(OfRun):
    datasets: tuple[LoggedDataset, ...] = ()
    models: tuple[dict[str, Any], ...] = ()


class ModelOutput(Request):
    model_id: str
    step: Int64 = 0


class LogOutputs(OfRun):
    models: tuple[ModelOutput, ...] = ()


class LogModel(OfRun):
    model_json: str


class SearchRuns(Request):
    experiment_ids: tuple[str, ...] = ()
    filter: str = ""
    max_results: Int64 = 1000
    order_by: tuple[str, ...] = ()
    page_token: str | None = None
    run_view_type: str = "ACTIVE_ONLY"


class OfExperiment(Request):
    experiment_id: str = ""
    experiment_name: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run as a client reads it. `prefix` stands before the names of its metrics in the trial."""

    id: str
    experiment_id: str
    name: str
    user: str = ""
    status: str = "RUNNING"
    started_ms: int | None = None
    ended_ms: int | None = None
    lifecycle: str = "active"
    prefix: str = ""
    metrics: Sequence[Measurement] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    inputs: Sequence[Mapping[str, Any]] = ()
    outputs: Sequence[Mapping[str, Any]] = ()


def artifact_uri(experiment_id: str, run_id: str) -> str:
    return f"mlflow-artifacts:/{experiment_id}/{run_id}/artifacts"


def run_info(run: RunRecord) -> dict[str, Any]:
    info = {
        "run_id": run.id,
        "run_uuid": run.id,
        "experiment_id": run.experiment_id,
        "run_name": run.name,
        "user_id": run.user,
        "status": run.status,
        "start_time": run.started_ms or 0,
        "artifact_uri": artifact_uri(run.experiment_id, run.id),
        "lifecycle_stage": run.lifecycle,
    }
    return info if run.ended_ms is None else {**info, "end_time": run.ended_ms}


def run_document(run: RunRecord) -> dict[str, Any]:
    return {
        "info": run_info(run),
        "data": {
            "metrics": [metric_document(one, prefix=run.prefix) for one in run.metrics],
            "params": pairs(run.parameters),
            "tags": pairs(run.tags),
        },
        "inputs": {"dataset_inputs": list(run.inputs)} if run.inputs else {},
        "outputs": {"model_outputs": list(run.outputs)} if run.outputs else {},
    }


def pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


def experiment_document(experiment_id: str, name: str) -> dict[str, Any]:
    return {
        "experiment_id": experiment_id,
        "name": name,
        "artifact_location": f"mlflow-artifacts:/{experiment_id}",
        "lifecycle_stage": "active",
        "tags": [],
    }
