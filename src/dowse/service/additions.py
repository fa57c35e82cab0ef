"""Trials whose parameters somebody chose: once more those of a trial, or a variation of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial
from dowse.errors import Conflict, InvalidInput, Problem, Refused
from dowse.ports import Clock, Store
from dowse.service.queries import Queries


class Additions:
    """The loop finds such trials in the store and runs them like any other."""

    def __init__(self, *, store: Store, queries: Queries, clock: Clock) -> None:
        self._store = store
        self._queries = queries
        self._clock = clock

    def add(self, name: str, parameters: Mapping[str, Any], *, like: int | None = None) -> Trial:
        """A queued trial with these parameters; with `like`, those of that trial where not given.

        It counts towards the job's limit of trials. Raises InvalidInput for parameters outside the
        space, Refused for a job that is over, has no room or is a study.
        """
        while True:
            job = self._store.job(name)
            if job.state.is_final:
                raise Refused(
                    f"job {name} is {job.state.value}: it takes no more trials; submit a job that "
                    "tries them"
                )
            spec = self._queries.spec_of(job)
            if spec.is_external:
                raise Refused(f"{name} is a study: its clients add its trials")
            chosen = self._chosen(job.id, parameters, like)
            _check(spec, chosen)
            trial = Trial(
                job_id=job.id,
                job=job.name,
                number=self._next_number(job.id, spec),
                parameters=chosen,
                why={"algorithm": "user"} | ({} if like is None else {"like": like}),
                known_event=self._store.last_event(job.id),
                created_at=self._clock.now(),
            )
            try:
                return self._store.create_trial(trial, note=self._store.note(job.id))
            except Conflict:
                continue  # A suggestion took the number meanwhile.

    def _chosen(
        self, job_id: int, parameters: Mapping[str, Any], like: int | None
    ) -> dict[str, Any]:
        known = {} if like is None else self._store.trial(job_id, like).parameters
        return {**known, **parameters}

    def _next_number(self, job_id: int, spec: JobSpec) -> int:
        rows = self._store.trial_rows(job_id)
        most = spec.limits.trials
        if most is not None and len(rows) >= most:
            raise Refused(
                f"the job has all of its {most} trials; raise its limit first (limits.trials)"
            )
        return rows[-1].number + 1 if rows else 1


def _check(spec: JobSpec, parameters: Mapping[str, Any]) -> None:
    found = spec.space.problems(parameters)
    if found:
        raise InvalidInput(
            Problem(path=f"parameters.{one.path}", message=one.message) for one in found
        )
