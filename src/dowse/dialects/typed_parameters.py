"""Typed parameters as Google and OpenBayes write them: one scheme under two sets of key names."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from functools import partial

from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.spaces import built, checked_names, discrete
from dowse.domain.parameters import Categorical, Double, Integer, Parameter
from dowse.domain.scales import Scale

_MOST_VALUES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The names that a form has for the parts of a parameter, and what its keys are held to."""

    name: str
    low: str
    high: str
    scale: str
    discrete: str
    categorical: str
    scales: AnyMapping[str, Scale | None]
    check: Callable[[Table], None]

    def read(self, field: Field, places: Places) -> list[Parameter] | None:
        """None when there is no list at all; else the parameters that could be read."""
        items = field.items(f"a list of parameters, each beginning with `- {self.name}:`")
        if items is None:
            return None
        if not items:
            field.error("must hold at least one parameter, got none")
        tables = [item.table(f"a mapping with {self.name} and type") for item in items]
        checked_names([table.get(self.name) for table in tables if table is not None])
        parameters = [_read(self, table, places) for table in tables if table is not None]
        return [parameter for parameter in parameters if parameter is not None]


_Reader = Callable[[Wording, Table, str, Places], Parameter | None]


def _read(words: Wording, table: Table, places: Places) -> Parameter | None:
    words.check(table)
    named = table.required(words.name, "give the name of the program's argument")
    name = named.words("the name of the program's argument") if named else None
    types: dict[str, _Reader] = {
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
        ("min", words.low),
        ("max", words.high),
        ("scale", words.scale),
        ("type", "type"),
    ):
        places.put(f"{name}.{attribute}", table.get(key))
    return read(words, table, name, places)


def _scale(words: Wording, table: Table) -> Scale | None:
    field = table.get(words.scale)
    return field.choice(words.scales) if field else None


def _numeric(
    words: Wording, table: Table, name: str, places: Places, *, whole: bool
) -> Parameter | None:
    kind = "INTEGER" if whole else "DOUBLE"
    _unused(table, kind, words.discrete, words.categorical)
    bounds = []
    for key in (words.low, words.high):
        field = table.required(key, f"the range of {kind} needs {words.low} and {words.high}")
        bounds.append((field.integer() if whole else field.finite()) if field else None)
    low, high = bounds
    scale = _scale(words, table) or Scale.LINEAR
    if low is None or high is None:
        return None
    here = table.get(words.low) or Field(table.node, table.path, table.log)
    if low == high:
        here.warn(f"equals {words.high}: {name} is always {low!r}")
        scale = Scale.LINEAR  # A single value needs no logarithm, which may not exist.
    if whole:
        return built(lambda: Integer(name, int(low), int(high), scale), places, here)
    return built(lambda: Double(name, low, high, scale), places, here)


def _discrete(words: Wording, table: Table, name: str, places: Places) -> Parameter | None:
    _unused(table, "DISCRETE", words.categorical)
    for key in (words.low, words.high):
        if field := table.get(key):
            field.warn(f"is ignored: the values of a DISCRETE parameter are its {words.discrete}")
    field = table.required(words.discrete, "list the numbers of the DISCRETE parameter")
    if field is None:
        return None
    places.put(f"{name}.values", field)
    parameter = discrete(field, name, _scale(words, table), places)
    if parameter is not None and len(parameter.choices) > _MOST_VALUES:
        field.error(f"must hold at most {_MOST_VALUES} values, got {len(parameter.choices)}")
    return parameter


def _categorical(words: Wording, table: Table, name: str, places: Places) -> Parameter | None:
    _unused(table, "CATEGORICAL", words.discrete)
    for key in (words.low, words.high, words.scale):
        field = table.get(key)
        if field is not None and field.text() != "NONE":
            field.warn("is ignored: a CATEGORICAL parameter has no order")
    field = table.required(words.categorical, "list the texts of the CATEGORICAL parameter")
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
