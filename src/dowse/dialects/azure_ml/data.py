"""Inputs and outputs of a sweep job."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from dowse.dialects.azure_ml.schema import check_keys, option
from dowse.dialects.literals import literal
from dowse.dialects.located import Mapping, Scalar
from dowse.dialects.protocol import ReadContext
from dowse.dialects.reader import Field, Places, Table
from dowse.domain.spec import DataInput, DataKind, Input, Literal

_TYPES = {
    "uri_folder": DataKind.FOLDER,
    "uri_file": DataKind.FILE,
    "mltable": DataKind.FOLDER,
    "mlflow_model": DataKind.FOLDER,
    "custom_model": DataKind.FOLDER,
    "triton_model": DataKind.FOLDER,
    "path": DataKind.FOLDER,
}
_PLAIN = {"number": None, "integer": None, "boolean": None, "string": None, "literal": None}
_MODES = dict.fromkeys(
    ("ro_mount", "rw_mount", "read_only_mount", "read_write_mount", "mount", "download", "upload"),
    False,
) | {"eval_mount": False, "eval_download": False, "direct": True}
_ASSET = re.compile(r"azureml:([^/:@]+)(?::([^/:@]+)|@([^/:@]+))\Z")
_PREVIEW = {"file": DataKind.FILE, "folder": DataKind.FOLDER}


@dataclass(frozen=True, slots=True)
class Data:
    """`absent` are optional inputs that have no value."""

    inputs: dict[str, Input] = field(default_factory=dict)
    outputs: dict[str, DataKind] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)


def read_inputs(
    found: Field | None, data: Data, context: ReadContext, places: Places, *, declared: bool = False
) -> None:
    """Add the inputs of a mapping to `data`; later ones win.

    `declared` are those of a component: the job that uses it supplies what has no default.
    """
    for name, value in (found.table("a mapping of names to inputs") if found else None) or ():
        places.put(f"inputs.{name}", value)
        if isinstance(value.node, Scalar) and value.node.value is None:
            data.absent.add(name)
            continue
        item = _input(value, context, declared=declared)
        if item is None:
            data.absent.add(name)
        else:
            data.inputs[name] = item
            data.absent.discard(name)


def read_outputs(found: Field | None, data: Data, places: Places) -> None:
    for name, value in (found.table("a mapping of names to outputs") if found else None) or ():
        places.put(f"outputs.{name}", value)
        data.outputs[name] = DataKind.FOLDER
        if isinstance(value.node, Mapping):
            table = Table(value.node, value.path, value.log)
            check_keys(table, "Output")
            typed = table.get("type")
            kind = option(typed, _TYPES) if typed else None
            data.outputs[name] = kind or DataKind.FOLDER
        elif isinstance(value.node, Scalar) and value.node.value is not None:
            text = value.text() or ""
            if not text.startswith("${{parent.outputs."):
                value.error(f"must be a mapping with type, or nothing, got {value.node}")


def _input(value: Field, context: ReadContext, *, declared: bool) -> Input | None:
    if not isinstance(value.node, Mapping):
        return literal(value, "a value, or a mapping with type and path")
    table = Table(value.node, value.path, value.log)
    if preview := _from_preview(table, context):
        return preview
    check_keys(table, "Input")
    typed = table.get("type")
    kind = option(typed, {**_TYPES, **_PLAIN}) if typed else None
    where = table.get("path")
    if where is None:
        given = table.get("value") or table.get("default")
        if given:
            return literal(given)
        optional = table.get("optional")
        if not declared and not (optional and optional.boolean()):
            table.required("path", "a path or a URL")
        return None
    path = where.words("a path or a URL")
    mode = table.get("mode")
    direct = option(mode, _MODES) if mode else False
    if path is None or (typed and kind is None and typed.text() not in _PLAIN):
        return None
    resolved = data_path(path, where, context)
    if direct:
        return Literal(resolved, resolved)
    return DataInput(kind or _guessed(resolved, typed, where), resolved)


def _guessed(path: str, typed: Field | None, where: Field) -> DataKind:
    """Azure's default is a folder; a path that ends like a file is one."""
    if typed is None and posixpath.splitext(path.rstrip("/"))[1] and not path.endswith("/"):
        where.warn("has no type; it was read as a uri_file, for it ends like a file")
        return DataKind.FILE
    return DataKind.FOLDER


def _from_preview(table: Table, context: ReadContext) -> Input | None:
    """`file:`, `folder:` and `data:` of the preview of 2021."""
    if any(table.get(key) for key in (*_PREVIEW, "data")):
        table.refuse_unknown((*_PREVIEW, "data", "mode", "type"))
    for key, kind in _PREVIEW.items():
        if old := table.get(key):
            path = old.words("a path or a URL")
            old.warn(f"is the form of the preview; it was read as an input of type uri_{key}")
            return DataInput(kind, data_path(path, old, context)) if path else None
    old = table.get("data")
    if old is None:
        return None
    old.warn("is the form of the preview; it was read as the input's path")
    inner = Table(old.node, old.path, old.log) if isinstance(old.node, Mapping) else None
    where = inner.required("path", "a path or a URL") if inner else old
    path = where.words("a path or a URL") if where else None
    if where is None or path is None:
        return None
    resolved = data_path(path, where, context)
    return DataInput(_guessed(resolved, None, where), resolved)


def data_path(path: str, where: Field, context: ReadContext) -> str:
    """A path or URL; an asset of a workspace becomes the URL that Azure has for it."""
    path = path.strip()
    if "${{" in path:
        where.error(f"takes what another job makes, which is not there: {path}; give its path")
    if asset := _ASSET.match(path):
        version = asset[2] or asset[3]
        where.warn(
            f"is data of an Azure workspace, which is not here: {path}; before the job runs, put "
            "a path of this machine in its place"
        )
        return f"azureml://data/{asset[1]}/versions/{version}"
    if path.startswith("azureml://"):
        where.warn(
            f"is data of an Azure workspace, which is not here: {path}; before the job runs, put "
            "a path of this machine in its place"
        )
        return path
    local = re.sub(r"^(?:azureml:(?!//)|file:(?!//))", "", path)
    return context.absolute(local)
