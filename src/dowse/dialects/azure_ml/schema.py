"""Every key of an Azure ML sweep job, and what becomes of it here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from dowse.dialects.reader import Field, Table
from dowse.dialects.treatment import HONOURED, Rule, Schema, ignored

T = TypeVar("T")

_MACHINE = "no meaning here: trials run on this machine"
_PLACE = "no meaning here: nothing leaves this machine"
_CLUSTER = "every trial runs as one process on this machine"
_OUTPUT = "the service writes it; it says nothing about the job to run"
_CATALOGUE = "only the job itself is kept here"

POSITIONS: Mapping[str, tuple[str, ...]] = {
    "choice": ("values",),
    "randint": ("upper",),
    **dict.fromkeys(("uniform", "loguniform"), ("min_value", "max_value")),
    **dict.fromkeys(("quniform", "qloguniform"), ("min_value", "max_value", "q")),
    **dict.fromkeys(("normal", "lognormal"), ("mu", "sigma")),
    **dict.fromkeys(("qnormal", "qlognormal"), ("mu", "sigma", "q")),
}
"""The arguments of each distribution, in the order in which REST has them."""

SCHEMA: Mapping[str, Mapping[str, Rule]] = {
    "Sweep": {
        "$schema": HONOURED,
        "type": HONOURED,
        "name": HONOURED,
        "display_name": HONOURED,
        "experiment_name": HONOURED,
        "description": HONOURED,
        "tags": HONOURED,
        "sampling_algorithm": HONOURED,
        "search_space": HONOURED,
        "objective": HONOURED,
        "early_termination": HONOURED,
        "limits": HONOURED,
        "trial": HONOURED,
        "inputs": HONOURED,
        "outputs": HONOURED,
        "compute": ignored(_MACHINE),
        "identity": ignored(_PLACE),
        "queue_settings": ignored(_MACHINE),
        "resources": ignored(_MACHINE),
        "properties": ignored(_CATALOGUE),
        "is_archived": ignored(_CATALOGUE),
        "component": ignored(_CATALOGUE),
        "notification_setting": ignored(_PLACE),
        "services": ignored(_OUTPUT),
        "creation_context": ignored(_OUTPUT),
        "status": ignored(_OUTPUT),
        "id": ignored(_OUTPUT),
        "log_files": ignored(_OUTPUT),
        "parent_job_name": ignored(_OUTPUT),
    },
    "Objective": {"goal": HONOURED, "primary_metric": HONOURED},
    "Sampling": {"type": HONOURED, "seed": HONOURED, "rule": HONOURED, "logbase": HONOURED},
    "Policy": {
        "type": HONOURED,
        "evaluation_interval": HONOURED,
        "delay_evaluation": HONOURED,
        "slack_factor": HONOURED,
        "slack_amount": HONOURED,
        "truncation_percentage": HONOURED,
        "exclude_finished_jobs": HONOURED,
    },
    "Limits": {
        "max_total_trials": HONOURED,
        "max_concurrent_trials": HONOURED,
        "timeout": HONOURED,
        "trial_timeout": HONOURED,
    },
    "Trial": {
        "command": HONOURED,
        "code": HONOURED,
        "environment_variables": HONOURED,
        "environment": HONOURED,
        "distribution": ignored(_CLUSTER),
        "resources": ignored(_CLUSTER),
        "type": HONOURED,
        "inputs": HONOURED,
        "outputs": HONOURED,
        "compute": ignored(_MACHINE),
        "$schema": ignored(_CATALOGUE),
        "name": ignored(_CATALOGUE),
        "version": ignored(_CATALOGUE),
        "display_name": ignored(_CATALOGUE),
        "description": ignored(_CATALOGUE),
        "tags": ignored(_CATALOGUE),
        "is_deterministic": ignored(_CATALOGUE),
    },
    "Input": {
        "type": HONOURED,
        "path": HONOURED,
        "mode": HONOURED,
        "value": HONOURED,
        "default": HONOURED,
        "optional": HONOURED,
        "description": ignored(_CATALOGUE),
        "min": ignored(_CATALOGUE),
        "max": ignored(_CATALOGUE),
        "enum": ignored(_CATALOGUE),
    },
    "Output": {
        "type": HONOURED,
        "mode": ignored("outputs are folders of this machine"),
        "path": ignored("outputs lie below the directory of their trial"),
        "name": ignored(_CATALOGUE),
        "version": ignored(_CATALOGUE),
        "description": ignored(_CATALOGUE),
    },
}

_FORM = Schema(
    SCHEMA,
    {
        "Sweep": "the top of the sweep job",
        "Objective": "objective",
        "Policy": "early_termination",
        "Limits": "limits",
        "Sampling": "sampling_algorithm",
        "Trial": "trial",
    },
)


def check_keys(table: Table, message: str, *, also: Iterable[str] = ()) -> None:
    """Report unknown and ignored keys; `also` are further keys that may stand here."""
    _FORM.check(table, message, also=also)


def option(field: Field, options: Mapping[str, T]) -> T | None:
    """One of the names, in any of the cases that Azure takes: `Grid`, `median_stopping`."""
    text = field.text("one of " + ", ".join(options))
    if text is None:
        return None
    folded = {_folded(name): chosen for name, chosen in options.items()}
    if _folded(text) in folded:
        return folded[_folded(text)]
    return field.choice(options)


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()
