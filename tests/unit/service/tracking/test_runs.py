import math

import pytest

from dowse.domain.trial import TrialState
from dowse.errors import Conflict, InvalidInput, NotFound, Refused
from dowse.runtime.reporting import run_id
from dowse.wire.mlflow.base import KeyValue
from dowse.wire.mlflow.metrics import LoggedMetric, LogMetric
from dowse.wire.mlflow.runs import CreateRun, LogInputs, LogOutputs, UpdateRun, run_document
from tests.unit.service.tracking.world import World


def metric(key: str, value: float, *, timestamp: int = 5_000, step: int = 0) -> LogMetric:
    return LogMetric(key=key, value=value, timestamp=timestamp, step=step)


def nested(name: str, parent: str) -> CreateRun:
    return CreateRun(run_name=name, tags=(KeyValue(key="mlflow.parentRunId", value=parent),))


def test_the_own_run_exists_before_anything_is_reported(world: World) -> None:
    caller = world.caller
    run = world.tracking.runs.get(caller, run_id(caller.job_id, 1, 1))
    assert run_document(run)["info"] == {
        "run_id": caller.own_run,
        "run_uuid": caller.own_run,
        "experiment_id": "1",
        "run_name": "digits-1",
        "user_id": "",
        "status": "RUNNING",
        "start_time": 1_000,
        "artifact_uri": f"mlflow-artifacts:/1/{caller.own_run}/artifacts",
        "lifecycle_stage": "active",
    }
    assert len(caller.own_run) == 32
    assert world.store.annotations(caller.attempt) == ()


def test_what_a_run_logs_is_kept_with_the_trial_and_comes_back(world: World) -> None:
    runs, caller = world.tracking.runs, world.caller
    own = caller.own_run
    runs.log(
        caller,
        own,
        metrics=[metric("accuracy", 0.5, step=1), metric("accuracy", 0.4, step=2)],
        parameters={"lr": "0.1"},
        tags={"team": "a", "old": "x"},
    )
    runs.log(caller, own, metrics=[metric("loss", math.nan)], tags={"team": "b", "old": None})
    assert world.curve("accuracy") == [0.5, 0.4]
    assert math.isnan(world.curve("loss")[0])
    assert run_document(runs.get(caller, own))["data"] == {
        "metrics": [
            {"key": "accuracy", "value": 0.4, "timestamp": 5_000, "step": 2},
            {"key": "loss", "value": "NaN", "timestamp": 5_000, "step": 0},
        ],
        "params": [{"key": "lr", "value": "0.1"}],
        "tags": [{"key": "team", "value": "b"}],
    }


def test_a_repeated_delivery_counts_once_and_an_equal_report_later_counts_again(
    world: World,
) -> None:
    runs, caller = world.tracking.runs, world.caller
    for timestamp in (5_000, 5_000, 5_001):
        runs.log(caller, caller.own_run, metrics=[metric("accuracy", 0.5, timestamp=timestamp)])
    assert world.curve("accuracy") == [0.5, 0.5]
    assert world.arrivals.take(caller.attempt) == 2
    assert world.arrivals.take(caller.attempt) is None


def test_only_reports_of_the_objective_are_told_to_the_stopping_rules(world: World) -> None:
    runs, caller = world.tracking.runs, world.caller
    runs.log(caller, caller.own_run, metrics=[metric("loss", 1.0), metric("accuracy", 0.5)])
    assert world.arrivals.take(caller.attempt) == 1


def test_the_metrics_of_a_second_run_count_for_the_trial(world: World) -> None:
    runs, caller = world.tracking.runs, world.caller
    second = runs.create(caller, CreateRun(experiment_id="1"))
    runs.log(caller, caller.own_run, metrics=[metric("accuracy", 0.5)])
    runs.log(caller, second.id, metrics=[metric("accuracy", 0.5)], parameters={"lr": "1"})
    assert world.curve("accuracy") == [0.5, 0.5]
    assert [one.value for one in runs.get(caller, second.id).metrics] == [0.5]
    assert runs.get(caller, second.id).parameters == {"lr": "1"}
    assert runs.get(caller, caller.own_run).parameters == {}


def test_the_metrics_of_a_nested_run_stand_under_its_name_and_do_not_count(world: World) -> None:
    runs, caller = world.tracking.runs, world.caller
    child = runs.create(caller, nested("fold-1", caller.own_run))
    runs.log(caller, child.id, metrics=[metric("accuracy", 0.9, step=3)])
    runs.update(caller, child.id, UpdateRun(run_name="renamed"))
    runs.log(caller, child.id, metrics=[metric("accuracy", 0.8, step=4)])
    assert world.curve("accuracy") == []
    assert world.curve("fold-1/accuracy") == [0.9, 0.8]
    assert world.arrivals.take(caller.attempt) == 0
    document = run_document(runs.get(caller, child.id))
    assert document["info"]["run_name"] == "renamed"
    assert document["data"]["metrics"] == [
        {"key": "accuracy", "value": 0.8, "timestamp": 5_000, "step": 4}
    ]
    history, prefix = runs.history(caller, child.id, "accuracy")
    assert ([one.step for one in history], prefix) == ([3, 4], "fold-1/")


def test_the_end_that_a_program_announces_ends_neither_the_trial_nor_its_reports(
    world: World,
) -> None:
    runs, caller = world.tracking.runs, world.caller
    ended = runs.update(caller, caller.own_run, UpdateRun(status="FINISHED", end_time=9_000))
    assert (ended.status, ended.ended_ms) == ("FINISHED", 9_000)
    runs.log(caller, caller.own_run, metrics=[metric("accuracy", 0.7)])
    assert world.curve("accuracy") == [0.7]
    assert world.trial.state is TrialState.RUNNING


@pytest.mark.parametrize(
    ("state", "status"), [(TrialState.FAILED, "FAILED"), (TrialState.CANCELLED, "KILLED")]
)
def test_after_the_trial_its_runs_have_ended_as_it_did(
    world: World, state: TrialState, status: str
) -> None:
    runs, caller = world.tracking.runs, world.caller
    child = runs.create(caller, nested("fold", caller.own_run))
    done = runs.create(caller, CreateRun())
    runs.update(caller, done.id, UpdateRun(status="FINISHED"))
    runs.update(caller, caller.own_run, UpdateRun(status="FINISHED"))
    world.to(state)
    found = {run.id: run.status for run in runs.all(caller)}
    assert found == {caller.own_run: status, child.id: status, done.id: "FINISHED"}


def test_a_trial_that_is_over_takes_no_more_reports(world: World) -> None:
    world.to(TrialState.SUCCEEDED)
    late = [metric("accuracy", 1.0)]
    with pytest.raises(Refused, match="trial 1 of digits is succeeded; it can report only while"):
        world.tracking.runs.log(world.caller, world.caller.own_run, metrics=late)


def test_a_parameter_cannot_change_and_nothing_of_the_batch_is_kept(world: World) -> None:
    runs, caller = world.tracking.runs, world.caller
    runs.log(caller, caller.own_run, parameters={"lr": "0.1"})
    metrics = [metric("accuracy", 1.0)]
    with pytest.raises(Conflict, match=r"'lr' is '0\.1' already and cannot become '0\.2'"):
        runs.log(caller, caller.own_run, metrics=metrics, parameters={"lr": "0.2"})
    assert world.curve("accuracy") == []


def test_a_run_of_another_trial_is_not_found(world: World) -> None:
    with pytest.raises(NotFound, match="run 'abc' is not a run of trial 1 of digits"):
        world.tracking.runs.log(world.caller, "abc", metrics=[metric("accuracy", 1.0)])


def test_a_metric_name_that_is_too_long_is_refused_with_its_place(world: World) -> None:
    metrics = [LoggedMetric(key=key, value=1.0) for key in ("accuracy", "x" * 257)]
    with pytest.raises(InvalidInput, match=r"metrics\[1\]\.key: a metric name has 1 to 256"):
        world.tracking.runs.log(world.caller, world.caller.own_run, metrics=metrics)
    assert world.curve("accuracy") == []


def test_a_parameter_that_cannot_be_kept_is_refused_by_name(world: World) -> None:
    runs, caller = world.tracking.runs, world.caller
    with pytest.raises(InvalidInput, match=r"^parameter: a key has 1 to 512 characters, got 'kkk"):
        runs.log(caller, caller.own_run, parameters={"k" * 513: "1"})
    with pytest.raises(InvalidInput, match=r"^tag: the value of 't' has 1048577 characters; at"):
        runs.log(caller, caller.own_run, tags={"t": "v" * 1_048_577})


def test_data_sets_and_models_of_a_run_come_back(world: World) -> None:
    runs, caller = world.tracking.runs, world.caller
    dataset = {"name": "iris", "digest": "d1", "source_type": "local", "source": "{}"}
    tags = [{"key": "mlflow.data.context", "value": "training"}]
    inputs = {"run_id": caller.own_run, "datasets": [{"dataset": dataset, "tags": tags}]}
    runs.log_inputs(caller, caller.own_run, LogInputs.model_validate(inputs))
    outputs = {"models": [{"model_id": "m-1", "step": "7"}]}
    runs.log_outputs(caller, caller.own_run, LogOutputs.model_validate(outputs))
    document = run_document(runs.get(caller, caller.own_run))
    assert document["inputs"] == {"dataset_inputs": [{"dataset": dataset, "tags": tags}]}
    assert document["outputs"] == {"model_outputs": [{"model_id": "m-1", "step": 7}]}


def test_models_that_older_clients_log_are_listed_in_a_tag(world: World) -> None:
    runs, caller = world.tracking.runs, world.caller
    for path in ("a", "b"):
        runs.log_model(caller, caller.own_run, {"artifact_path": path})
    tag = runs.get(caller, caller.own_run).tags["mlflow.log-model.history"]
    assert tag == '[{"artifact_path": "a"}, {"artifact_path": "b"}]'
