"""Every key of an `openbayes.yaml`, and what becomes of it here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dowse.dialects.reader import Table
from dowse.dialects.treatment import HONOURED, Rule, Schema

SCHEMA: Mapping[str, Mapping[str, Rule]] = {
    "Root": {
        "command": HONOURED,
        "parameters": HONOURED,
        "hyper_tuning": HONOURED,
        "resource": HONOURED,
        "env": HONOURED,
        "data_bindings": HONOURED,
        "data_binding": HONOURED,
        "bindings": HONOURED,
    },
    "Binding": {"data": HONOURED, "path": HONOURED, "type": HONOURED},
    "HyperTuning": {
        "max_job_count": HONOURED,
        "parallel_count": HONOURED,
        "hyperparameter_metric": HONOURED,
        "side_metrics": HONOURED,
        "goal": HONOURED,
        "algorithm": HONOURED,
        "parameter_specs": HONOURED,
        "on_failure": HONOURED,
    },
    "ParameterSpec": {
        "name": HONOURED,
        "type": HONOURED,
        "min_value": HONOURED,
        "max_value": HONOURED,
        "scale_type": HONOURED,
        "discrete_values": HONOURED,
        "categorical_values": HONOURED,
    },
}

_FORM = Schema(
    SCHEMA,
    {
        "Root": "the top of the document",
        "HyperTuning": "hyper_tuning",
        "ParameterSpec": "an entry of hyper_tuning.parameter_specs",
    },
)


def check_keys(table: Table, message: str, *, also: Iterable[str] = ()) -> None:
    """Report unknown and ignored keys; `also` are further keys that may stand here."""
    _FORM.check(table, message, also=also)
