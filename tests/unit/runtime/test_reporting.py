import re
from pathlib import Path

import pytest

from dowse.domain.trial import Trial
from dowse.runtime.reporting import reporting_variables, run_id

TRIAL = Trial(job_id=12, job="digits", number=3, attempt=2, parameters={}, created_at=0.0)


def variables(own: dict[str, str] | None = None, **inherited: str) -> dict[str, str]:
    return reporting_variables(
        TRIAL, url="http://127.0.0.1:8470", token="t0ken", own=own or {}, inherited=inherited
    )


def test_each_library_finds_its_address_its_token_and_its_run() -> None:
    assert variables() == {
        "MLFLOW_TRACKING_URI": "http://127.0.0.1:8470/mlflow",
        "MLFLOW_TRACKING_TOKEN": "t0ken",
        "MLFLOW_RUN_ID": run_id(12, 3, 2),
        "MLFLOW_EXPERIMENT_ID": "12",
        "MLFLOW_EXPERIMENT_NAME": "digits",
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "9",
        "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
        "GIT_PYTHON_REFRESH": "quiet",
        "JOB_UPDATE_URL": "http://127.0.0.1:8470/openbayes",
        "OPENBAYES_JOB_URL": "http://127.0.0.1:8470/openbayes",
        "JOB_ACCESS_TOKEN": "t0ken",
        "OPENBAYES_TOKEN": "t0ken",
    }


def test_every_attempt_has_a_run_of_its_own() -> None:
    ids = {run_id(*ref) for ref in [(1, 1, 1), (1, 1, 2), (1, 2, 1), (2, 1, 1), (1, 11, 1)]}
    assert len(ids) == 5
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)
    assert run_id(1, 1, 1) == run_id(1, 1, 1)


def test_a_job_that_names_another_tracking_server_is_left_alone() -> None:
    found = variables({"MLFLOW_TRACKING_URI": "http://team"}, MLFLOW_TRACKING_USERNAME="ann")
    assert [name for name in found if name.startswith("MLFLOW")] == []
    assert "JOB_UPDATE_URL" in found


@pytest.mark.parametrize("name", ["JOB_UPDATE_URL", "OPENBAYES_JOB_URL"])
def test_a_job_that_names_another_openbayes_address_is_left_alone(name: str) -> None:
    found = variables({name: "http://there"})
    assert [one for one in found if "JOB" in one or "OPENBAYES" in one] == []
    assert "MLFLOW_TRACKING_URI" in found


def test_single_variables_of_the_job_stay_as_they_are() -> None:
    assert "MLFLOW_EXPERIMENT_NAME" not in variables({"MLFLOW_EXPERIMENT_NAME": "mine"})


def test_what_would_lead_the_library_elsewhere_is_emptied() -> None:
    found = variables(MLFLOW_TRACKING_USERNAME="ann", MLFLOW_TRACKING_URI="http://team")
    assert found["MLFLOW_TRACKING_USERNAME"] == ""
    assert found["MLFLOW_TRACKING_URI"] == "http://127.0.0.1:8470/mlflow"
    assert "MLFLOW_TRACKING_PASSWORD" not in found


def test_no_proxy_stands_between_a_trial_and_its_owner() -> None:
    found = variables(HTTP_PROXY="http://proxy", no_proxy="intra.net")
    assert found["no_proxy"] == "intra.net,127.0.0.1,localhost"
    assert found["NO_PROXY"] == "127.0.0.1,localhost"
    assert "no_proxy" not in variables(no_proxy="intra.net")


def test_every_variable_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert [name for name in variables() if f"`{name}`" not in page] == []
