from dataclasses import replace
from pathlib import Path

import pytest

from dowse.domain.trial import TrialState
from dowse.errors import DiskFull, InvalidInput, NotFound, Refused
from dowse.service.beneath import Entry
from dowse.service.tracking.artifacts import artifact_root, logged_files
from dowse.wire.mlflow.models import CreateModel
from dowse.wire.mlflow.runs import CreateRun
from tests.unit.service.tracking.world import World


def put(world: World, address: str, data: bytes = b"data") -> None:
    with world.tracking.artifacts.writing(world.caller, address) as file:
        file.write(data)


def test_files_lie_below_the_output_of_the_trial_by_what_logged_them(
    world: World, tmp_path: Path
) -> None:
    own = world.caller.own_run
    run = world.tracking.runs.create(world.caller, CreateRun())
    model = world.tracking.models.create(world.caller, CreateModel())
    put(world, f"1/{own}/artifacts/plots/a.png", b"1")
    put(world, f"1/{run.id}/artifacts/b", b"22")
    put(world, f"1/models/{model.id}/artifacts/MLmodel", b"333")
    assert logged_files(world.trial, world.folders) == [
        Entry("models/m-2/MLmodel", 3),
        Entry("run/plots/a.png", 1),
        Entry(f"runs/{run.id}/b", 2),
    ]
    assert (tmp_path / "output/logged-artifacts/run/plots/a.png").read_bytes() == b"1"
    with world.tracking.artifacts.reading(world.caller, f"1/{run.id}/artifacts/b") as file:
        assert file.read() == b"22"
    found = world.tracking.artifacts.entries(world.caller, f"1/{own}/artifacts")
    assert found == [Entry("plots", None)]


@pytest.mark.parametrize(
    ("address", "error", "words"),
    [
        ("2/RUN/artifacts/a", NotFound, "experiment '2' is not the trial's own"),
        ("1/other/artifacts/a", NotFound, "run 'other' is not a run of trial 1 of digits"),
        ("1/models/m-9/artifacts/a", NotFound, "model 'm-9' was not logged by this trial"),
        ("1/../artifacts/a", NotFound, "run '..' is not a run"),
        ("1/models/../artifacts/a", NotFound, "model '..' was not logged"),
        ("1/RUN/elsewhere/a", InvalidInput, "must be <experiment>/<run>/artifacts"),
        ("1/RUN/artifacts/../../x", InvalidInput, "must lead downwards"),
        ("1/RUN/artifacts//etc/passwd", InvalidInput, "must lead downwards"),
        ("1/RUN/artifacts", InvalidInput, "must name a file"),
        ("", NotFound, "experiment '' is not the trial's own"),
    ],
)
def test_an_address_that_leads_elsewhere_is_refused(
    world: World, address: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as caught:
        put(world, address.replace("RUN", world.caller.own_run))
    assert words in str(caught.value)
    assert logged_files(world.trial, world.folders) == []


def test_without_room_nothing_is_written(world: World) -> None:
    world.full[0] = True
    with pytest.raises(DiskFull, match=r"the disk has no room for artifacts \(min_free_mb\)"):
        put(world, f"1/{world.caller.own_run}/artifacts/a")


def test_a_trial_that_is_over_logs_no_more_files(world: World) -> None:
    world.to(TrialState.STOPPING)
    put(world, f"1/{world.caller.own_run}/artifacts/a")
    world.to(TrialState.STOPPED)
    with pytest.raises(Refused, match="trial 1 of digits is stopped"):
        put(world, f"1/{world.caller.own_run}/artifacts/b")
    assert [entry.path for entry in logged_files(world.trial, world.folders)] == ["run/a"]


def test_where_the_output_is_a_bucket_files_lie_where_the_program_started(world: World) -> None:
    trial = replace(world.trial, output_dir="gs://bucket/1")
    root = artifact_root(trial, world.folders)
    assert root == world.folders.attempt(trial.ref) / "work" / "logged-artifacts"
