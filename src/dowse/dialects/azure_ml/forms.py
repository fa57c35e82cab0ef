"""The forms in which sweep jobs come, turned into the one that is read: REST, preview, pipeline.

Trees are rebuilt around the nodes of the document, which keep their places in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from dowse.dialects.azure_ml.schema import POSITIONS
from dowse.dialects.located import Entry, Mapping, Node, Scalar, Sequence
from dowse.dialects.reader import Log, Table
from dowse.errors import Location, Severity

_REST_NAMES = {
    "jobType": "type",
    "samplingAlgorithmType": "type",
    "policyType": "type",
    "jobInputType": "type",
    "jobOutputType": "type",
    "uri": "path",
    "computeId": "compute",
    "codeId": "code",
    "environmentId": "environment",
    "componentId": "component",
}
_DROPPED = {"jobLimitsType"}
_NESTED = {
    *("samplingAlgorithm", "limits", "earlyTermination", "objective", "trial", "inputs"),
    *("outputs", "queueSettings", "resources", "identity", "distribution"),
}
_NAMED = {"inputs", "outputs"}
"""Mappings whose own keys are names that people gave."""


def is_rest(root: Mapping) -> bool:
    properties = root.get("properties")
    return isinstance(properties, Mapping) and "jobType" in properties.keys


def from_rest(root: Mapping) -> Mapping:
    """The YAML form of the body that the service's REST interface takes."""
    properties = root.get("properties")
    assert isinstance(properties, Mapping)
    entries = _renamed(properties).entries
    name = next((entry for entry in root.entries if entry.key == "name"), None)
    known = {"properties", "name", "id", "type", "systemData"}
    others = tuple(entry for entry in root.entries if entry.key not in known)
    return Mapping((*((name,) if name else ()), *entries, *others), root.location)


def _renamed(node: Mapping) -> Mapping:
    entries = []
    for entry in node.entries:
        key = (
            _REST_NAMES.get(entry.key) or re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", entry.key).lower()
        )
        value = entry.value
        if entry.key in _DROPPED:
            continue
        if entry.key == "searchSpace" and isinstance(value, Mapping):
            value = _each(value, _distribution)
        elif entry.key in _NAMED and isinstance(value, Mapping):
            value = _each(value, lambda one: _renamed(one) if isinstance(one, Mapping) else one)
        elif entry.key in _NESTED and isinstance(value, Mapping):
            value = _renamed(value)
        entries.append(replace(entry, key=key, value=value))
    return Mapping(tuple(entries), node.location)


def _each(node: Mapping, change: Callable[[Node], Node]) -> Mapping:
    entries = (replace(entry, value=change(entry.value)) for entry in node.entries)
    return Mapping(tuple(entries), node.location)


def _distribution(node: Node) -> Node:
    """`["uniform", [0.01, 0.9]]` as a mapping; anything else stays for the reader to refuse."""
    match node:
        case Sequence(items=(Scalar(raw=kind) as named, Sequence(items=arguments))):
            names = POSITIONS.get(kind.lower())
        case Mapping():
            return _each(node, _distribution)
        case _:
            return node
    if names is None or len(names) != len(arguments):
        return node
    values = [_opened(one) for one in arguments] if names == ("values",) else list(arguments)
    entries = [Entry("type", named, node.location)]
    entries += [Entry(name, one, node.location) for name, one in zip(names, values, strict=True)]
    return Mapping(tuple(entries), node.location)


def _opened(node: Node) -> Node:
    """The values of a choice, some of which open further distributions."""
    if not isinstance(node, Sequence):
        return node
    items = (_distribution(one) if isinstance(one, Mapping) else one for one in node.items)
    return Sequence(tuple(items), node.location)


# ---------------------------------------------------------------------- the preview of 2021–22

_MOVED = {
    "algorithm": ("sampling_algorithm", None),
    **{key: ("limits", key) for key in ("max_total_trials", "max_concurrent_trials")},
    **{key: ("limits", key) for key in ("timeout_minutes", "trial_timeout_minutes")},
    **{key: ("limits", key) for key in ("timeout", "trial_timeout")},
}


def from_preview(root: Mapping, log: Log) -> Mapping:
    """Keys that stood elsewhere, each with a warning that says how it was read."""
    entries = [entry for entry in root.entries if entry.key not in _MOVED]
    for entry in root.entries:
        if entry.key not in _MOVED:
            continue
        parent, key = _MOVED[entry.key]
        said = parent if key is None else f"{parent}.{key.removesuffix('_minutes')}"
        _warn(log, entry.key, f"is the form of the preview; it was read as {said}", entry.location)
        if key is None:
            entries.append(replace(entry, key=parent))
        else:
            _put(entries, parent, replace(entry, key=key))
    changed = [_in_seconds(entry, log) if entry.key == "limits" else entry for entry in entries]
    return Mapping(tuple(changed), root.location)


def _put(entries: list[Entry], parent: str, inner: Entry) -> None:
    """Add an entry to the mapping under `parent`, which is made when it is not there."""
    for index, entry in enumerate(entries):
        if entry.key == parent and isinstance(entry.value, Mapping):
            value = Mapping((*entry.value.entries, inner), entry.value.location)
            entries[index] = replace(entry, value=value)
            return
    entries.append(Entry(parent, Mapping((inner,), inner.location), inner.location))


def _in_seconds(limits: Entry, log: Log) -> Entry:
    if not isinstance(limits.value, Mapping):
        return limits
    entries = []
    for entry in limits.value.entries:
        value = entry.value
        if entry.key.endswith("_minutes") and isinstance(value, Scalar):
            minutes = value.value
            if isinstance(minutes, int | float) and not isinstance(minutes, bool):
                seconds = minutes * 60
                path = f"limits.{entry.key}"
                _warn(log, path, f"was read as {seconds:g} seconds", entry.location)
                made = Scalar(seconds, repr(seconds), False, value.location)
                entries.append(replace(entry, key=entry.key.removesuffix("_minutes"), value=made))
                continue
        entries.append(entry)
    return replace(limits, value=Mapping(tuple(entries), limits.value.location))


def _warn(log: Log, path: str, message: str, location: Location | None) -> None:
    log.add(path, message, location, Severity.WARNING)


# ---------------------------------------------------------------------- pipelines


_SHARED = ("name", "display_name", "experiment_name", "description", "tags")
"""Keys of a pipeline that its sweep has as well, and takes over."""

_OF_PIPELINES = ("$schema", "type", "outputs", "compute", "settings", "identity", "properties")


def sweep_of_pipeline(root: Mapping, log: Log) -> tuple[str, Mapping] | None:
    """The name and mapping of the one node of a pipeline, which must be a sweep."""
    Table(root, "", log).refuse_unknown((*_SHARED, *_OF_PIPELINES, "inputs", "jobs"))
    jobs = root.get("jobs")
    if not isinstance(jobs, Mapping) or not jobs.entries:
        log.add("jobs", "is missing; a pipeline holds its jobs there", root.location)
        return None
    first = jobs.entries[0]
    if len(jobs.entries) > 1:
        names = ", ".join(jobs.keys[:6])
        log.add(
            "jobs",
            f"holds {len(jobs.entries)} jobs ({names}); a pipeline is refused unless its one job "
            "is a sweep: submit the sweep by itself, with paths for what the others make",
            jobs.location,
        )
        return None
    kind = first.value.get("type") if isinstance(first.value, Mapping) else None
    if not isinstance(first.value, Mapping) or not isinstance(kind, Scalar) or kind.raw != "sweep":
        message = "must be a job of type sweep: nothing else can be tuned"
        log.add(f"jobs.{first.key}", message, first.location)
        return None
    _warn(log, "jobs", f"is a pipeline; its sweep {first.key} runs by itself", jobs.location)
    unused = [entry for entry in root.entries if entry.key in _OF_PIPELINES[2:]]
    if unused:
        shown = ", ".join(entry.key for entry in unused)
        message = f"ignored: {shown} of the pipeline (no meaning here: its sweep runs by itself)"
        _warn(log, unused[0].key, message, unused[0].location)
    node = _with_parents_inputs(first.value, root)
    inherited = (
        entry for entry in root.entries if entry.key in _SHARED and entry.key not in node.keys
    )
    return first.key, Mapping((*node.entries, *inherited), node.location)


_PARENT = re.compile(r"\$\{\{\s*(?:parent|pipeline)\.inputs\.(\w+)\s*\}\}\Z")


def _with_parents_inputs(node: Mapping, root: Mapping) -> Mapping:
    """`${{parent.inputs.x}}` as the value that the pipeline gives it."""
    given = root.get("inputs")

    def resolved(value: Node) -> Node:
        if isinstance(value, Mapping):
            return _each(value, resolved)
        match = _PARENT.match(value.raw) if isinstance(value, Scalar) else None
        found = given.get(match[1]) if match and isinstance(given, Mapping) else None
        return value if found is None else found

    entries = (
        replace(entry, value=resolved(entry.value)) if entry.key == "inputs" else entry
        for entry in node.entries
    )
    return Mapping(tuple(entries), node.location)
