"""Jobs, trials and specifications for tests of the service."""

from typing import Any

from dowse.domain.job import Job, JobState
from dowse.domain.metrics import Goal, Measurement, Objective, Use
from dowse.domain.parameters import Double
from dowse.domain.reasons import Reason
from dowse.domain.space import SearchSpace
from dowse.domain.spec import Argv, CodeSpec, FailurePolicy, JobSpec, LaunchSpec, Limits
from dowse.domain.trial import Trial, TrialState


def a_spec(
    *, failures: FailurePolicy = FailurePolicy.AUTOMATIC, use: Use = Use.LAST, **limits: Any
) -> JobSpec:
    return JobSpec(
        space=SearchSpace([Double("lr", 0.0, 1.0)]),
        objectives=(Objective(metric="loss", goal=Goal.MINIMIZE, use=use),),
        limits=Limits(**{"trials": 10, **limits}),
        launch=LaunchSpec(program=Argv(("train",)), code=CodeSpec(root="/code")),
        failures=failures,
    )


def a_job(state: JobState = JobState.RUNNING, **fields: Any) -> Job:
    started = {"started_at": 0.0, "resumed_at": 0.0} if state is JobState.RUNNING else {}
    return Job(id=1, name="digits", state=state, **{"created_at": 0.0, **started, **fields})


def a_trial(number: int, state: TrialState = TrialState.QUEUED, **fields: Any) -> Trial:
    given: dict[str, Any] = {"parameters": {"lr": number / 100}, "created_at": 0.0, **fields}
    return Trial(job_id=1, job="digits", number=number, state=state, **given)


def good(number: int, objective: float = 0.5) -> Trial:
    return a_trial(number, TrialState.SUCCEEDED, objective=objective)


def failed(number: int, reason: Reason = Reason.NONZERO_EXIT) -> Trial:
    return a_trial(number, TrialState.FAILED, reason=reason, message=f"because of {number}")


def a_report(value: float, step: int = 0, metric: str = "loss") -> Measurement:
    return Measurement(metric=metric, value=value, step=step, time=0.0)
