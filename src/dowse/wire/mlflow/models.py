"""Logged and registered models as MLflow's clients make and read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dowse.wire.mlflow.base import KeyValue, Request
from dowse.wire.mlflow.runs import pairs

PENDING = "LOGGED_MODEL_PENDING"


class CreateModel(Request):
    experiment_id: str = ""
    name: str = ""
    model_type: str = ""
    source_run_id: str = ""
    params: tuple[KeyValue, ...] = ()
    tags: tuple[KeyValue, ...] = ()


class FinalizeModel(Request):
    status: str


class ModelTags(Request):
    tags: tuple[KeyValue, ...] = ()


class ModelParams(Request):
    params: tuple[KeyValue, ...] = ()


class RegisterModel(Request):
    name: str
    description: str = ""
    source: str = ""
    run_id: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecord:
    """A logged model. `fields` are name, model_type, status, source_run_id, created and updated."""

    id: str
    experiment_id: str
    fields: Mapping[str, str]
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


def model_document(model: ModelRecord) -> dict[str, Any]:
    fields = model.fields
    created = int(fields.get("created", "0"))
    return {
        "info": {
            "model_id": model.id,
            "experiment_id": model.experiment_id,
            "name": fields.get("name", ""),
            "model_type": fields.get("model_type", ""),
            "status": fields.get("status", PENDING),
            "source_run_id": fields.get("source_run_id", ""),
            "creation_timestamp_ms": created,
            "last_updated_timestamp_ms": int(fields.get("updated", str(created))),
            "artifact_uri": f"mlflow-artifacts:/{model.experiment_id}/models/{model.id}/artifacts",
            "tags": pairs(model.tags),
        },
        "data": {"params": pairs(model.parameters)},
    }


def version_document(request: RegisterModel, *, version: str, created_ms: int) -> dict[str, Any]:
    return {
        "name": request.name,
        "version": version,
        "creation_timestamp": created_ms,
        "last_updated_timestamp": created_ms,
        "current_stage": "None",
        "source": request.source,
        "run_id": request.run_id,
        "status": "READY",
    }


def registered_document(name: str, *, created_ms: int) -> dict[str, Any]:
    return {"name": name, "creation_timestamp": created_ms, "last_updated_timestamp": created_ms}
