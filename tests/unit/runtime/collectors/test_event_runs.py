"""What a folder's name says about its values."""

import pytest

from dowse.runtime.collectors.event_runs import Role, Run, Runs


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("train", Role.TRAINING),
        ("loss_training", Role.TRAINING),
        ("", Role.UNKNOWN),
        ("metrics", Role.UNKNOWN),
        ("trainer", Role.UNKNOWN),
        ("value", Role.UNKNOWN),
        ("test", Role.TEST),
        ("Eval", Role.VALIDATION),
        ("eval_holdout", Role.VALIDATION),
        ("train_eval", Role.VALIDATION),
        ("fold2-val", Role.VALIDATION),
    ],
)
def test_the_role_of_a_folder(name: str, role: Role) -> None:
    assert Run("work", name).role is role


def test_validation_is_preferred_to_test_and_test_to_anything_else() -> None:
    runs = Runs()
    folders = [runs.at("work", name) for name in ("out", "test", "validation")]
    for run in folders:
        run.tags.add("loss")
    named = [runs.metric_name(run, "loss") for run in folders]
    assert named == ["out/loss", "test/loss", "loss"]


def test_a_training_folder_waits_only_for_the_evaluation_beside_it() -> None:
    runs = Runs()
    runs.at("work/a", "validation")
    assert runs.metric_name(runs.at("work/a", "train"), "loss") == "train/loss"
    assert runs.metric_name(runs.at("work/b", "train"), "loss") == "loss"
