"""A job as the service's REST interface has it: the `properties` of a job resource."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dowse.dialects import documents, located
from dowse.dialects.azure_ml.forms import from_rest, is_rest
from dowse.dialects.azure_ml.schema import POSITIONS
from dowse.dialects.azure_ml.writer import azure_ml_tree
from dowse.dialects.native.text import Raw
from dowse.dialects.scalars import meaning
from dowse.domain.spec import JobSpec

Document = dict[str, Any]

_SAMPLING = {"random": "Random", "grid": "Grid", "bayesian": "Bayesian"}
_POLICIES = {
    "bandit": "Bandit",
    "median_stopping": "MedianStopping",
    "truncation_selection": "TruncationSelection",
}


def rest_properties(spec: JobSpec, *, workspace: str) -> Document:
    """What a client of the service sent, or would have sent, to create the job.

    `workspace` is the id of the workspace, below which an environment has its own.
    """
    tree = _plain(azure_ml_tree(spec))
    trial = tree["trial"]
    properties = {
        "jobType": "Sweep",
        "displayName": tree.get("display_name") or spec.name,
        "experimentName": tree.get("experiment_name") or "Default",
        "description": tree.get("description"),
        "tags": tree.get("tags", {}),
        "isArchived": False,
        "computeId": _compute_id(spec, workspace),
        "searchSpace": _space(tree["search_space"]),
        "samplingAlgorithm": _sampling(tree["sampling_algorithm"]),
        "objective": {
            "goal": tree["objective"]["goal"],
            "primaryMetric": tree["objective"]["primary_metric"],
        },
        "limits": _limits(tree["limits"]),
        "earlyTermination": _policy(tree.get("early_termination")),
        "trial": {
            "command": trial["command"],
            "environmentId": _environment_id(spec, workspace),
            "environmentVariables": trial.get("environment_variables", {}),
        },
        "inputs": {name: _input(item) for name, item in tree.get("inputs", {}).items()},
        "outputs": {name: _output(item) for name, item in tree.get("outputs", {}).items()},
    }
    return {key: value for key, value in properties.items() if value is not None}


def _environment_id(spec: JobSpec, workspace: str) -> str:
    """The one that the document names; a client must not be led to look for any other."""
    text = _named_environment(spec) or "dowse:1"
    if text.startswith(("/", "azureml://")):
        return text
    name, _, version = re.sub(r"^azureml:", "", text).replace("@", ":").partition(":")
    return f"{workspace}/environments/{name}/versions/{version or 1}"


def _compute_id(spec: JobSpec, workspace: str) -> str | None:
    machine = spec.launch.resources.machine
    return None if machine is None else f"{workspace}/computes/{machine}"


def _named_environment(spec: JobSpec) -> str | None:
    if spec.dialect != "azure_ml":
        return None
    root = documents.load(spec.document, "<document>").root
    if is_rest(root):
        root = from_rest(root)
    trial = root.get("trial")
    found = trial.get("environment") if isinstance(trial, located.Mapping) else None
    named = found.value if isinstance(found, located.Scalar) else None
    return named if isinstance(named, str) else None


def _plain(value: Any) -> Any:
    match value:
        case Raw():
            return meaning(str(value))
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    return value


def _space(space: Mapping[str, Any]) -> Document:
    return {name: _distribution(one) for name, one in space.items()}


def _distribution(one: Any) -> Any:
    """`["uniform", [0, 1]]`; inside a choice, mappings hold distributions and fixed values."""
    if not isinstance(one, Mapping) or one.get("type") not in POSITIONS:
        return one
    kind = one["type"]
    if kind == "choice":
        values = [_space(value) if isinstance(value, Mapping) else value for value in one["values"]]
        return ["choice", [values]]
    return [kind, [one[key] for key in POSITIONS[kind]]]


def _sampling(sampling: Any) -> Document:
    if isinstance(sampling, str):
        return {"samplingAlgorithmType": _SAMPLING[sampling]}
    rest = {key: value for key, value in sampling.items() if key != "type"}
    return {"samplingAlgorithmType": _SAMPLING[sampling["type"]], **rest}


def _limits(limits: Mapping[str, Any]) -> Document:
    found: Document = {
        "jobLimitsType": "Sweep",
        "maxTotalTrials": limits["max_total_trials"],
        "maxConcurrentTrials": limits["max_concurrent_trials"],
    }
    for key, name in (("timeout", "timeout"), ("trial_timeout", "trialTimeout")):
        if key in limits:
            found[name] = f"PT{limits[key]:g}S" if limits[key] % 1 else f"PT{int(limits[key])}S"
    return found


def _policy(policy: Mapping[str, Any] | None) -> Document | None:
    if policy is None:
        return None
    words = {key: value for key, value in policy.items() if key != "type"}
    return {"policyType": _POLICIES[policy["type"]], **{_camel(k): v for k, v in words.items()}}


def _input(item: Any) -> Document:
    if isinstance(item, Mapping):
        return {"jobInputType": item["type"], "uri": item["path"], "mode": "ReadOnlyMount"}
    return {"jobInputType": "literal", "value": _literal(item)}


def _literal(item: Any) -> str:
    return str(item).lower() if isinstance(item, bool) else str(item)


def _output(item: Mapping[str, Any]) -> Document:
    return {"jobOutputType": item["type"], "mode": "ReadWriteMount"}


def _camel(key: str) -> str:
    head, *rest = key.split("_")
    return head + "".join(word.capitalize() for word in rest)
