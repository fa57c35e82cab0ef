"""The discovery document of ml.v1: the methods that are served here, as Google's clients read them.

The names of methods, parameters and fields are those of the public API. A type in the tables is a
scalar, the name of a message, `[type]` for a list, or `{type}` for a map.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

_SCALARS: Mapping[str, Mapping[str, str]] = {
    "string": {"type": "string"},
    "boolean": {"type": "boolean"},
    "int32": {"type": "integer", "format": "int32"},
    "int64": {"type": "string", "format": "int64"},
    "double": {"type": "number", "format": "double"},
    "bytes": {"type": "string", "format": "byte"},
    "time": {"type": "string", "format": "google-datetime"},
    "duration": {"type": "string", "format": "google-duration"},
    "any": {"type": "any"},
}

_MESSAGES: Mapping[str, str] = {
    "Job": "jobId:string state:string createTime:time startTime:time endTime:time"
    " errorMessage:string labels:{string} etag:bytes jobPosition:int64"
    " trainingInput:TrainingInput trainingOutput:TrainingOutput",
    "TrainingInput": "args:[string] scaleTier:string masterType:string workerType:string"
    " parameterServerType:string evaluatorType:string workerCount:int64"
    " parameterServerCount:int64 evaluatorCount:int64 masterConfig:ReplicaConfig"
    " workerConfig:ReplicaConfig parameterServerConfig:ReplicaConfig"
    " evaluatorConfig:ReplicaConfig packageUris:[string] pythonModule:string"
    " pythonVersion:string runtimeVersion:string region:string jobDir:string"
    " hyperparameters:HyperparameterSpec scheduling:Scheduling serviceAccount:string"
    " network:string enableWebAccess:boolean useChiefInTfConfig:boolean",
    "ReplicaConfig": "imageUri:string containerCommand:[string] containerArgs:[string]"
    " acceleratorConfig:{any} diskConfig:{any} tpuTfVersion:string",
    "Scheduling": "maxRunningTime:duration maxWaitTime:duration priority:int32",
    "HyperparameterSpec": "goal:string params:[ParameterSpec] maxTrials:int32"
    " maxParallelTrials:int32 maxFailedTrials:int32 hyperparameterMetricTag:string"
    " resumePreviousJobId:string enableTrialEarlyStopping:boolean algorithm:string",
    "ParameterSpec": "parameterName:string type:string minValue:double maxValue:double"
    " categoricalValues:[string] discreteValues:[double] scaleType:string",
    "TrainingOutput": "completedTrialCount:int64 trials:[HyperparameterOutput]"
    " isHyperparameterTuningJob:boolean hyperparameterMetricTag:string webAccessUris:{string}"
    " consumedMLUnits:double",
    "HyperparameterOutput": "trialId:string hyperparameters:{string}"
    " finalMetric:HyperparameterMetric isTrialStoppedEarly:boolean state:string"
    " startTime:time endTime:time webAccessUris:{string}",
    "HyperparameterMetric": "trainingStep:int64 objectiveValue:double",
    "ListJobsResponse": "jobs:[Job] nextPageToken:string",
    "CancelJobRequest": "",
    "Empty": "",
    "Study": "name:string state:string createTime:time inactiveReason:string"
    " studyConfig:StudyConfig",
    "StudyConfig": "metrics:[MetricSpec] parameters:[StudyParameterSpec] algorithm:string"
    " automatedStoppingConfig:{any}",
    "MetricSpec": "metric:string goal:string",
    "StudyParameterSpec": "parameter:string type:string scaleType:string doubleValueSpec:{any}"
    " integerValueSpec:{any} categoricalValueSpec:{any} discreteValueSpec:{any}"
    " childParameterSpecs:[StudyParameterSpec] parentCategoricalValues:{any}"
    " parentDiscreteValues:{any} parentIntValues:{any}",
    "ListStudiesResponse": "studies:[Study]",
    "Trial": "name:string state:string clientId:string parameters:[TrialParameter]"
    " measurements:[Measurement] finalMeasurement:Measurement trialInfeasible:boolean"
    " infeasibleReason:string startTime:time endTime:time",
    "TrialParameter": "parameter:string floatValue:double intValue:int64 stringValue:string",
    "Measurement": "stepCount:int64 elapsedTime:duration metrics:[Metric]",
    "Metric": "metric:string value:double",
    "ListTrialsResponse": "trials:[Trial]",
    "SuggestTrialsRequest": "clientId:string suggestionCount:int32",
    "AddTrialMeasurementRequest": "measurement:Measurement",
    "CheckTrialEarlyStoppingStateRequest": "",
    "CompleteTrialRequest": "finalMeasurement:Measurement trialInfeasible:boolean"
    " infeasibleReason:string",
    "StopTrialRequest": "",
    "ListOptimalTrialsRequest": "",
    "ListOptimalTrialsResponse": "trials:[Trial]",
    "Operation": "name:string done:boolean metadata:{any} response:{any} error:Status",
    "Status": "code:int32 message:string details:[any]",
}

_PROJECT = "projects/[^/]+"
_LOCATION = f"{_PROJECT}/locations/[^/]+"
_STUDY = f"{_LOCATION}/studies/[^/]+"

# Resource, method, HTTP verb, path, pattern of the path's name, query, request, response.
Row: TypeAlias = tuple[str, str, str, str, str, str, str, str]
_METHODS: tuple[Row, ...] = (
    ("jobs", "create", "POST", "{+parent}/jobs", _PROJECT, "", "Job", "Job"),
    ("jobs", "get", "GET", "{+name}", f"{_PROJECT}/jobs/[^/]+", "", "", "Job"),
    (
        "jobs", "list", "GET", "{+parent}/jobs", _PROJECT,
        "filter:string pageSize:int32 pageToken:string", "", "ListJobsResponse",
    ),
    (
        "jobs", "cancel", "POST", "{+name}:cancel", f"{_PROJECT}/jobs/[^/]+",
        "", "CancelJobRequest", "Empty",
    ),
    (
        "jobs", "patch", "PATCH", "{+name}", f"{_PROJECT}/jobs/[^/]+",
        "updateMask:string", "Job", "Job",
    ),
    (
        "locations.operations", "get", "GET", "{+name}", f"{_LOCATION}/operations/[^/]+",
        "", "", "Operation",
    ),
    (
        "locations.operations", "cancel", "POST", "{+name}:cancel",
        f"{_LOCATION}/operations/[^/]+", "", "", "Empty",
    ),
    (
        "locations.studies", "create", "POST", "{+parent}/studies", _LOCATION,
        "studyId:string", "Study", "Study",
    ),
    ("locations.studies", "get", "GET", "{+name}", _STUDY, "", "", "Study"),
    (
        "locations.studies", "list", "GET", "{+parent}/studies", _LOCATION,
        "", "", "ListStudiesResponse",
    ),
    ("locations.studies", "delete", "DELETE", "{+name}", _STUDY, "", "", "Empty"),
    (
        "locations.studies.trials", "create", "POST", "{+parent}/trials", _STUDY,
        "", "Trial", "Trial",
    ),
    (
        "locations.studies.trials", "list", "GET", "{+parent}/trials", _STUDY,
        "", "", "ListTrialsResponse",
    ),
    (
        "locations.studies.trials", "get", "GET", "{+name}", f"{_STUDY}/trials/[^/]+",
        "", "", "Trial",
    ),
    (
        "locations.studies.trials", "delete", "DELETE", "{+name}", f"{_STUDY}/trials/[^/]+",
        "", "", "Empty",
    ),
    (
        "locations.studies.trials", "suggest", "POST", "{+parent}/trials:suggest", _STUDY,
        "", "SuggestTrialsRequest", "Operation",
    ),
    (
        "locations.studies.trials", "addMeasurement", "POST", "{+name}:addMeasurement",
        f"{_STUDY}/trials/[^/]+", "", "AddTrialMeasurementRequest", "Trial",
    ),
    (
        "locations.studies.trials", "checkEarlyStoppingState", "POST",
        "{+name}:checkEarlyStoppingState", f"{_STUDY}/trials/[^/]+",
        "", "CheckTrialEarlyStoppingStateRequest", "Operation",
    ),
    (
        "locations.studies.trials", "complete", "POST", "{+name}:complete",
        f"{_STUDY}/trials/[^/]+", "", "CompleteTrialRequest", "Trial",
    ),
    (
        "locations.studies.trials", "stop", "POST", "{+name}:stop", f"{_STUDY}/trials/[^/]+",
        "", "StopTrialRequest", "Trial",
    ),
    (
        "locations.studies.trials", "listOptimalTrials", "POST",
        "{+parent}/trials:listOptimalTrials", _STUDY,
        "", "ListOptimalTrialsRequest", "ListOptimalTrialsResponse",
    ),
)  # fmt: skip

_COMMON = (
    "$.xgafv access_token alt callback fields key oauth_token quotaUser uploadType upload_protocol"
)


def discovery_document(base_url: str) -> dict[str, Any]:
    """`base_url` ends with a slash: it is where the client found this document."""
    parameters = {name: {"type": "string", "location": "query"} for name in _COMMON.split()}
    parameters["prettyPrint"] = {"type": "boolean", "location": "query"}
    projects: dict[str, Any] = {"methods": {}, "resources": {}}
    for row in _METHODS:
        resource, name = row[:2]
        place = projects
        for step in resource.split("."):
            place = place["resources"].setdefault(step, {"methods": {}, "resources": {}})
        place["methods"][name] = _method(row)
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": "ml:v1",
        "name": "ml",
        "version": "v1",
        "title": "Dowse, in the form of AI Platform Training",
        "description": "Tuning jobs, and studies whose trials are run by their clients.",
        "protocol": "rest",
        "rootUrl": base_url,
        "servicePath": "",
        "baseUrl": base_url,
        "batchPath": "batch",
        "parameters": parameters,
        "schemas": {name: _schema(name, fields) for name, fields in _MESSAGES.items()},
        "resources": {"projects": projects},
    }


def _method(row: Row) -> dict[str, Any]:
    resource, method_name, verb, path, pattern, query, request, response = row
    name = re.findall(r"\{\+(\w+)\}", path)[0]
    location = {"type": "string", "location": "path", "required": True, "pattern": f"^{pattern}$"}
    parameters: dict[str, Any] = {name: location}
    for part in query.split():
        key, _, kind = part.partition(":")
        parameters[key] = {**_SCALARS[kind], "location": "query"}
    method: dict[str, Any] = {
        "id": f"ml.projects.{resource}.{method_name}",
        "httpMethod": verb,
        "path": f"v1/{path}",
        "parameters": parameters,
        "parameterOrder": [name],
        "response": {"$ref": response},
    }
    if request:
        method["request"] = {"$ref": request}
    return method


def _schema(name: str, fields: str) -> dict[str, Any]:
    properties = {}
    for field in fields.split():
        key, _, kind = field.partition(":")
        properties[key] = _type(kind)
    return {"id": name, "type": "object", "properties": properties}


def _type(kind: str) -> dict[str, Any]:
    if kind.startswith("["):
        return {"type": "array", "items": _type(kind[1:-1])}
    if kind.startswith("{"):
        return {"type": "object", "additionalProperties": _type(kind[1:-1])}
    return dict(_SCALARS[kind]) if kind in _SCALARS else {"$ref": kind}
