"""Jobs that are over, put into a store without running anything."""

from collections.abc import Sequence
from dataclasses import replace

from dowse.domain.job import Job, JobState
from dowse.domain.lifecycle import Outcome, advance_job, advance_trial
from dowse.domain.lineage import NOTHING, Lineage
from dowse.domain.metrics import Goal, Objective
from dowse.domain.parameters import Integer, Parameter
from dowse.domain.space import Assignment, SearchSpace
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.ports import Store
from tests.unit.service.values import a_spec

Result = tuple[Assignment, float | None]


def tuning(*parameters: Parameter, metric: str = "rmse", goal: Goal = Goal.MINIMIZE) -> JobSpec:
    """A job of these parameters; nembeds from 3 to 15 where there are none."""
    return replace(
        a_spec(),
        space=SearchSpace(parameters or [Integer("nembeds", 3, 15)]),
        objectives=(Objective(metric=metric, goal=goal),),
    )


def embeds(count: int, *, first: int = 3) -> list[Result]:
    return [({"nembeds": first + k}, float(k)) for k in range(count)]


def begun(
    store: Store,
    name: str,
    spec: JobSpec,
    results: Sequence[Result] = (),
    *,
    lineage: Lineage = NOTHING,
) -> Job:
    """A running job whose trials had these results; None is a failed one."""
    job = store.create_job(spec, name=name, lineage=lineage)
    job = store.change_job(advance_job(job, JobState.RUNNING, at=1.0))
    for number, (parameters, value) in enumerate(results, start=1):
        made = Trial(job_id=job.id, job=name, number=number, parameters=parameters, created_at=1.0)
        trial = store.create_trial(made, note={"k": number})
        trial = store.change_trial(advance_trial(trial, TrialState.RUNNING, at=2.0))
        to = TrialState.FAILED if value is None else TrialState.SUCCEEDED
        outcome = Outcome(exit_code=0, objective=value, step=1)
        store.change_trial(advance_trial(trial, to, at=3.0, outcome=outcome))
    return job


def finished(
    store: Store,
    name: str,
    spec: JobSpec,
    results: Sequence[Result] = (),
    *,
    lineage: Lineage = NOTHING,
) -> Job:
    job = begun(store, name, spec, results, lineage=lineage)
    return store.change_job(advance_job(job, JobState.SUCCEEDED, at=4.0))
