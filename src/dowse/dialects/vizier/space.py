"""The parameters of a Google study: typed, and opened by values of their parents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.spaces import built, discrete
from dowse.dialects.vizier.schema import FORM
from dowse.domain.conditions import Comparison, Condition, Constant
from dowse.domain.parameters import Categorical, Double, Integer, Parameter
from dowse.domain.scales import Scale

_SCALES = {
    "SCALE_TYPE_UNSPECIFIED": None,
    "UNIT_LINEAR_SCALE": Scale.LINEAR,
    "UNIT_LOG_SCALE": Scale.LOG,
    "UNIT_REVERSE_LOG_SCALE": Scale.REVERSE_LOG,
}
_VALUE_SPECS = {
    "DOUBLE": "doubleValueSpec",
    "INTEGER": "integerValueSpec",
    "CATEGORICAL": "categoricalValueSpec",
    "DISCRETE": "discreteValueSpec",
}
_PARENT_VALUES = {
    "INTEGER": "parentIntValues",
    "CATEGORICAL": "parentCategoricalValues",
    "DISCRETE": "parentDiscreteValues",
}
_INT64 = re.compile(r"-?\d{1,19}")


@dataclass(frozen=True, slots=True)
class StudySpace:
    """`names` are what clients call parameters that are called otherwise here."""

    parameters: list[Parameter] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


class SpaceReader:
    """A name may stand under several values of a parent; each place is a parameter of its own."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._found = StudySpace()
        self._counts: Counter[str] = Counter()

    def read(self, found: Field) -> StudySpace | None:
        items = found.items("a list of parameters")
        if items is None:
            return None
        if not items:
            found.error("must hold at least one parameter, got none")
        for item in items:
            self._read(item, None, None)
        return self._found

    def _read(self, item: Field, parent: str | None, parent_kind: str | None) -> None:
        table = item.table("a mapping with parameter and type")
        if table is None:
            return
        FORM.check(table, "ParameterSpec")
        named = table.required("parameter", "give the name of the parameter")
        name = named.words("the name of the parameter") if named else None
        field_of_kind = table.required("type", f"one of {', '.join(_VALUE_SPECS)}")
        kind = field_of_kind.choice({one: one for one in _VALUE_SPECS}) if field_of_kind else None
        if named is None or name is None or kind is None:
            return
        when = self._condition(table, parent, parent_kind)
        own = self._own_name(name, named, nested=parent is not None)
        for path in (own, f"parameters.{own}"):
            self._places.put(path, named)
        parameter = self._parameter(table, own, kind, when)
        if parameter is not None:
            self._found.parameters.append(parameter)
        children = table.get("childParameterSpecs")
        for child in (children.items("a list of parameters") if children else None) or ():
            self._read(child, own, kind)

    def _own_name(self, name: str, named: Field, *, nested: bool) -> str:
        self._counts[name] += 1
        if self._counts[name] == 1:
            return name
        if not nested:
            named.error(f"is the name of two parameters: {name!r} was given before")
        own = f"{name}#{self._counts[name]}"
        self._found.names[own] = name
        return own

    def _condition(self, table: Table, parent: str | None, kind: str | None) -> Condition | None:
        wanted = None if kind is None else _PARENT_VALUES.get(kind)
        for key in _PARENT_VALUES.values():
            if key != wanted and (field := table.get(key)):
                field.error(
                    "belongs to the children of another type of parameter"
                    if parent
                    else "belongs to a parameter among childParameterSpecs"
                )
        if parent is None:
            return None
        if wanted is None:
            table.error(f"cannot be opened by values of a {kind} parameter, which has no list")
            return None
        field = table.required(wanted, f"say which values of {parent} open this parameter")
        values = self._listed(field) if field else None
        if not values or field is None:
            return None
        read = _READERS[wanted]
        constants = [constant for item in values if (constant := read(item)) is not None]
        if len(constants) != len(values):
            return None
        return Condition(parent, Comparison.IN, tuple(constants))

    def _listed(self, field: Field) -> list[Field] | None:
        table = field.table("a mapping with values")
        if table is None:
            return None
        FORM.check(table, "Values")
        values = table.required("values", "list them")
        items = values.items("a list of values") if values else None
        if values is not None and items == []:
            values.error("must hold at least one value, got none")
        return items

    def _parameter(
        self, table: Table, name: str, kind: str, when: Condition | None
    ) -> Parameter | None:
        for other, key in _VALUE_SPECS.items():
            if other != kind and (extra := table.get(key)):
                extra.error(f"contradicts type {kind}: remove it, or change the type")
        field = table.required(_VALUE_SPECS[kind], f"the values of {kind} stand there")
        scaled = table.get("scaleType")
        scale = scaled.choice(_SCALES) if scaled else None
        self._places.put(f"{name}.scale", scaled)
        if field is None:
            return None
        if kind == "CATEGORICAL":
            if scaled and scale is not None:
                scaled.warn("is ignored: a CATEGORICAL parameter has no order")
            return self._categorical(field, name, when)
        if kind == "DISCRETE":
            return self._discrete(field, name, scale, when)
        return self._numeric(field, name, scale or Scale.LINEAR, when, whole=kind == "INTEGER")

    def _numeric(
        self, field: Field, name: str, scale: Scale, when: Condition | None, *, whole: bool
    ) -> Parameter | None:
        table = field.table("a mapping with minValue and maxValue")
        if table is None:
            return None
        FORM.check(table, "Range")
        bounds: list[int | float | None] = []
        for attribute, key in (("min", "minValue"), ("max", "maxValue")):
            bound = table.required(key, "the range needs minValue and maxValue")
            self._places.put(f"{name}.{attribute}", bound)
            bounds.append((_int64(bound) if whole else bound.finite()) if bound else None)
        low, high = bounds
        if low is None or high is None:
            return None
        if whole:
            return built(
                lambda: Integer(name, int(low), int(high), scale, when=when), self._places, field
            )
        return built(
            lambda: Double(name, float(low), float(high), scale, when=when), self._places, field
        )

    def _discrete(
        self, field: Field, name: str, scale: Scale | None, when: Condition | None
    ) -> Parameter | None:
        table = field.table("a mapping with values")
        if table is None:
            return None
        FORM.check(table, "Values")
        values = table.required("values", "list the numbers of the DISCRETE parameter")
        self._places.put(f"{name}.values", values)
        made = discrete(values, name, scale, self._places) if values else None
        return None if made is None else replace(made, when=when)

    def _categorical(self, field: Field, name: str, when: Condition | None) -> Parameter | None:
        items = self._listed(field)
        texts = [item.text() for item in items or ()]
        choices = [text for text in texts if text is not None]
        if not choices or len(choices) != len(texts):
            return None
        self._places.put(f"{name}.values", field)
        return built(lambda: Categorical(name, choices, when=when), self._places, field)


def _int64(field: Field) -> int | None:
    """A 64-bit number, which Google writes as text."""
    scalar = field.scalar("a whole number")
    if scalar is not None and isinstance(scalar.value, str) and _INT64.fullmatch(scalar.value):
        return int(scalar.value)
    return None if scalar is None else field.integer()


_READERS: dict[str, Callable[[Field], Constant | None]] = {
    "parentIntValues": _int64,
    "parentCategoricalValues": lambda field: field.text(),
    "parentDiscreteValues": lambda field: field.finite(),
}
