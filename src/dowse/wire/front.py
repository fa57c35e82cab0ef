"""The Pareto front of a job, as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dowse.domain.targets import Targets
from dowse.domain.trial import Trial
from dowse.wire.base import Form, Number, number_to_json
from dowse.wire.documents import TrialDocument, trial_document
from dowse.wire.targets import LimitForm, ObjectiveForm, targets_to_json


class FrontDocument(Form):
    """`trials` are those that no other one beats in every objective, the best in the first one
    first; of a single objective, the best trial alone. `hypervolume` is what they dominate up to
    `reference`, in the product of the units of the metrics; both are null while no trial counts.
    """

    job: str
    objectives: tuple[ObjectiveForm, ...]
    metric_limits: tuple[LimitForm, ...]
    trials: tuple[TrialDocument, ...]
    reference: dict[str, Number] | None
    hypervolume: Number | None


def front_document(
    job: str,
    targets: Targets,
    trials: Sequence[Trial],
    reference: Mapping[str, float] | None,
    volume: float | None,
) -> dict[str, Any]:
    return {
        "job": job,
        **targets_to_json(targets),
        "trials": [trial_document(trial) for trial in trials],
        "reference": None if reference is None else dict(reference),
        "hypervolume": None if volume is None else number_to_json(volume),
    }
