"""The first trials of a job as they would be started. Nothing is created."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dowse import catalog
from dowse.domain.history import History
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial
from dowse.optim.protocol import SuggestRequest
from dowse.ports import Clock
from dowse.runtime.launch import LaunchPlan
from dowse.service.local import LocalWorkplace

AT_LEAST = 3
"""So many trials are shown, or as many as would run at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`added` is what the trial's environment has beside that of the process that starts it."""

    trial: Trial
    plan: LaunchPlan
    added: Mapping[str, str]


class Previews:
    """`environ` is that of the process that starts trials."""

    def __init__(
        self, workplace: LocalWorkplace, *, clock: Clock, environ: Mapping[str, str]
    ) -> None:
        self._workplace = workplace
        self._clock = clock
        self._environ = environ

    def first_trials(self, spec: JobSpec, name: str) -> list[Preview]:
        """Raises InvalidInput for code or data that could not be taken."""
        self._workplace.check_code(spec)
        return [self._preview(spec, trial) for trial in self._suggested(spec, name)]

    def _preview(self, spec: JobSpec, trial: Trial) -> Preview:
        plan = self._workplace.plan(spec, trial)
        given = sorted(plan.launch.environment.items())
        added = {name: value for name, value in given if self._environ.get(name) != value}
        return Preview(trial=trial, plan=plan, added=added)

    def _suggested(self, spec: JobSpec, name: str) -> list[Trial]:
        count = max(AT_LEAST, spec.limits.parallel)
        decision = catalog.suggester(spec.algorithm).suggest(
            SuggestRequest(
                space=spec.space,
                goal=spec.objective.goal,
                history=History(),
                seed=spec.seed,
                count=min(count, spec.limits.trials or count),
                repeats=spec.algorithm.repeats,
                further=spec.objectives[1:],
                limits=spec.metric_limits,
            )
        )
        now = self._clock.now()
        return [
            Trial(
                job_id=0,
                job=name,
                number=number,
                parameters=suggestion.parameters,
                why=suggestion.why,
                created_at=now,
            )
            for number, suggestion in enumerate(decision.suggestions, start=1)
        ]


def warnings_of(previews: list[Preview]) -> list[str]:
    """Each once, in order."""
    return list(dict.fromkeys(text for preview in previews for text in preview.plan.warnings))
