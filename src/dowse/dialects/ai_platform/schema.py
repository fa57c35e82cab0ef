"""Every field of Google's training-job messages, and what becomes of it here.

The names are those of the public `ml.v1` API.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dowse.dialects.reader import Table
from dowse.dialects.treatment import HONOURED, Rule, Schema, Treatment, ignored

_CLUSTER = "every trial runs as one process on this machine"
_MACHINE = "no meaning here: trials run on this machine"
_PLACE = "no meaning here: nothing leaves this machine"
_CONTAINER = "no container is started: trials run in an interpreter of this machine"
_SCHEDULER = "no meaning here: a job starts when it is submitted"
_OUTPUT = "the service writes it; it says nothing about the job to run"


SCHEMA: Mapping[str, Mapping[str, Rule]] = {
    "Job": {
        "jobId": HONOURED,
        "labels": HONOURED,
        "trainingInput": HONOURED,
        "createTime": ignored(_OUTPUT),
        "startTime": ignored(_OUTPUT),
        "endTime": ignored(_OUTPUT),
        "state": ignored(_OUTPUT),
        "errorMessage": ignored(_OUTPUT),
        "etag": ignored(_OUTPUT),
        "jobPosition": ignored(_OUTPUT),
        "trainingOutput": ignored(_OUTPUT),
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
        "scaleTier": ignored(_CLUSTER, fulfilled=("BASIC",)),
        "masterType": ignored(_CLUSTER),
        "workerType": ignored(_CLUSTER),
        "parameterServerType": ignored(_CLUSTER),
        "evaluatorType": ignored(_CLUSTER),
        "workerCount": ignored(_CLUSTER),
        "parameterServerCount": ignored(_CLUSTER),
        "evaluatorCount": ignored(_CLUSTER),
        "workerConfig": ignored(_CLUSTER, "ReplicaConfig"),
        "parameterServerConfig": ignored(_CLUSTER, "ReplicaConfig"),
        "evaluatorConfig": ignored(_CLUSTER, "ReplicaConfig"),
        "useChiefInTfConfig": ignored(_CLUSTER),
        "packageUris": HONOURED,
        "pythonVersion": HONOURED,
        "runtimeVersion": HONOURED,
        "region": ignored(_PLACE),
        "serviceAccount": ignored(_PLACE),
        "network": ignored(_PLACE),
        "encryptionConfig": ignored(_PLACE, "EncryptionConfig"),
        "enableWebAccess": ignored(_PLACE),
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
        "resumePreviousJobId": HONOURED,
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
        "maxWaitTime": ignored(_SCHEDULER),
        "priority": ignored(_SCHEDULER),
    },
    "ReplicaConfig": {
        "containerCommand": HONOURED,
        "containerArgs": HONOURED,
        "imageUri": HONOURED,
        "tpuTfVersion": ignored(_CONTAINER),
        "acceleratorConfig": ignored(_MACHINE, "AcceleratorConfig"),
        "diskConfig": ignored(_MACHINE, "DiskConfig"),
    },
    "AcceleratorConfig": {"count": ignored(_MACHINE), "type": ignored(_MACHINE)},
    "DiskConfig": {"bootDiskSizeGb": ignored(_MACHINE), "bootDiskType": ignored(_MACHINE)},
    "EncryptionConfig": {"kmsKeyName": ignored(_PLACE)},
}

_PATHS = {
    "Job": "the top of the document",
    "TrainingInput": "trainingInput",
    "HyperparameterSpec": "trainingInput.hyperparameters",
    "ParameterSpec": "an entry of trainingInput.hyperparameters.params",
    "Scheduling": "trainingInput.scheduling",
}


_FORM = Schema(SCHEMA, _PATHS)


def check_fields(table: Table, message: str, *, also: Iterable[str] = ()) -> None:
    """Report unknown, refused and ignored fields; `also` are further keys that may stand here."""
    _FORM.check(table, message, also=also)
