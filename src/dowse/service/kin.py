"""What people ask about the jobs before and after a job."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dowse.domain.lineage import Counted, Inherited, Kin, Pinned
from dowse.domain.metrics import Goal
from dowse.domain.targets import Targets
from dowse.domain.trial import Trial
from dowse.ports import Store


def kin_of(store: Store, name: str) -> Kin:
    """Raises NotFound."""
    job = store.job(name)
    lineage, spec = store.lineage(job.id), store.spec(job.id)
    counts = _newest_counts(store.trials(job.id) if lineage.sources else ())
    return Kin(
        parent=lineage.parent,
        parent_exists=lineage.parent_id is not None,
        children=store.children(job.id),
        ancestors=Counter(each.job for each in lineage.inherited),
        inherited_best=_best(lineage.inherited, spec.targets),
        sources=tuple(_counted(each, counts) for each in lineage.sources),
    )


def _best(inherited: Sequence[Inherited], targets: Targets) -> Inherited | None:
    """Of several objectives there is no best one."""
    if targets.is_several:
        return None
    sign = -1.0 if targets.objectives[0].goal is Goal.MAXIMIZE else 1.0
    found = [
        (sign * value, place, each)
        for place, each in enumerate(inherited)
        if (value := each.observation.value) is not None
        and math.isfinite(value)
        and targets.kept(each.observation)
    ]
    return min(found, default=(0.0, 0, None))[2]


def _newest_counts(trials: Sequence[Trial]) -> Mapping[str, Mapping[str, Any]]:
    """What the newest suggestion that says so counted each source for."""
    for trial in sorted(trials, key=lambda trial: -trial.number):
        if said := trial.why.get("sources"):
            return {each["name"]: each for each in said}
    return {}


def _counted(pinned: Pinned, counts: Mapping[str, Mapping[str, Any]]) -> Counted:
    said = counts.get(pinned.source.name, {})
    return Counted(
        job=pinned.source.name,
        chosen=pinned.chosen,
        score=pinned.score,
        name_score=pinned.name_score,
        space_score=pinned.space_score,
        results=len(pinned.source.observations),
        weight=said.get("weight"),
        dropped=said.get("dropped"),
    )
