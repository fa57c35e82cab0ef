"""Rows to domain values and back."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import Enum
from typing import Any

from sqlalchemy import RowMapping

from dowse.domain.ceilings import Ceilings
from dowse.domain.expected import Expected
from dowse.domain.job import Intent, Job, JobState
from dowse.domain.metrics import Measurement
from dowse.domain.reasons import Reason
from dowse.domain.trial import Trial, TrialState
from dowse.ports import StoredMeasurement
from dowse.wire.base import free_from_json, free_to_json, to_text


class NumberKind(Enum):
    """SQLite stores NaN as NULL, and databases sort it differently: the kind says it plainly."""

    FINITE = "finite"
    NAN = "nan"
    INFINITE = "inf"
    MINUS_INFINITE = "-inf"


_ODD_NUMBERS = {
    NumberKind.NAN.value: math.nan,
    NumberKind.INFINITE.value: math.inf,
    NumberKind.MINUS_INFINITE.value: -math.inf,
}


def split_number(value: float) -> tuple[float | None, str]:
    """The two columns of a number: its value if it is finite, and its kind."""
    if math.isfinite(value):
        return value, NumberKind.FINITE.value
    if math.isnan(value):
        return None, NumberKind.NAN.value
    return None, (NumberKind.INFINITE if value > 0 else NumberKind.MINUS_INFINITE).value


def join_number(value: float | None, kind: str) -> float:
    return _ODD_NUMBERS[kind] if value is None else value


def storable(text: str) -> str:
    """The text with what is not Unicode (half a surrogate pair) replaced; databases refuse it."""
    return text.encode("utf-8", "replace").decode("utf-8")


def free_text(value: Mapping[str, Any]) -> str:
    return to_text(free_to_json(value))


def free_of(text: str) -> dict[str, Any]:
    value: dict[str, Any] = free_from_json(json.loads(text))
    return value


def _reason_of(text: str | None) -> Reason | None:
    return None if text is None else Reason(text)


def job_values(job: Job) -> dict[str, Any]:
    """The columns of a job that a change of its state may touch, and its name."""
    values = {key: _plain(value) for key, value in asdict(job).items()}
    del values["id"], values["labels"], values["limits"]
    values["message"] = storable(job.message)
    return values


def limits_text(limits: Ceilings | None) -> str | None:
    return None if limits is None else to_text(asdict(limits))


def job_of(row: RowMapping) -> Job:
    values = dict(row)
    del values["last_event"]
    labels, limits = row["labels"], row["limits"]
    return Job(
        **values
        | {
            "labels": None if labels is None else json.loads(labels),
            "limits": None if limits is None else Ceilings(**json.loads(limits)),
            "state": JobState(row["state"]),
            "reason": _reason_of(row["reason"]),
            "intent": Intent(row["intent"]),
            "intent_reason": _reason_of(row["intent_reason"]),
        }
    )


def trial_values(trial: Trial) -> dict[str, Any]:
    """The columns of a trial."""
    objective, kind = (None, None) if trial.objective is None else split_number(trial.objective)
    return {
        "job_id": trial.job_id,
        "number": trial.number,
        "state": trial.state.value,
        "reason": _plain(trial.reason),
        "message": storable(trial.message),
        "attempt": trial.attempt,
        "parameters": to_text(dict(trial.parameters)),
        "why": free_text(trial.why),
        "known_event": trial.known_event,
        "objective": objective,
        "objective_kind": kind,
        "expected": None if trial.expected is None else trial.expected.value,
        "expected_sd": None if trial.expected is None else trial.expected.sd,
        "further": free_text(trial.further) if trial.further else None,
        "step": trial.step,
        "exit_code": trial.exit_code,
        "signal": trial.signal,
        "output_dir": trial.output_dir,
        "client": trial.client and storable(trial.client),
        "created_at": trial.created_at,
        "started_at": trial.started_at,
        "ended_at": trial.ended_at,
        "active_s": trial.active_s,
        "tags": tags_text(trial.tags),
    }


def tags_text(tags: Sequence[str]) -> str | None:
    return to_text(list(tags)) if tags else None


def tags_of(text: str | None) -> tuple[str, ...]:
    return () if text is None else tuple(json.loads(text))


def trial_of(row: RowMapping) -> Trial:
    """Of the columns of a trial and `job`, the name of its job."""
    values = dict(row)
    kind, sd = values.pop("objective_kind"), values.pop("expected_sd")
    del values["deleted_at"]
    return Trial(
        **values
        | {
            "state": TrialState(row["state"]),
            "reason": _reason_of(row["reason"]),
            "parameters": json.loads(row["parameters"]),
            "why": free_of(row["why"]),
            "tags": tags_of(row["tags"]),
            "objective": None if kind is None else join_number(row["objective"], kind),
            "further": {} if row["further"] is None else free_of(row["further"]),
            "expected": None if sd is None else Expected(value=row["expected"], sd=sd),
        }
    )


def stored_measurement_of(row: tuple[Any, ...]) -> StoredMeasurement:
    """Of (seq, metric, value, kind, step, time, key)."""
    seq, metric, value, kind, step, time, key = row
    measurement = Measurement(
        metric=metric, value=join_number(value, kind), step=step, time=time, key=key
    )
    return StoredMeasurement(seq=seq, measurement=measurement)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
