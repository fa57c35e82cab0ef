"""One example of each answer, for the OpenAPI document: made by what makes the real answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dowse.domain.events import TrialChanged
from dowse.domain.job import Job, JobState
from dowse.domain.lineage import Chosen, Counted, Kin
from dowse.domain.metrics import Goal, Measurement, Objective
from dowse.domain.parameters import Categorical, Double, Integer
from dowse.domain.space import SearchSpace
from dowse.domain.spec import CodeSpec, External, JobSpec, LaunchSpec, Limits
from dowse.domain.trial import Trial, TrialState
from dowse.ports import Point, StoredMeasurement, Summary, TrialRow
from dowse.wire.columns import Sheet, columns_document
from dowse.wire.curves import Curve, curves_document
from dowse.wire.documents import (
    job_document,
    job_summary,
    measurement_to_json,
    stored_measurement_to_json,
    trial_document,
)
from dowse.wire.events import numbered_event_to_json
from dowse.wire.front import front_document
from dowse.wire.lineage import kin_document

NOON = 1_795_262_400.0
JOB = Job(
    id=7,
    name="digits",
    state=JobState.RUNNING,
    created_at=NOON,
    started_at=NOON + 1,
    resumed_at=NOON + 1,
)
TRIAL = Trial(
    job_id=JOB.id,
    job=JOB.name,
    number=1,
    parameters={"learning_rate": 0.003, "depth": 4, "optimizer": "adam"},
    state=TrialState.SUCCEEDED,
    why={"phase": "sobol"},
    known_event=1,
    objective=0.93,
    step=3,
    exit_code=0,
    output_dir="/srv/dowse/jobs/digits/trials/1/work",
    created_at=NOON + 1,
    started_at=NOON + 2,
    ended_at=NOON + 62,
)
REPORT = Measurement(metric="accuracy", value=0.93, step=3, time=NOON + 60)
ENDED = TrialChanged(
    trial=1,
    attempt=1,
    before=TrialState.RUNNING,
    after=TrialState.SUCCEEDED,
    objective=0.93,
)
CURVE = Curve(1, 3, [Point(step, NOON + 20 * step, 0.64 + step / 10) for step in (1, 2, 3)])
SPEC = JobSpec(
    space=SearchSpace(
        [
            Double("learning_rate", 1e-5, 1e-1, scale="log"),
            Integer("depth", 1, 8),
            Categorical("optimizer", ["adam", "sgd"]),
        ]
    ),
    objectives=(Objective(metric="accuracy", goal=Goal.MAXIMIZE),),
    limits=Limits(trials=40),
    launch=LaunchSpec(program=External(), code=CodeSpec()),
)


def _columns() -> dict[str, Any]:
    times = (NOON + 1, NOON + 2, NOON + 62)
    rows = [
        TrialRow(1, "succeeded", None, 1, TRIAL.parameters, 0.93, 3, None, *times),
        TrialRow(2, "running", None, 1, TRIAL.parameters, None, None, None, *times[:2], None),
    ]
    sheet = Sheet(
        job=JOB.name,
        spec=SPEC,
        cursor="7.4",
        last_event=4,
        is_full=True,
        rows=rows,
        summaries=[Summary(1, "accuracy", 3, 0.93, 3, 0.71, 0.93)],
    )
    return columns_document(sheet)


def answers() -> Mapping[str, Any]:
    """By the id of the operation."""
    summary, trial = job_summary(JOB), trial_document(TRIAL)
    progress = {
        "job": summary,
        "metric": "accuracy",
        "goal": "maximize",
        "objectives": [{"metric": "accuracy", "goal": "maximize", "use": "last", "window": 1}],
        "metric_limits": [],
        "max_trials": 40,
        "directory": "/srv/dowse/jobs/digits",
        "counts": {"succeeded": 1},
        "best": trial,
        "front": [TRIAL.number],
        "improvements": [{"trial": 1, "value": 0.93}],
        "live": [],
        "latest": {"1": measurement_to_json(REPORT)},
        "last_event": 4,
    }
    stored = stored_measurement_to_json(StoredMeasurement(seq=1, measurement=REPORT))
    log = {"path": "/srv/dowse/jobs/digits/trials/1/log.txt", "text": "epoch 3\n", "offset": 8}
    return {
        "get_health": {"status": "ok", "version": "0.1.0"},
        "list_jobs": {"jobs": [summary], "next": None},
        "get_job": {**job_document(JOB, [TRIAL], [TRIAL]), "cost": COST},
        "get_front": front_document(JOB.name, SPEC.targets, [TRIAL], {"accuracy": 0.5}, 0.43),
        "edit_job": summary,
        "compare_jobs": {"currency": "USD", "jobs": [COMPARED]},
        "get_costs": {**COST, "trials": [{"trial": 1, **COST}]},
        "submit_job": {"job": summary, "warnings": []},
        "resume_job": summary,
        "extend_job": {"job": summary, "warnings": []},
        "get_lineage": _lineage(),
        "pause_job": summary,
        "cancel_job": summary,
        "get_progress": progress,
        "upload_code": {"id": "0f3c" * 8, "files": 12},
        "list_trials": {"trials": [trial], "next": None},
        "render_job": {
            "dialect": "openbayes",
            "file": "openbayes.yaml",
            "document": "version: 0.2\n…",
            "unsaid": ["seed: 7 is left out"],
        },
        "get_columns": _columns(),
        "get_curves": curves_document("accuracy", [CURVE]),
        "get_trial": trial,
        "stop_trial": trial,
        "tag_trial": {**trial, "tags": ["star", "baseline"]},
        "add_trial": trial,
        "get_metrics": {"metrics": {"accuracy": [stored]}},
        "get_log": log,
        "list_events": {"events": [numbered_event_to_json(4, NOON + 62, ENDED)]},
    }


COST = {
    "machine": "standard_gpu",
    "currency": "USD",
    "seconds": 1800.0,
    "amount": 0.415,
    "ml_units": 0.84695,
}
COMPARED = {
    "job": "digits",
    "state": "running",
    "metric": "accuracy",
    "goal": "maximize",
    "trials": 1,
    "seconds": 1800.0,
    "amount": 0.415,
    "ml_units": 0.84695,
    "best_trial": 1,
    "parameters": {"learning_rate": 0.003, "depth": 4, "optimizer": "adam"},
    "best": 0.97,
    "worst": 0.97,
    "comment": "Isolated job",
}


def _lineage() -> Mapping[str, Any]:
    return kin_document(
        Kin(
            parent="digits-1",
            parent_exists=True,
            children=("digits-3",),
            ancestors={"digits-1": 40},
            inherited_best=None,
            sources=(
                Counted(
                    job="digits-0",
                    chosen=Chosen.SIMILAR,
                    score=1.0,
                    name_score=1.0,
                    space_score=1.0,
                    results=30,
                    weight=0.6,
                ),
            ),
        )
    )


SUBMISSION = {
    "file": "job.yaml",
    "folder": "/srv/code/digits",
    "document": "command: python train.py\nmetric: accuracy\ngoal: maximize\n"
    "parameters:\n  depth: {type: integer, min: 1, max: 8}\n",
}
REQUESTS: Mapping[str, Any] = {
    "submit_job": SUBMISSION,
    "validate_document": SUBMISSION,
    "check_draft": {"document": SUBMISSION["document"]},
    "preview_document": SUBMISSION,
    "pause_job": {"now": True},
    "add_trial": {"like": 7, "parameters": {"learning_rate": 0.001}},
    "resume_job": {},
    "edit_job": {"limits": {"trials": 60, "parallel": 4}},
    "extend_job": {"trials": 10, "ranges": {"depth": "1..16"}},
}
