"""Running the best configurations of a job again, as a job of its own with the same code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dowse.domain.confirmation import (
    MOST_ENTRANTS,
    Confirmation,
    Entrant,
    algorithm_of,
    confirmation_of,
)
from dowse.domain.job import MAX_NAME, Job
from dowse.domain.lineage import Learning
from dowse.domain.spec import FailurePolicy, JobSpec, Limits
from dowse.domain.trial import Trial
from dowse.errors import InvalidInput, NotFound, Problem, Refused
from dowse.ports import Store
from dowse.service.analyses import Analyses
from dowse.service.jobs import Jobs
from dowse.service.queries import Queries

if TYPE_CHECKING:
    from dowse.analysis.confirm import ConfirmReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRequest:
    """The `top` best configurations, each under at least a few and in all under `top` times `seeds`
    seeds. `parallel` None is as many at once as the job had.
    """

    top: int = 5
    seeds: int = 10
    seed_flag: str | None = None
    parallel: int | None = None
    name: str | None = None


class Confirming:
    """Makes jobs that confirm, and reports on them."""

    def __init__(self, *, store: Store, jobs: Jobs, queries: Queries, analyses: Analyses) -> None:
        self._store = store
        self._jobs = jobs
        self._queries = queries
        self._analyses = analyses

    def begin(
        self,
        name: str,
        request: ConfirmRequest,
        *,
        environment: Mapping[str, str] | None = None,
    ) -> Job:
        """Raises Refused where there is nothing to run again, InvalidInput for a wrong request."""
        job = self._store.job(name)
        spec = self._store.spec(job.id)
        if spec.is_external:
            raise Refused(f"{name} is a study: its clients run its trials, so nothing can be rerun")
        if confirmation_of(spec) is not None:
            raise Refused(f"{name} confirms another job itself; its report has what it found")
        if spec.targets.is_several:
            raise Refused(
                f"{name} has {len(spec.objectives)} objectives, and only a single one can be "
                "compared over seeds"
            )
        if not 2 <= request.top <= MOST_ENTRANTS:
            message = f"must be from 2 to {MOST_ENTRANTS}, got {request.top}"
            raise InvalidInput([Problem(path="top", message=message)])
        wanted = Confirmation(
            job=name,
            entrants=tuple(self._entrants(name, spec, request.top)),
            seeds=request.seeds,
            seed_flag=request.seed_flag,
        )
        new = request.name or self._free_name(name)
        return self._jobs.submit(
            spec_of(spec, wanted, name=new, parallel=request.parallel),
            fallback_name=new,
            environment=environment,
            code_of=name,
        )

    def _free_name(self, name: str) -> str:
        """`digits-confirm`, `digits-confirm-2` and so on."""
        taken = {job.name for job in self._store.jobs()}
        base = f"{name[: MAX_NAME - 20]}-confirm"
        counted = (f"{base}-{count}" for count in range(2, len(taken) + 3))
        return next(each for each in (base, *counted) if each not in taken)

    def _entrants(self, name: str, spec: JobSpec, top: int) -> list[Entrant]:
        """Different configurations that are possible in the space, the most promising first."""
        able: dict[object, Trial] = {}
        for trial in self._queries.ranked(name):
            if not spec.space.problems(trial.parameters):
                able.setdefault(spec.space.key(trial.parameters), trial)
        trials = {trial.number: trial for trial in able.values()}
        if len(trials) < 2:
            count = "1 configuration" if trials else "no configuration"
            raise Refused(
                f"{name} has {count} with a result: two or more are needed to tell which is best"
            )
        chosen = self._analyses.promising(name, tuple(trials), top)
        return [_entrant(trials[number]) for number in chosen]

    def report(self, name: str) -> tuple[str, ConfirmReport]:
        """The report on a job that confirms, or on the newest one that confirms the job of this
        name; and which job that is. Raises NotFound where there is none.
        """
        job = self._newest(name)
        spec = self._store.spec(job.id)
        wanted = confirmation_of(spec)
        assert wanted is not None
        return job.name, self._analyses.confirmation(job.name, wanted, over=job.state.is_final)

    def _newest(self, name: str) -> Job:
        job = self._store.job(name)
        if confirmation_of(self._queries.spec_of(job)) is not None:
            return job
        for other in sorted(self._store.jobs(), key=lambda each: -each.id):
            wanted = confirmation_of(self._queries.spec_of(other))
            if wanted is not None and wanted.job == name:
                return other
        raise NotFound(f"no job confirms {name}; begin one with: dowse confirm {name}")


def _entrant(trial: Trial) -> Entrant:
    assert trial.objective is not None
    return Entrant(trial=trial.number, parameters=trial.parameters, value=trial.objective)


def spec_of(spec: JobSpec, wanted: Confirmation, *, name: str, parallel: int | None) -> JobSpec:
    """The job of the runs: the same program, no search, nothing that ends it before it has told.

    Its job directory lies in that of the job, so that no output is written over.
    """
    limits = spec.limits
    return replace(
        spec,
        name=name,
        description=f"runs the best configurations of {wanted.job} again",
        algorithm=algorithm_of(wanted),
        stopping=None,
        continues=None,
        # The configurations have kept them; a run that does not says something about its value too.
        metric_limits=(),
        learning=Learning(),
        failures=FailurePolicy.IGNORE,
        limits=Limits(
            trials=wanted.budget,
            parallel=limits.parallel if parallel is None else parallel,
            trial_timeout_s=limits.trial_timeout_s,
            retries=limits.retries,
            retry_on=limits.retry_on,
            no_progress_s=limits.no_progress_s,
        ),
        launch=replace(spec.launch, job_dir=_job_dir(spec, name)),
        document="",
        warnings=(),
    )


def _job_dir(spec: JobSpec, name: str) -> str | None:
    given = spec.launch.job_dir
    return None if given is None else f"{given.rstrip('/')}/{name}"
