"""The limits that can be changed while a job runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from dowse.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from dowse.domain.spec import JobSpec, Limits


MOST: Mapping[str, Mapping[str, tuple[str, int]]] = {
    "azure_ml": {
        "trials": ("max_total_trials", 1_000),
        "parallel": ("max_concurrent_trials", 1_000),
    },
    "openbayes": {"trials": ("max_job_count", 100)},
}
"""What the documents of a dialect call a limit, and how far it may go there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceilings:
    """All three as they are meant to be from now on; None is no ceiling, as in `Limits`."""

    trials: int | None
    parallel: int
    failed: int | None

    @classmethod
    def of(cls, limits: Limits) -> Ceilings:
        return cls(trials=limits.trials, parallel=limits.parallel, failed=limits.failed)

    def with_(self, changes: Mapping[str, int | None]) -> Ceilings:
        """The same with what `changes` names set to that."""
        return Ceilings(**{**asdict(self), **changes})

    def changed(self, other: Ceilings) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """What is not the same in `other`: as it is here, and as it is there."""
        here, there = asdict(self), asdict(other)
        names = [name for name in here if here[name] != there[name]]
        return {name: here[name] for name in names}, {name: there[name] for name in names}


def under(spec: JobSpec, ceilings: Ceilings | None) -> JobSpec:
    """The job as it is carried out: what was asked for, with the ceilings that were set later.

    Raises InvalidInput for ceilings that no job may have.
    """
    if ceilings is None:
        return spec
    trials, failed = ceilings.trials, ceilings.failed
    if trials is not None and failed is not None and failed > trials:
        message = f"must not be above trials ({trials}), got {failed}"
        raise InvalidInput([Problem(path="limits.failed", message=message)])
    return replace(spec, limits=replace(spec.limits, **asdict(ceilings)))


def refuse_beyond(
    spec: JobSpec, changes: Mapping[str, int | None], quotas: Mapping[str, int]
) -> None:
    """Raise InvalidInput for changes that the documents of the job's dialect could not ask for.

    `quotas` are how many trials of an OpenBayes job may run at once, by type of machine.
    """
    problems = []
    for name, (key, most) in MOST.get(spec.dialect, {}).items():
        if (asked := changes.get(name)) is not None and asked > most:
            message = f"must be at most {most}, the most that {key} may be, got {asked}"
            problems.append(Problem(path=f"limits.{name}", message=message))
    machine = spec.launch.resources.machine
    quota = quotas.get(machine or "*", quotas.get("*")) if spec.dialect == "openbayes" else None
    asked = changes.get("parallel")
    if quota is not None and asked is not None and asked > quota:
        whose = "trials" if machine is None else f"trials on {machine}"
        message = f"must be at most {quota}, the quota of {whose} at once, got {asked}"
        problems.append(Problem(path="limits.parallel", message=message))
    if problems:
        raise InvalidInput(problems)
