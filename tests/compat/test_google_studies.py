"""ml.v1 studies, driven by the real google-api-python-client."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compat.servers import serving
from tests.compat.test_google_jobs import drive

STUDY = "projects/p1/locations/us-central1/studies/branin"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with serving(tmp_path_factory.mktemp("studies")) as server:
        return drive("google_studies.py", server.url, server.token)


def test_a_study_is_created_with_its_configuration_as_it_was_written(found: Any) -> None:
    created = found["created"]
    assert (created["name"], created["state"]) == (STUDY, "ACTIVE")
    kinds = [one["type"] for one in created["studyConfig"]["parameters"]]
    assert kinds == ["DOUBLE", "INTEGER", "DISCRETE", "CATEGORICAL"]


def test_two_clients_complete_a_whole_study_each_its_own_trials(found: Any) -> None:
    completed = found["completed"]
    assert [trial["name"] for trial in completed] == [f"{STUDY}/trials/{n}" for n in range(1, 21)]
    assert {trial["clientId"] for trial in completed[::2]} == {"worker0"}
    assert {trial["clientId"] for trial in completed[1::2]} == {"worker1"}
    assert found["listed"] == completed
    for index, trial in enumerate(completed):
        assert trial["state"] == "COMPLETED"
        assert [one["stepCount"] for one in trial["measurements"]] == ["1", "2"]
        # Without a final measurement the last one counts.
        assert trial["finalMeasurement"]["stepCount"] == ("3" if index % 3 else "2")


def test_values_have_the_types_of_their_parameters_and_children_their_parents(found: Any) -> None:
    for trial in found["completed"]:
        values = {one.pop("parameter"): one for one in trial["parameters"]}
        assert 1e-4 <= values["lr"]["floatValue"] <= 1.0
        assert values["layers"]["intValue"] in ("1", "2", "3", "4")
        assert values["units"]["floatValue"] in (16.0, 32.0, 64.0)
        sgd = values["optimizer"] == {"stringValue": "sgd"}
        assert ("momentum" in values) is sgd


def test_a_client_may_have_several_trials_and_nobody_elses(found: Any) -> None:
    assert (found["edges"]["several"], found["edges"]["other client"]) == (3, True)


def test_an_infeasible_trial_says_why_and_has_no_result(found: Any) -> None:
    infeasible = found["edges"]["infeasible"]
    assert (infeasible["state"], infeasible["trialInfeasible"]) == ("COMPLETED", True)
    assert infeasible["infeasibleReason"] == "out of memory"
    assert "finalMeasurement" not in infeasible


def test_a_stopped_trial_is_stopping_until_its_client_completes_it(found: Any) -> None:
    assert found["edges"]["stopping"]["state"] == "STOPPING"
    stopped = found["edges"]["stopped"]
    assert stopped["state"] == "COMPLETED"
    assert stopped["finalMeasurement"]["metrics"] == [{"metric": "loss", "value": 9.5}]


def test_a_hopeless_trial_is_told_to_stop(found: Any) -> None:
    assert found["edges"]["check"]["shouldStop"] is True
    assert found["edges"]["checked"] == "STOPPING"


def test_a_configuration_of_a_clients_own_is_given_to_the_next_that_asks(found: Any) -> None:
    assert found["edges"]["requested"]["state"] == "REQUESTED"
    assert found["edges"]["given"] is True


def test_the_optimal_trial_is_the_best_that_is_left(found: Any) -> None:
    edges = found["edges"]
    assert [one["name"] for one in edges["best"]] == [edges["result"]["name"]]
    losses = {
        one["name"]: one["finalMeasurement"]["metrics"][0]["value"] for one in found["completed"]
    }
    assert [one["name"] for one in edges["best left"]] == [min(losses, key=lambda k: losses[k])]


def test_the_number_of_a_deleted_trial_is_not_given_again(found: Any) -> None:
    assert found["edges"]["result"]["name"].endswith("/26")
    assert found["edges"]["after the deleted one"].endswith("/27")


def test_a_study_whose_space_is_exhausted_is_completed(found: Any) -> None:
    assert found["exhausted"] == {
        "tried": [1, 2, 3, 4],
        "then": [[], "COMPLETED"],
        "state": "COMPLETED",
    }


def test_of_several_metrics_the_front_is_optimal(found: Any) -> None:
    front, completed = found["several"]["front"], found["several"]["completed"]
    points = {name: (loss, size) for name, loss, size in completed}
    beaten = {
        name
        for name, (loss, size) in points.items()
        if any(a <= loss and b <= size and (a, b) != (loss, size) for a, b in points.values())
    }
    assert len(completed) == 12
    assert set(front) == set(points) - beaten
    # Best in the first metric first.
    assert [points[name][0] for name in front] == sorted(points[name][0] for name in front)


def test_studies_are_no_jobs_and_a_deleted_one_is_gone(found: Any) -> None:
    others = [STUDY.replace("branin", name) for name in ("several", "grid")]
    assert found["studies"] == [*others, STUDY]
    assert found["jobs"] == {}
    assert found["deleted"]["status"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("case", "status", "reason"),
    [
        ("completed twice", "FAILED_PRECONDITION", "is completed already"),
        ("nothing measured", "FAILED_PRECONDITION", "has no measurement of 'loss'"),
        ("measured late", "FAILED_PRECONDITION", "it takes no measurement"),
        ("step back", "INVALID_ARGUMENT", "must come after the last one, which is of stepCount 1"),
        ("other metric", "INVALID_ARGUMENT", "is not a metric of the study; there are loss"),
        (
            "same study",
            "ALREADY_EXISTS",
            "studyId: there is already a job or a study 'branin'; choose another",
        ),
        (
            "bad scale",
            "INVALID_ARGUMENT",
            "studyConfig.parameters[0].doubleValueSpec.minValue: must be > 0 on a log scale",
        ),
        ("bad algorithm", "INVALID_ARGUMENT", "must be one of ALGORITHM_UNSPECIFIED"),
        ("stopping by several metrics", "INVALID_ARGUMENT", "compares curves of one metric"),
        ("unknown study", "NOT_FOUND", "did you mean 'branin'?"),
        ("unknown trial", "NOT_FOUND", "has no trial 999"),
        ("no client", "INVALID_ARGUMENT", "clientId: is missing"),
        ("unknown operation", "NOT_FOUND", "there is no operation 99999"),
        ("a job", "NOT_FOUND", "branin is a study and no job"),
    ],
)
def test_an_error_reaches_the_client_in_its_own_form(
    found: Any, case: str, status: str, reason: str
) -> None:
    error = found["edges"]["errors"][case]
    assert error["status"] == status
    assert reason in error["reason"]
