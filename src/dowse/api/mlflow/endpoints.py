"""The endpoints by method and path: a request's document in, the answer's out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from dowse.errors import InvalidInput, Problem
from dowse.service.tracking.runs import Caller
from dowse.service.tracking.search import select
from dowse.service.tracking.tracking import Tracking
from dowse.wire.mlflow import models, runs
from dowse.wire.mlflow.base import KeyValue, request
from dowse.wire.mlflow.metrics import GetHistory, metric_document, read_batch, read_metric

Document: TypeAlias = dict[str, Any]
Endpoint: TypeAlias = Callable[[Tracking, Caller, Document], Document]

MAX_PAGE = 50_000


# ---------------------------------------------------------------------- what is logged


def log_metric(tracking: Tracking, caller: Caller, document: Document) -> Document:
    metric = read_metric(document)
    tracking.runs.log(caller, metric.run, metrics=(metric,))
    return {}


def log_batch(tracking: Tracking, caller: Caller, document: Document) -> Document:
    batch = read_batch(document)
    tracking.runs.log(
        caller,
        batch.run,
        metrics=batch.metrics,
        parameters=_values(batch.params),
        tags=_values(batch.tags),
    )
    return {}


def log_parameter(tracking: Tracking, caller: Caller, document: Document) -> Document:
    one = request(runs.OfKey, document)
    tracking.runs.log(caller, one.run, parameters={one.key: one.value})
    return {}


def set_tag(tracking: Tracking, caller: Caller, document: Document) -> Document:
    one = request(runs.OfKey, document)
    tracking.runs.log(caller, one.run, tags={one.key: one.value})
    return {}


def delete_tag(tracking: Tracking, caller: Caller, document: Document) -> Document:
    one = request(runs.OfKey, document)
    tracking.runs.log(caller, one.run, tags={one.key: None})
    return {}


def log_inputs(tracking: Tracking, caller: Caller, document: Document) -> Document:
    inputs = request(runs.LogInputs, document)
    tracking.runs.log_inputs(caller, inputs.run, inputs)
    return {}


def log_outputs(tracking: Tracking, caller: Caller, document: Document) -> Document:
    outputs = request(runs.LogOutputs, document)
    tracking.runs.log_outputs(caller, outputs.run, outputs)
    return {}


def log_model(tracking: Tracking, caller: Caller, document: Document) -> Document:
    logged = request(runs.LogModel, document)
    try:
        model = json.loads(logged.model_json)
    except ValueError as error:
        raise InvalidInput([Problem(path="model_json", message=f"is no JSON: {error}")]) from None
    tracking.runs.log_model(caller, logged.run, model)
    return {}


def _values(pairs: Sequence[KeyValue]) -> dict[str, str]:
    return {pair.key: pair.value for pair in pairs}


# ---------------------------------------------------------------------- runs


def get_run(tracking: Tracking, caller: Caller, document: Document) -> Document:
    run = request(runs.GetRun, document).run
    return {"run": runs.run_document(tracking.runs.get(caller, run))}


def create_run(tracking: Tracking, caller: Caller, document: Document) -> Document:
    run = tracking.runs.create(caller, request(runs.CreateRun, document))
    return {"run": runs.run_document(run)}


def update_run(tracking: Tracking, caller: Caller, document: Document) -> Document:
    change = request(runs.UpdateRun, document)
    return {"run_info": runs.run_info(tracking.runs.update(caller, change.run, change))}


def delete_run(tracking: Tracking, caller: Caller, document: Document) -> Document:
    run = request(runs.GetRun, document).run
    tracking.runs.set_lifecycle(caller, run, "deleted")
    return {}


def restore_run(tracking: Tracking, caller: Caller, document: Document) -> Document:
    run = request(runs.GetRun, document).run
    tracking.runs.set_lifecycle(caller, run, "active")
    return {}


def search_runs(tracking: Tracking, caller: Caller, document: Document) -> Document:
    wanted = request(runs.SearchRuns, document)
    stages = {"ACTIVE_ONLY": ("active",), "DELETED_ONLY": ("deleted",)}.get(
        wanted.run_view_type, ("active", "deleted")
    )
    kept = [run for run in tracking.runs.all(caller) if run.lifecycle in stages]
    found = select(kept, where=wanted.filter, order=wanted.order_by)
    page, token = _page(found, wanted.max_results, wanted.page_token)
    return {"runs": [runs.run_document(run) for run in page], **token}


def get_history(tracking: Tracking, caller: Caller, document: Document) -> Document:
    wanted = request(GetHistory, document)
    found, prefix = tracking.runs.history(caller, wanted.run, wanted.metric_key)
    page, token = _page(found, wanted.max_results, wanted.page_token)
    return {"metrics": [metric_document(one, prefix=prefix) for one in page], **token}


def _page(found: Sequence[Any], limit: int | None, token: str | None) -> tuple[Sequence[Any], Any]:
    """One page and, where there is more, the token of the next: the place it begins at."""
    if token and not token.isdecimal():
        message = f"must be a token that was given out here, got {token!r}"
        raise InvalidInput([Problem(path="page_token", message=message)])
    first = int(token) if token else 0
    last = first + max(1, min(limit or MAX_PAGE, MAX_PAGE))
    return found[first:last], {"next_page_token": str(last)} if last < len(found) else {}


# ---------------------------------------------------------------------- experiments


def get_experiment(tracking: Tracking, caller: Caller, document: Document) -> Document:
    """A job is the experiment of its trials.

    Whatever name a program asks for, or means to create, it is given its own job: so a program
    that calls `set_experiment` logs to its trial all the same.
    """
    wanted = request(runs.OfExperiment, document)
    name = wanted.experiment_name or wanted.name or caller.attempt.job
    return {"experiment": runs.experiment_document(caller.experiment_id, name)}


def create_experiment(tracking: Tracking, caller: Caller, document: Document) -> Document:
    return {"experiment_id": caller.experiment_id}


def search_experiments(tracking: Tracking, caller: Caller, document: Document) -> Document:
    return {"experiments": [runs.experiment_document(caller.experiment_id, caller.attempt.job)]}


def set_experiment_tag(tracking: Tracking, caller: Caller, document: Document) -> Document:
    one = request(runs.OfKey, document)
    tracking.runs.log(caller, caller.own_run, tags={f"experiment.{one.key}": one.value})
    return {}


# ---------------------------------------------------------------------- models


def create_model(tracking: Tracking, caller: Caller, document: Document) -> Document:
    model = tracking.models.create(caller, request(models.CreateModel, document))
    return {"model": models.model_document(model)}


def search_models(tracking: Tracking, caller: Caller, document: Document) -> Document:
    return {"models": [models.model_document(one) for one in tracking.models.all(caller)]}


def register_model(tracking: Tracking, caller: Caller, document: Document) -> Document:
    wanted = request(models.RegisterModel, document)
    return {"registered_model": tracking.models.register(caller, wanted)}


def get_registered(tracking: Tracking, caller: Caller, document: Document) -> Document:
    name = request(models.RegisterModel, document).name
    return {"registered_model": tracking.models.registered(caller, name)}


def create_version(tracking: Tracking, caller: Caller, document: Document) -> Document:
    wanted = request(models.RegisterModel, document)
    return {"model_version": tracking.models.add_version(caller, wanted)}


def get_version(tracking: Tracking, caller: Caller, document: Document) -> Document:
    wanted = request(models.RegisterModel, document)
    return {"model_version": tracking.models.version(caller, wanted.name, wanted.version)}


ENDPOINTS: Mapping[tuple[str, str], Endpoint] = {
    ("POST", "runs/log-metric"): log_metric,
    ("POST", "runs/log-batch"): log_batch,
    ("POST", "runs/log-parameter"): log_parameter,
    ("POST", "runs/set-tag"): set_tag,
    ("POST", "runs/delete-tag"): delete_tag,
    ("POST", "runs/log-inputs"): log_inputs,
    ("POST", "runs/outputs"): log_outputs,
    ("POST", "runs/log-model"): log_model,
    ("GET", "runs/get"): get_run,
    ("POST", "runs/create"): create_run,
    ("POST", "runs/update"): update_run,
    ("POST", "runs/delete"): delete_run,
    ("POST", "runs/restore"): restore_run,
    ("POST", "runs/search"): search_runs,
    ("GET", "metrics/get-history"): get_history,
    ("GET", "experiments/get"): get_experiment,
    ("GET", "experiments/get-by-name"): get_experiment,
    ("POST", "experiments/create"): create_experiment,
    ("POST", "experiments/search"): search_experiments,
    ("GET", "experiments/search"): search_experiments,
    ("GET", "experiments/list"): search_experiments,
    ("POST", "experiments/set-experiment-tag"): set_experiment_tag,
    ("POST", "logged-models"): create_model,
    ("POST", "logged-models/search"): search_models,
    ("POST", "registered-models/create"): register_model,
    ("GET", "registered-models/get"): get_registered,
    ("POST", "model-versions/create"): create_version,
    ("GET", "model-versions/get"): get_version,
}
"""Below `api/2.0/mlflow/`."""


def of_model(
    tracking: Tracking, caller: Caller, method: str, path: str, document: Document
) -> Document | None:
    """The endpoints below `logged-models/<id>`; None for one that is not there."""
    model, _, rest = path.partition("/")
    logged = tracking.models
    match method, rest.partition("/")[0]:
        case "GET", "":
            found = logged.get(caller, model)
        case "PATCH", "":
            status = request(models.FinalizeModel, document).status
            found = logged.change(caller, model, status=status)
        case "PATCH", "tags":
            tags = request(models.ModelTags, document).tags
            found = logged.change(caller, model, tags=_values(tags))
        case "DELETE", "tags":
            found = logged.change(caller, model, tags={rest.partition("/")[2]: None})
        case "POST", "params":
            params = request(models.ModelParams, document).params
            found = logged.change(caller, model, parameters=_values(params))
        case _:
            return None
    return {"model": models.model_document(found)}
