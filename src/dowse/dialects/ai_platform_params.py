"""`params` of a HyperparameterSpec: one Google ParameterSpec to one Parameter."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from dowse.dialects.ai_platform_schema import check_fields
from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.spaces import built, checked_names, discrete
from dowse.domain.parameters import Categorical, Double, Integer, Parameter
from dowse.domain.scales import Scale

_SCALES: dict[str, Scale | None] = {
    "UNIT_LINEAR_SCALE": Scale.LINEAR,
    "UNIT_LOG_SCALE": Scale.LOG,
    "UNIT_REVERSE_LOG_SCALE": Scale.REVERSE_LOG,
    "NONE": None,
    "SCALE_TYPE_UNSPECIFIED": None,
}

_MOST_VALUES = 1_000


def read_params(field: Field, places: Places) -> list[Parameter] | None:
    """None when there is no list at all; else the parameters that could be read."""
    items = field.items("a list of parameters, each beginning with `- parameterName:`")
    if items is None:
        return None
    if not items:
        field.error("must hold at least one parameter, got none")
    tables = [item.table("a mapping with parameterName and type") for item in items]
    checked_names([table.get("parameterName") for table in tables if table is not None])
    parameters = [_read(table, places) for table in tables if table is not None]
    return [parameter for parameter in parameters if parameter is not None]


def _read(table: Table, places: Places) -> Parameter | None:
    check_fields(table, "ParameterSpec")
    named = table.required("parameterName", "give the name of the program's argument")
    name = named.words("the name of the program's argument") if named else None
    types: dict[str, Callable[[Table, str, Places], Parameter | None]] = {
        "DOUBLE": partial(_numeric, whole=False),
        "INTEGER": partial(_numeric, whole=True),
        "DISCRETE": _discrete,
        "CATEGORICAL": _categorical,
    }
    kind = table.required("type", f"one of {', '.join(types)}")
    read = kind.choice(types) if kind else None
    if name is None or read is None:
        return None
    here = Field(table.node, table.path, table.log)
    for path in (name, f"parameters.{name}"):
        places.put(path, named or here)
    for attribute, key in (
        ("min", "minValue"),
        ("max", "maxValue"),
        ("scale", "scaleType"),
        ("type", "type"),
    ):
        places.put(f"{name}.{attribute}", table.get(key))
    return read(table, name, places)


def _scale(table: Table) -> Scale | None:
    field = table.get("scaleType")
    return field.choice(_SCALES) if field else None


def _numeric(table: Table, name: str, places: Places, *, whole: bool) -> Parameter | None:
    kind = "INTEGER" if whole else "DOUBLE"
    _unused(table, kind, "discreteValues", "categoricalValues")
    bounds = []
    for key in ("minValue", "maxValue"):
        field = table.required(key, f"the range of {kind} needs minValue and maxValue")
        bounds.append((field.integer() if whole else field.finite()) if field else None)
    low, high = bounds
    scale = _scale(table) or Scale.LINEAR
    if low is None or high is None:
        return None
    here = table.get("minValue") or Field(table.node, table.path, table.log)
    if low == high:
        here.warn(f"equals maxValue: {name} is always {low!r}")
        scale = Scale.LINEAR  # A single value needs no logarithm, which may not exist.
    if whole:
        return built(lambda: Integer(name, int(low), int(high), scale), places, here)
    return built(lambda: Double(name, low, high, scale), places, here)


def _discrete(table: Table, name: str, places: Places) -> Parameter | None:
    _unused(table, "DISCRETE", "categoricalValues")
    for key in ("minValue", "maxValue"):
        if field := table.get(key):
            field.warn("is ignored: the values of a DISCRETE parameter are its discreteValues")
    field = table.required("discreteValues", "list the numbers of the DISCRETE parameter")
    if field is None:
        return None
    places.put(f"{name}.values", field)
    parameter = discrete(field, name, _scale(table), places)
    if parameter is not None and len(parameter.choices) > _MOST_VALUES:
        field.error(f"must hold at most {_MOST_VALUES} values, got {len(parameter.choices)}")
    return parameter


def _categorical(table: Table, name: str, places: Places) -> Parameter | None:
    _unused(table, "CATEGORICAL", "discreteValues")
    for key in ("minValue", "maxValue", "scaleType"):
        field = table.get(key)
        if field is not None and field.text() != "NONE":
            field.warn("is ignored: a CATEGORICAL parameter has no order")
    field = table.required("categoricalValues", "list the texts of the CATEGORICAL parameter")
    items = field.items("a list of texts") if field else None
    if field is None or items is None:
        return None
    places.put(f"{name}.values", field)
    choices = []
    for item in items:
        scalar, text = item.scalar("text"), item.text()
        if scalar is None or text is None:
            return None
        if not isinstance(scalar.value, str):
            item.warn(f"is {scalar.kind} among categories; it was read as the text {text!r}")
        choices.append(text)
    if len(choices) == 1:
        field.warn(f"holds one value: {name} is always {choices[0]!r}")
    return built(lambda: Categorical(name, choices), places, field)


def _unused(table: Table, kind: str, *keys: str) -> None:
    """Values of another type are a contradiction; empty ones are how tools write `unset`."""
    for key in keys:
        field = table.get(key)
        if field is not None and getattr(field.node, "items", True):
            field.error(f"contradicts type {kind}: remove {key}, or change the type")
