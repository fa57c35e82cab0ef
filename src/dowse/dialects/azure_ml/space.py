"""`search_space` of a sweep job: the ten distributions, and choices that open further ones."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from dowse.dialects.azure_ml.distributions import KEYS, Slot, distributed
from dowse.dialects.azure_ml.schema import option
from dowse.dialects.located import Mapping, Scalar
from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.spaces import built
from dowse.domain.conditions import Comparison, Condition
from dowse.domain.parameters import Categorical, Discrete, Parameter, Value


@dataclass(slots=True)
class Space:
    """What was found. `kinds` are the distributions of parameters, with their fields; `declared`
    are the names of all, also of those that could not be read.
    """

    declared: set[str] = field(default_factory=set)
    parameters: list[Parameter] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    composed: list[str] = field(default_factory=list)
    kinds: dict[str, tuple[str, Field]] = field(default_factory=dict)


class SpaceReader:
    """`base` is that of the exponents of the logarithmic distributions."""

    def __init__(self, places: Places, base: float = math.e) -> None:
        self._places = places
        self._base = base
        self._found = Space()
        self._counts: Counter[str] = Counter()

    def read(self, found: Field) -> Space | None:
        table = found.table("a mapping of names to distributions")
        if table is None:
            return None
        if not table.node.entries:
            found.error("must hold at least one parameter, got none")
        self._count(table)
        for name, value in table:
            if name and not name.replace("_", "").isalnum():
                value.warn(f"is named {name!r}; Azure takes letters, digits and '_' only")
            self._add(name, name, value, None)
        return self._found

    def _count(self, table: Table) -> None:
        """How often each name occurs at all levels: one that is alone keeps its name."""
        for name, value in table:
            self._counts[name] += 1
            for inner in _opened(value):
                self._count(inner)

    def _add(self, own: str, name: str, value: Field, when: Condition | None) -> None:
        self._found.declared.add(name)
        for path in (own, f"parameters.{own}", f"names.{own}"):
            self._places.put(path, value)
        if own != name:
            self._found.names[own] = name
        if not isinstance(value.node, Mapping):
            if when is None:
                value.error(
                    f"must be a distribution such as {{type: uniform, ...}}, got {value.node}"
                )
            else:
                self._keep("choice", value, self._listed(own, [value], value, when))
            return
        table = Table(value.node, value.path, value.log)
        kind = _kind_of(table)
        if kind is None:
            return
        for attribute, key in (("min", "min_value"), ("max", "max_value"), ("values", "values")):
            self._places.put(f"{own}.{attribute}", table.get(key))
        for key in ("mu", "sigma"):
            self._places.put(f"{own}.{key}", table.get(key))
        self._places.put(f"{own}.step", table.get("q"))
        if kind == "choice":
            self._choice(own, table, when)
        else:
            slot = Slot(
                name=own,
                table=table,
                when=when,
                places=self._places,
                base=self._base,
            )
            self._keep(kind, value, distributed(kind, slot))

    def _keep(self, kind: str, value: Field, parameter: Parameter | None) -> None:
        if parameter is not None:
            self._found.parameters.append(parameter)
            self._found.kinds[parameter.name] = (kind, value)

    # ------------------------------------------------------------------ choices

    def _choice(self, own: str, table: Table, when: Condition | None) -> None:
        values = table.required("values", "list the values to choose from")
        items = values.items("a list of values") if values else None
        if values is None or items is None:
            return
        if not items:
            values.error("must hold at least one value, got none")
            return
        if not any(isinstance(item.node, Mapping) for item in items):
            self._keep("choice", values, self._listed(own, items, values, when))
            return
        odd = [item for item in items if not isinstance(item.node, Scalar | Mapping)]
        for item in odd:
            item.error(f"must be text, a number or a mapping, got {item.node}")
        if odd:
            return
        labels = _labels(items)
        if len(set(labels)) != len(labels):
            twice = next(label for label in labels if labels.count(label) > 1)
            values.error(f"must be unique, got {twice!r} twice")
            return
        self._found.composed.append(own)
        parent = built(lambda: Categorical(own, labels, when=when), self._places, values)
        self._keep("choice", values, parent)
        for label, item in zip(labels, items, strict=True):
            if isinstance(item.node, Mapping):
                self._add_opened(own, label, Table(item.node, item.path, item.log))

    def _add_opened(self, parent: str, label: str, table: Table) -> None:
        if not table.node.entries:
            table.error("must hold at least one name and its value, got an empty mapping")
        for name, value in table:
            own = name if self._counts[name] == 1 else f"{parent}.{label}.{name}".replace("=", "-")
            self._add(own.strip(), name, value, Condition(parent, Comparison.EQUAL, (label,)))

    def _listed(
        self, own: str, items: Sequence[Field], values: Field, when: Condition | None
    ) -> Parameter | None:
        """Numbers are ordered; anything else is a label, and so are numbers among texts."""
        choices: list[Value] = []
        texts: list[str] = []
        for item in items:
            scalar, text = item.scalar("text or a number"), item.text()
            if scalar is None or scalar.value is None or text is None:
                return None
            if isinstance(scalar.value, bool):
                item.error(f"must be text or a number, got {scalar}; put it in quotes")
                return None
            if any(scalar.value == one and type(scalar.value) is type(one) for one in choices):
                item.warn(f"is given twice ({scalar}); it was read once")
                continue
            choices.append(scalar.value)
            texts.append(text)
        if len(choices) == 1 and when is None:
            values.warn(f"holds one value: {own} is always {texts[0]}")
        numbers = [one for one in choices if isinstance(one, int | float)]
        if len(numbers) == len(choices) and len(set(numbers)) == len(numbers):
            spelled = None if texts == [repr(one) for one in numbers] else texts
            return built(lambda: Discrete(own, numbers, None, spelled, when), self._places, values)
        verbatim = None if texts == [str(one) for one in choices] else texts
        return built(lambda: Categorical(own, choices, verbatim, when), self._places, values)


def _opened(value: Field) -> list[Table]:
    """The mappings among the values of a choice."""
    if not isinstance(value.node, Mapping):
        return []
    values = Table(value.node, value.path, value.log).get("values")
    items = getattr(values.node, "items", ()) if values else ()
    return [Table(item, "", value.log) for item in items if isinstance(item, Mapping)]


def _labels(items: Sequence[Field]) -> list[str]:
    """A short name for each option: its first fixed value where that tells it from the others."""
    first = [_first_text(item) for item in items]
    return [
        text if text and first.count(text) == 1 else f"option {index + 1}"
        for index, text in enumerate(first)
    ]


def _first_text(item: Field) -> str | None:
    node = item.node
    if isinstance(node, Mapping):
        fixed = (entry.value for entry in node.entries if isinstance(entry.value, Scalar))
        node = next(fixed, node)
    return node.raw if isinstance(node, Scalar) and node.raw else None


def _kind_of(table: Table) -> str | None:
    if (old := table.get("spec")) and not table.get("type"):
        old.warn("is the preview's name of this key; it was read as type")
        named: Field | None = old
    else:
        named = table.required("type", f"one of {', '.join(KEYS)}")
    kind = option(named, {name: name for name in KEYS}) if named else None
    if kind is not None:
        table.refuse_unknown(("type", "spec", *KEYS[kind]))
    return kind
