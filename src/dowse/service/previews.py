"""The first trials of a job as they would be started. Nothing is created."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dowse.domain.history import History
from dowse.domain.lineage import NOTHING, Lineage
from dowse.domain.space import Assignment
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial
from dowse.ports import Clock
from dowse.runtime.launch import LaunchPlan
from dowse.service.histories import continued
from dowse.service.local import LocalWorkplace
from dowse.service.suggester import suggest
from dowse.service.trial_door import TOKEN_VARIABLE
from dowse.wire.history import history_to_json

AT_LEAST = 3
"""So many trials are shown, or as many as would run at once."""

HIDDEN = "•••"
"""Stands for the trial's token: whoever looks at a preview has no use for it."""


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

    def first_trials(self, spec: JobSpec, name: str, lineage: Lineage = NOTHING) -> list[Preview]:
        """With what the job would have from earlier ones, its `lineage`. Raises InvalidInput for
        code or data that could not be taken.
        """
        found = self._suggested(spec, lineage)
        return self.previews(spec, name, [(one["parameters"], one["why"]) for one in found])

    def previews(
        self, spec: JobSpec, name: str, suggested: Iterable[tuple[Assignment, Mapping[str, Any]]]
    ) -> list[Preview]:
        """The same of what was suggested, with the reasons why."""
        self._workplace.check_code(spec)
        now = self._clock.now()
        trials = (
            Trial(
                job_id=0,
                job=name,
                number=number,
                parameters=parameters,
                why=why,
                created_at=now,
            )
            for number, (parameters, why) in enumerate(suggested, start=1)
        )
        return [self._preview(spec, trial) for trial in trials]

    def _preview(self, spec: JobSpec, trial: Trial) -> Preview:
        plan = self._workplace.plan(spec, trial)
        given = sorted(plan.launch.environment.items())
        token = plan.launch.environment.get(TOKEN_VARIABLE)
        added = {
            name: HIDDEN if value == token else value
            for name, value in given
            if self._environ.get(name) != value
        }
        return Preview(trial=trial, plan=plan, added=added)

    def _suggested(self, spec: JobSpec, lineage: Lineage) -> list[Mapping[str, Any]]:
        count = max(AT_LEAST, spec.limits.parallel)
        message = {
            "history": history_to_json(continued(lineage, History())),
            "note": lineage.note,
            "count": min(count, spec.limits.trials or count),
        }
        sources = tuple(each.source for each in lineage.sources)
        found: list[Mapping[str, Any]] = suggest(spec, message, sources)["suggestions"]
        return found


def warnings_of(previews: list[Preview]) -> list[str]:
    """Each once, in order."""
    return list(dict.fromkeys(text for preview in previews for text in preview.plan.warnings))
