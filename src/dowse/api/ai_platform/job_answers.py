"""Jobs as the answers of ml.v1, told again without work while nothing has happened to them."""

from __future__ import annotations

from dowse.api.ai_platform.job_resource import job_form
from dowse.domain.job import Job
from dowse.domain.spec import JobSpec
from dowse.errors import NotFound
from dowse.service.accounts import Accounts
from dowse.service.queries import Queries
from dowse.wire.google_jobs import JobForm

MAX_KEPT = 16
MAX_KEPT_CHARACTERS = 2_000_000


class JobAnswers:
    """Most questions come from clients that wait for a change; every change has an event."""

    def __init__(self, queries: Queries, accounts: Accounts) -> None:
        self._queries = queries
        self._accounts = accounts
        self._kept: dict[str, tuple[tuple[int, int], str]] = {}

    def job(self, name: str) -> tuple[Job, JobSpec]:
        """Raises NotFound for a study, which has a place of its own."""
        job = self._queries.job(name)
        spec = self._queries.spec_of(job)
        if spec.is_external:
            raise NotFound(f"{name} is a study and no job; ask for it among the studies")
        return job, spec

    def form(self, job: Job, spec: JobSpec) -> JobForm:
        trials = self._queries.trials(job.name)
        return job_form(job, spec, trials, ml_units=self._accounts.ml_units(spec, trials))

    def text(self, name: str) -> str:
        """The whole job with its trials."""
        # First the event, then the facts: what happens in between is told once more.
        last_event = self._queries.last_event(name)
        job, spec = self.job(name)
        state = (job.id, last_event)
        kept = self._kept.get(name)
        if kept is not None and kept[0] == state:
            return kept[1]
        text = self.form(job, spec).to_text()
        if len(text) <= MAX_KEPT_CHARACTERS:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[name] = state, text
        return text
