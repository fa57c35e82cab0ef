"""The messages of ml.v1 jobs that Dowse answers."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from dowse.wire.google_base import Double, GoogleForm, Int64, Time


class HyperparameterMetricForm(GoogleForm):
    training_step: Int64
    objective_value: Double


class HyperparameterOutputForm(GoogleForm):
    """A trial. Its values are text, whatever their type."""

    trial_id: str
    hyperparameters: dict[str, str]
    final_metric: HyperparameterMetricForm | None = None
    is_trial_stopped_early: bool | None = None
    state: str
    start_time: Time | None = None
    end_time: Time | None = None
    web_access_uris: dict[str, str] | None = None


class TrainingOutputForm(GoogleForm):
    """`trials` begins with the best one. `completed_trial_count` counts the successful ones.

    `consumed` is left out where the machine has no price in ML units.
    """

    completed_trial_count: Int64
    is_hyperparameter_tuning_job: bool = True
    hyperparameter_metric_tag: str
    trials: tuple[HyperparameterOutputForm, ...] | None = None
    web_access_uris: dict[str, str] | None = None
    consumed: Double | None = Field(default=None, serialization_alias="consumedMLUnits")


class JobForm(GoogleForm):
    """`training_input` is the client's own, as it was written."""

    job_id: str
    state: str
    create_time: Time
    start_time: Time | None = None
    end_time: Time | None = None
    error_message: str | None = None
    labels: dict[str, str] | None = None
    etag: str
    training_input: dict[str, Any]
    training_output: TrainingOutputForm


class ListJobsForm(GoogleForm):
    jobs: tuple[JobForm, ...] | None = None
    next_page_token: str | None = None


class JobPatchForm(GoogleForm):
    """What a client may change of a job."""

    labels: dict[str, str] | None = None
    etag: str | None = None
