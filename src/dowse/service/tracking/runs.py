"""The runs of one attempt: its own, which always exists, and those its program opens beside it.

The metrics of the attempt's own run, and of any other run that is not nested, count for the
trial. A nested run has its metrics under its name, as `<name>/<metric>`: the parts of a search
inside the trial must not be taken for its result.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from dowse.domain.annotations import MAX_KEY, Annotation, AnnotationKind
from dowse.domain.metrics import Measurement
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.errors import NotFound
from dowse.runtime.reporting import run_id
from dowse.service.reports import Reports, said
from dowse.wire.mlflow.metrics import LoggedMetric, LogMetric, measurements_of
from dowse.wire.mlflow.runs import CreateRun, LogInputs, LogOutputs, RunRecord, UpdateRun

SOURCE = "mlflow"
PARENT_TAG = "mlflow.parentRunId"
NAME_TAG = "mlflow.runName"
MODELS_TAG = "mlflow.log-model.history"
MAX_PREFIX = 100
RUNNING = "RUNNING"
OWN = ""
"""The holder of what belongs to the attempt's own run: it belongs to the trial."""

_ENDS = {
    TrialState.SUCCEEDED: "FINISHED",
    TrialState.FAILED: "FAILED",
    TrialState.STOPPED: "KILLED",
    TrialState.CANCELLED: "KILLED",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """The attempt that a request speaks for."""

    job_id: int
    attempt: AttemptRef

    @property
    def experiment_id(self) -> str:
        return str(self.job_id)

    @property
    def own_run(self) -> str:
        return run_id(self.job_id, self.attempt.trial, self.attempt.attempt)

    def holder_of(self, run: str) -> str:
        return OWN if run == self.own_run else run

    def source_of(self, run: str) -> str:
        """Equal reports of two runs are two reports."""
        return SOURCE if run == self.own_run else f"{SOURCE}:{run}"


class Runs:
    """`new_id` gives the ids of runs that programs open."""

    def __init__(self, reports: Reports, *, new_id: Callable[[], str] = lambda: uuid4().hex):
        self._reports = reports
        self._new_id = new_id
        self._prefixes: dict[tuple[AttemptRef, str], str] = {}

    # ------------------------------------------------------------------ writing

    def log(
        self,
        caller: Caller,
        run: str,
        *,
        metrics: Sequence[LogMetric | LoggedMetric] = (),
        parameters: Mapping[str, str] | None = None,
        tags: Mapping[str, str | None] | None = None,
    ) -> None:
        """Store all of it or nothing. A tag that is None is removed.

        Raises Conflict for a parameter that has another value already.
        """
        prefix = self._prefix(caller, run)
        measurements = measurements_of(metrics, prefix=prefix, now=self._reports.now())
        holder = caller.holder_of(run)
        annotations = [
            *said(AnnotationKind.PARAMETER, parameters or {}, holder=holder, fixed=True),
            *said(AnnotationKind.TAG, tags or {}, holder=holder),
        ]
        self._record(caller, run, measurements, annotations)

    def log_soon(
        self, caller: Caller, metric: LogMetric, *, done: Callable[[int | BaseException], None]
    ) -> None:
        """As `log`, for one metric of the own run; `done` gets the end, on another thread."""
        measurements = measurements_of((metric,), prefix="", now=self._reports.now())
        self._reports.record_soon(
            caller.job_id, caller.attempt, measurements, source=SOURCE, done=done
        )

    def _record(
        self,
        caller: Caller,
        run: str,
        measurements: Sequence[Measurement] = (),
        annotations: Sequence[Annotation] = (),
    ) -> None:
        self._reports.record(
            caller.job_id,
            caller.attempt,
            measurements,
            source=caller.source_of(run),
            annotations=annotations,
        )

    def create(self, caller: Caller, request: CreateRun) -> RunRecord:
        run = self._new_id()
        tags = {tag.key: tag.value for tag in request.tags}
        name = request.run_name or tags.get(NAME_TAG) or f"run-{run[:8]}"
        fields = {
            "name": name,
            "user": request.user_id,
            "status": RUNNING,
            "started": str(request.start_time or round(self._reports.now() * 1000)),
            "prefix": f"{name[:MAX_PREFIX]}/" if PARENT_TAG in tags else "",
        }
        annotations = [
            *said(AnnotationKind.RUN, fields, holder=run),
            *said(AnnotationKind.TAG, tags, holder=run),
        ]
        self._record(caller, run, annotations=annotations)
        return self.get(caller, run)

    def update(self, caller: Caller, run: str, request: UpdateRun) -> RunRecord:
        """What the program says of its run's end is kept; the trial ends with its process."""
        self._prefix(caller, run)
        given = {
            "status": request.status,
            "ended": None if request.end_time is None else str(request.end_time),
            "name": request.run_name or None,
        }
        fields = {key: value for key, value in given.items() if value is not None}
        annotations = said(AnnotationKind.RUN, fields, holder=caller.holder_of(run))
        self._record(caller, run, annotations=annotations)
        return self.get(caller, run)

    def set_lifecycle(self, caller: Caller, run: str, stage: str) -> None:
        self._prefix(caller, run)
        fields = {"lifecycle": stage}
        annotations = said(AnnotationKind.RUN, fields, holder=caller.holder_of(run))
        self._record(caller, run, annotations=annotations)

    def log_inputs(self, caller: Caller, run: str, request: LogInputs) -> None:
        self._prefix(caller, run)
        found: dict[str, str | None] = {}
        for one in request.datasets:
            document = {
                "dataset": one.dataset,
                "tags": [{"key": tag.key, "value": tag.value} for tag in one.tags],
            }
            key = f"{one.dataset.get('name', '')}:{one.dataset.get('digest', '')}"[:MAX_KEY]
            found[key] = json.dumps(document)
        annotations = said(AnnotationKind.INPUT, found, holder=caller.holder_of(run))
        self._record(caller, run, annotations=annotations)

    def log_outputs(self, caller: Caller, run: str, request: LogOutputs) -> None:
        self._prefix(caller, run)
        found = {one.model_id: str(one.step) for one in request.models}
        annotations = said(AnnotationKind.OUTPUT, found, holder=caller.holder_of(run))
        self._record(caller, run, annotations=annotations)

    def log_model(self, caller: Caller, run: str, model: Mapping[str, Any]) -> None:
        """Before logged models had an address of their own, a tag held the list of them."""
        history = json.loads(self.get(caller, run).tags.get(MODELS_TAG, "[]"))
        self.log(caller, run, tags={MODELS_TAG: json.dumps([*history, model])})

    # ------------------------------------------------------------------ reading

    def get(self, caller: Caller, run: str) -> RunRecord:
        """Raises NotFound for a run that is not of this attempt."""
        trial = self._reports.trial(caller.job_id, caller.attempt)
        annotations = self._reports.annotations(caller.job_id, caller.attempt)
        return self._built(caller, run, trial, annotations)

    def all(self, caller: Caller) -> list[RunRecord]:
        """The attempt's own first."""
        trial = self._reports.trial(caller.job_id, caller.attempt)
        annotations = self._reports.annotations(caller.job_id, caller.attempt)
        others = dict.fromkeys(
            one.holder for one in annotations if one.kind is AnnotationKind.RUN and one.holder
        )
        return [self._built(caller, run, trial, annotations) for run in (caller.own_run, *others)]

    def known(self, caller: Caller, run: str) -> str:
        """The run itself. Raises NotFound for one that is not of this attempt."""
        self._prefix(caller, run)
        return run

    def history(self, caller: Caller, run: str, metric: str) -> tuple[list[Measurement], str]:
        """The reports of one metric in order of arrival, and the prefix of its name."""
        prefix = self._prefix(caller, run)
        stored = self._reports.reported_by(caller.job_id, caller.attempt, caller.source_of(run))
        wanted = prefix + metric
        return [one.measurement for one in stored if one.measurement.metric == wanted], prefix

    def _prefix(self, caller: Caller, run: str) -> str:
        """Raises NotFound for a run that is not of this attempt."""
        if run == caller.own_run:
            return ""
        key = (caller.attempt, run)
        if key not in self._prefixes:
            self._prefixes[key] = self.get(caller, run).prefix
        return self._prefixes[key]

    def _built(
        self, caller: Caller, run: str, trial: Trial, annotations: Iterable[Annotation]
    ) -> RunRecord:
        holder = caller.holder_of(run)
        of_run = [one for one in annotations if one.holder == holder]
        fields = _values(of_run, AnnotationKind.RUN)
        if holder != OWN and not fields:
            raise NotFound(f"run {run!r} is not a run of trial {trial.number} of {trial.job}")
        stored = self._reports.newest_by(caller.job_id, caller.attempt, caller.source_of(run))
        started = fields.get("started") or round((trial.started_at or trial.created_at) * 1000)
        ended = fields.get("ended")
        return RunRecord(
            id=run,
            experiment_id=caller.experiment_id,
            name=fields.get("name", f"{trial.job}-{trial.number}"),
            user=fields.get("user", ""),
            status=_status(trial, fields, is_own=holder == OWN),
            started_ms=int(started),
            ended_ms=None if ended is None else int(ended),
            lifecycle=fields.get("lifecycle", "active"),
            prefix=fields.get("prefix", ""),
            metrics=[one.measurement for one in stored],
            parameters=_values(of_run, AnnotationKind.PARAMETER),
            tags=_values(of_run, AnnotationKind.TAG),
            inputs=[json.loads(text) for text in _values(of_run, AnnotationKind.INPUT).values()],
            outputs=[
                {"model_id": model, "step": int(step)}
                for model, step in _values(of_run, AnnotationKind.OUTPUT).items()
            ],
        )


def _status(trial: Trial, fields: Mapping[str, str], *, is_own: bool) -> str:
    """What the program said; once the trial is over, its own run ended as the trial did."""
    said = fields.get("status", RUNNING)
    return _ENDS.get(trial.state, said) if is_own or said == RUNNING else said


def _values(annotations: Iterable[Annotation], kind: AnnotationKind) -> dict[str, str]:
    return {one.key: one.value or "" for one in annotations if one.kind is kind}
