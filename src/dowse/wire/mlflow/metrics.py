"""Metrics as MLflow's clients log them and read them back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dowse.domain.metrics import Measurement
from dowse.errors import InvalidInput, Problem
from dowse.wire.base import Number, number_to_json
from dowse.wire.mlflow.base import Int64, KeyValue, Milliseconds, OfRun, Request, request

MAX_BATCH = 10_000
"""Metrics in one request; MLflow's own clients send at most 1,000."""


class LoggedMetric(Request):
    key: str
    value: Number
    timestamp: Milliseconds | None = None
    step: Int64 = 0


class LogMetric(OfRun):
    key: str
    value: Number
    timestamp: Milliseconds | None = None
    step: Int64 = 0


class LogBatch(OfRun):
    metrics: tuple[LoggedMetric, ...] = ()
    params: tuple[KeyValue, ...] = ()
    tags: tuple[KeyValue, ...] = ()


class GetHistory(OfRun):
    metric_key: str
    max_results: Int64 | None = None
    page_token: str | None = None


def read_metric(document: object) -> LogMetric:
    return request(LogMetric, document)


def read_batch(document: object) -> LogBatch:
    batch = request(LogBatch, document)
    if len(batch.metrics) > MAX_BATCH:
        message = f"a batch has at most {MAX_BATCH} metrics, got {len(batch.metrics)}"
        raise InvalidInput([Problem(path="metrics", message=message)])
    return batch


def measurements_of(
    metrics: Sequence[LogMetric | LoggedMetric], *, prefix: str, now: float
) -> tuple[Measurement, ...]:
    """Raises InvalidInput for a name that is empty or too long.

    `prefix` sets the metrics of a nested run apart from those of the trial. A negative step
    counts as 0: the value is not lost for its sake.
    """
    found = []
    for index, metric in enumerate(metrics):
        time = now if metric.timestamp is None else metric.timestamp / 1000
        try:
            found.append(
                Measurement(
                    metric=prefix + metric.key,
                    value=metric.value,
                    step=max(metric.step, 0),
                    time=time,
                    key=f"{metric.timestamp}:{metric.step}:{metric.value!r}",
                )
            )
        except ValueError as error:
            path = f"metrics[{index}].key" if len(metrics) > 1 else "key"
            raise InvalidInput([Problem(path=path, message=str(error))]) from None
    return tuple(found)


def metric_document(measurement: Measurement, *, prefix: str) -> dict[str, Any]:
    return {
        "key": measurement.metric.removeprefix(prefix),
        "value": number_to_json(measurement.value),
        "timestamp": round(measurement.time * 1000),
        "step": measurement.step,
    }
