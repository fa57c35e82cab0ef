import pytest

from dowse.errors import AlreadyExists, NotFound
from dowse.wire.mlflow.base import KeyValue
from dowse.wire.mlflow.models import CreateModel, RegisterModel, model_document
from tests.unit.service.tracking.world import World


def test_a_logged_model_is_made_finished_and_found_again(world: World) -> None:
    models, caller = world.tracking.models, world.caller
    request = CreateModel(
        name="net",
        model_type="sklearn",
        source_run_id="r",
        params=(KeyValue(key="C", value="1"),),
        tags=(KeyValue(key="t", value="x"),),
    )
    made = models.create(caller, request)
    models.change(
        caller, made.id, status="LOGGED_MODEL_READY", parameters={"D": "2"}, tags={"t": None}
    )
    assert model_document(models.get(caller, made.id)) == {
        "info": {
            "model_id": "m-1",
            "experiment_id": "1",
            "name": "net",
            "model_type": "sklearn",
            "status": "LOGGED_MODEL_READY",
            "source_run_id": "r",
            "creation_timestamp_ms": 2_000_000,
            "last_updated_timestamp_ms": 2_000_000,
            "artifact_uri": "mlflow-artifacts:/1/models/m-1/artifacts",
            "tags": [],
        },
        "data": {"params": [{"key": "C", "value": "1"}, {"key": "D", "value": "2"}]},
    }
    assert [model.id for model in models.all(caller)] == ["m-1"]


@pytest.mark.parametrize("model", ["", "m-9", "run"])
def test_a_model_that_the_trial_did_not_log_is_not_found(world: World, model: str) -> None:
    with pytest.raises(NotFound, match="was not logged by this trial"):
        world.tracking.models.get(world.caller, model)


def test_a_registered_name_gets_one_version_after_the_other(world: World) -> None:
    models, caller = world.tracking.models, world.caller
    request = RegisterModel(name="best", source="models:/m-1", run_id="r")
    with pytest.raises(NotFound, match="this trial has not registered a model 'best'"):
        models.add_version(caller, request)
    assert models.register(caller, request)["name"] == "best"
    with pytest.raises(AlreadyExists, match="there is already a registered model 'best'"):
        models.register(caller, request)
    assert [models.add_version(caller, request)["version"] for _ in range(2)] == ["1", "2"]
    assert models.version(caller, "best", "2")["status"] == "READY"
    with pytest.raises(NotFound, match="registered model 'best' has no version '3'"):
        models.version(caller, "best", "3")
