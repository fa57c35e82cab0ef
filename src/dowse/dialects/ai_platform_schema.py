"""Every field of Google's training-job messages, and what becomes of it here.

A field is honoured, or refused by name, or listed in a warning. None is dropped in silence, and
a key that is no field at all is an error. The names are those of the public `ml.v1` API.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from dowse.dialects.located import Scalar
from dowse.dialects.reader import Field, Table


class Treatment(Enum):
    HONOURED = "honoured"
    IGNORED = "ignored"  # has no meaning here; a warning names it
    REFUSED = "refused"  # leaving it out would change what the job means


@dataclass(frozen=True, slots=True)
class Rule:
    """`note` says why a field is ignored or refused; `message` names the type of a sub-message."""

    treatment: Treatment
    note: str = ""
    message: str | None = None


HONOURED = Rule(Treatment.HONOURED)

_CLUSTER = "every trial runs as one process on this machine"
_MACHINE = "no meaning here: trials run on this machine"
_PLACE = "no meaning here: nothing leaves this machine"
_CONTAINER = "no container is started: trials run in an interpreter of this machine"
_SCHEDULER = "no meaning here: a job starts when it is submitted"
_OUTPUT = "the service writes it; it says nothing about the job to run"


def _ignored(note: str, message: str | None = None) -> Rule:
    return Rule(Treatment.IGNORED, note, message)


SCHEMA: Mapping[str, Mapping[str, Rule]] = {
    "Job": {
        "jobId": HONOURED,
        "labels": HONOURED,
        "trainingInput": HONOURED,
        "createTime": _ignored(_OUTPUT),
        "startTime": _ignored(_OUTPUT),
        "endTime": _ignored(_OUTPUT),
        "state": _ignored(_OUTPUT),
        "errorMessage": _ignored(_OUTPUT),
        "etag": _ignored(_OUTPUT),
        "jobPosition": _ignored(_OUTPUT),
        "trainingOutput": _ignored(_OUTPUT),
        "predictionInput": Rule(Treatment.REFUSED, "a prediction job cannot be tuned; remove it"),
        "predictionOutput": Rule(Treatment.REFUSED, "a prediction job cannot be tuned; remove it"),
    },
    "TrainingInput": {
        "args": HONOURED,
        "hyperparameters": HONOURED,
        "jobDir": HONOURED,
        "masterConfig": HONOURED,
        "pythonModule": HONOURED,
        "scheduling": HONOURED,
        "scaleTier": _ignored(_CLUSTER),
        "masterType": _ignored(_CLUSTER),
        "workerType": _ignored(_CLUSTER),
        "parameterServerType": _ignored(_CLUSTER),
        "evaluatorType": _ignored(_CLUSTER),
        "workerCount": _ignored(_CLUSTER),
        "parameterServerCount": _ignored(_CLUSTER),
        "evaluatorCount": _ignored(_CLUSTER),
        "workerConfig": _ignored(_CLUSTER, "ReplicaConfig"),
        "parameterServerConfig": _ignored(_CLUSTER, "ReplicaConfig"),
        "evaluatorConfig": _ignored(_CLUSTER, "ReplicaConfig"),
        "useChiefInTfConfig": _ignored(_CLUSTER),
        "packageUris": _ignored("packages are not fetched: the code is the folder on this machine"),
        "pythonVersion": _ignored("the interpreter is chosen with --python"),
        "runtimeVersion": _ignored("the interpreter is chosen with --python"),
        "region": _ignored(_PLACE),
        "serviceAccount": _ignored(_PLACE),
        "network": _ignored(_PLACE),
        "encryptionConfig": _ignored(_PLACE, "EncryptionConfig"),
        "enableWebAccess": _ignored(_PLACE),
    },
    "HyperparameterSpec": {
        "algorithm": HONOURED,
        "enableTrialEarlyStopping": HONOURED,
        "goal": HONOURED,
        "hyperparameterMetricTag": HONOURED,
        "maxFailedTrials": HONOURED,
        "maxParallelTrials": HONOURED,
        "maxTrials": HONOURED,
        "params": HONOURED,
        "resumePreviousJobId": Rule(
            Treatment.REFUSED,
            "continuing a finished job is not possible yet; remove it to start a new job",
        ),
    },
    "ParameterSpec": {
        "parameterName": HONOURED,
        "type": HONOURED,
        "minValue": HONOURED,
        "maxValue": HONOURED,
        "discreteValues": HONOURED,
        "categoricalValues": HONOURED,
        "scaleType": HONOURED,
    },
    "Scheduling": {
        "maxRunningTime": HONOURED,
        "maxWaitTime": _ignored(_SCHEDULER),
        "priority": _ignored(_SCHEDULER),
    },
    "ReplicaConfig": {
        "containerCommand": HONOURED,
        "containerArgs": HONOURED,
        "imageUri": _ignored(_CONTAINER),
        "tpuTfVersion": _ignored(_CONTAINER),
        "acceleratorConfig": _ignored(_MACHINE, "AcceleratorConfig"),
        "diskConfig": _ignored(_MACHINE, "DiskConfig"),
    },
    "AcceleratorConfig": {"count": _ignored(_MACHINE), "type": _ignored(_MACHINE)},
    "DiskConfig": {"bootDiskSizeGb": _ignored(_MACHINE), "bootDiskType": _ignored(_MACHINE)},
    "EncryptionConfig": {"kmsKeyName": _ignored(_PLACE)},
}

_PATHS = {
    "Job": "the top of the document",
    "TrainingInput": "trainingInput",
    "HyperparameterSpec": "trainingInput.hyperparameters",
    "ParameterSpec": "an entry of trainingInput.hyperparameters.params",
    "Scheduling": "trainingInput.scheduling",
}


def check_fields(table: Table, message: str, *, also: Iterable[str] = ()) -> None:
    """Report unknown, refused and ignored fields; `also` are further keys that may stand here."""
    rules = SCHEMA[message]
    table.refuse_unknown([*rules, *also], _belonging(rules))
    ignored: dict[str, list[Field]] = {}
    for key in table.node.keys:
        field, rule = table.get(key), rules.get(key)
        if field is None or rule is None:
            continue
        if rule.treatment is Treatment.REFUSED:
            field.error(f"is refused: {rule.note}")
        elif rule.treatment is Treatment.IGNORED:
            _check_inside(field, rule)
            ignored.setdefault(rule.note, []).append(field)
    for note, fields in ignored.items():
        shown = ", ".join(_shown(field) for field in fields)
        fields[0].warn(f"ignored: {shown} ({note})")


def _belonging(rules: Mapping[str, Rule]) -> dict[str, str]:
    """For each field of another message, where it belongs."""
    return {
        key: f"it belongs under {_PATHS[message]}"
        for message in _PATHS
        for key in SCHEMA[message]
        if key not in rules
    }


def _check_inside(field: Field, rule: Rule) -> None:
    """Typing mistakes are found even where nothing is honoured."""
    if rule.message is None:
        return
    table = field.table()
    if table is None:
        return
    table.refuse_unknown(SCHEMA[rule.message])
    for key, inner in SCHEMA[rule.message].items():
        nested = table.get(key)
        if nested is not None and inner.message is not None:
            _check_inside(nested, inner)


def _shown(field: Field) -> str:
    key = field.path.rpartition(".")[2]
    if isinstance(field.node, Scalar):
        return f"{key} {field.node.raw[:80]}"
    return key
