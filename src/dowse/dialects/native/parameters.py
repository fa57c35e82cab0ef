"""`parameters` of a native job: short lists, typed mappings, conditions, nested choices."""

from __future__ import annotations

import math
from collections.abc import Mapping as AnyMapping
from dataclasses import replace

from dowse.dialects.located import Mapping, Scalar, Sequence
from dowse.dialects.native import keys
from dowse.dialects.native.conditions import read_condition
from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.spaces import built, discrete
from dowse.domain.conditions import Comparison, Condition
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter, Value
from dowse.domain.scales import Normal, Scale

_SCALES = {scale.value: scale for scale in Scale}
_KINDS = {name: name for name in keys.PARAMETER}

_LISTED = "a list of values, or a mapping with `type`"


class ParametersReader:
    """Reads the mapping of names to parameters; nested ones follow the value that opens them."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._read: dict[str, tuple[Parameter, Field]] = {}

    def read(self, field: Field) -> list[Parameter]:
        table = field.table("a mapping of names to parameters")
        if table is not None:
            if not table.node.entries:
                field.error("must hold at least one parameter, got none")
            for name, value in table:
                self._add(name, value, None)
        return [parameter for parameter, _ in self._read.values()]

    def _add(self, name: str, field: Field, opened_by: Condition | None) -> None:
        self._places.put(name, field)
        self._places.put(f"parameters.{name}", field)
        parameter = self._parameter(name, field, opened_by)
        if parameter is None:
            return
        if name in self._read:
            self._merge(name, parameter, field)
        else:
            self._read[name] = (parameter, field)
        if isinstance(parameter, Categorical | Discrete):
            self._add_opened(name, field, parameter)

    def _merge(self, name: str, parameter: Parameter, field: Field) -> None:
        """Several values of one parent may open the same parameter."""
        earlier, first = self._read[name]
        one, other = earlier.condition, parameter.condition
        alike = replace(earlier, when=None) == replace(parameter, when=None)
        if not (alike and one and other and one.parent == other.parent):
            place = first.node.location
            where = f" (line {place.line})" if place else ""
            field.error(
                f"is the name of two different parameters{where}; several values may open the "
                "same parameter, otherwise give each its own name"
            )
            return
        both = Condition(one.parent, Comparison.IN, (*one.values, *other.values))
        self._read[name] = (replace(earlier, when=both), first)

    def _parameter(self, name: str, field: Field, opened_by: Condition | None) -> Parameter | None:
        if isinstance(field.node, Sequence):
            return self._from_list(name, field, opened_by)
        table = field.table(_LISTED)
        if table is None:
            return None
        kind_field = table.required("type", f"one of {', '.join(_KINDS)}")
        kind = kind_field.choice(_KINDS) if kind_field else None
        if kind is None:
            return None
        table.refuse_unknown(keys.PARAMETER[kind])
        for key in ("min", "max", "step", "scale", "origin", "mu", "sigma", "values", "when"):
            self._places.put(f"{name}.{key}", table.get(key))
        when = opened_by
        if condition := table.get("when"):
            if opened_by is not None:
                condition.error(f"cannot be given here: {name} is active when {opened_by}")
            when = read_condition(condition)
        return self._typed(kind, name, table, when)

    def _typed(
        self, kind: str, name: str, table: Table, when: Condition | None
    ) -> Parameter | None:
        match kind:
            case "integer":
                return self._integer(name, table, when)
            case "randint":
                upper = table.required("upper", "values are 0 to upper - 1")
                above = upper.integer(low=1) if upper else None
                if above is None:
                    return None
                return Integer(name, 0, above - 1, when=when)
            case "discrete":
                return self._discrete(name, table, when)
            case "categorical":
                values = table.required("values", "list the values to choose from")
                made = self._categorical(name, values, when) if values else None
                return _with_texts(made, table, self._places)
            case _:
                return self._double(kind, name, table, when)

    def _from_list(self, name: str, field: Field, when: Condition | None) -> Parameter | None:
        """`[2, 4, 8]` is discrete, `[sgd, adam]` categorical; anything else says its type."""
        before = field.log.error_count
        unopened = Field(_unopened(field), field.path, field.log)
        kinds = {item.node.kind for item in unopened.items() or ()}
        if field.log.error_count > before:
            return None
        if kinds == {"a number"}:
            return _under(discrete(unopened, name, None, self._places), when)
        if kinds <= {"text"} or kinds <= {"a boolean"}:
            return self._categorical(name, field, when)
        field.error(
            f"mixes {' and '.join(sorted(kinds))}; numbers are a discrete parameter, texts a "
            "categorical one; write {type: categorical, values: [...]} to mean labels"
        )
        return None

    def _discrete(self, name: str, table: Table, when: Condition | None) -> Parameter | None:
        values = table.required("values", "list the numbers to choose from")
        if values is None:
            return None
        scale = _choice(table, "scale", _SCALES)
        unopened = Field(_unopened(values), values.path, values.log)
        made = discrete(unopened, name, scale, self._places)
        return _with_texts(_under(made, when), table, self._places)

    def _categorical(self, name: str, field: Field, when: Condition | None) -> Categorical | None:
        unopened = Field(_unopened(field), field.path, field.log)
        items = unopened.items("a list of values")
        if items is None:
            return None
        choices: list[Value] = []
        texts: list[str] = []
        for item in items:
            scalar, text = item.scalar("text, a number or a boolean"), item.text()
            if scalar is None or scalar.value is None or text is None:
                return None
            choices.append(scalar.value)
            texts.append(text)
        if len(choices) == 1:
            field.warn(f"holds one value: {name} is always {texts[0]}")
        verbatim = None if texts == [str(choice) for choice in choices] else texts
        return built(lambda: Categorical(name, choices, verbatim, when), self._places, field)

    def _add_opened(self, name: str, field: Field, parent: Parameter) -> None:
        """The parameters that a single value of `parent` brings along."""
        listed = field.node if isinstance(field.node, Sequence) else None
        if isinstance(field.node, Mapping):
            values = field.node.get("values")
            listed = values if isinstance(values, Sequence) else None
        path = field.path if listed is field.node else f"{field.path}.values"
        for index, item in enumerate(listed.items if listed else ()):
            if not isinstance(item, Mapping):
                continue
            table = Table(item, f"{path}[{index}]", field.log)
            value, inside = table.get("value"), table.get("parameters")
            constant = value.scalar("a value") if value else None
            if inside is None or constant is None or constant.value is None:
                continue
            opened = Condition(name, Comparison.EQUAL, (constant.value,))
            nested = inside.table("a mapping of names to parameters")
            for child, definition in nested or ():
                self._add(child, definition, opened)

    def _integer(self, name: str, table: Table, when: Condition | None) -> Parameter | None:
        low, high = _whole(table, "min"), _whole(table, "max")
        step_field = table.get("step")
        step = step_field.integer(low=1) if step_field else 1
        scale = _choice(table, "scale", _SCALES) or Scale.LINEAR
        if low is None or high is None or step is None:
            return None
        here = Field(table.node, table.path, table.log)
        if low == high:
            here.warn(f"has min equal to max: {name} is always {low}")
            scale = Scale.LINEAR if low <= 0 else scale
        return built(lambda: Integer(name, low, high, scale, step, when), self._places, here)

    def _double(
        self, kind: str, name: str, table: Table, when: Condition | None
    ) -> Parameter | None:
        """`double`, and the distributions that are a double with some of its keys settled."""
        before = table.log.error_count
        scale = _choice(table, "scale", _SCALES) or Scale.LINEAR
        if "log" in kind:
            scale = Scale.LOG
        prior = _prior(table, required=kind.endswith("normal"))
        low, high = _bounds(table, scale, bounded=prior is None)
        step = _number(table, "q" if kind.startswith("q") else "step")
        if kind.startswith("q"):
            table.required("q", "values are rounded to multiples of q")
        origin = 0.0 if kind.startswith("q") else _number(table, "origin")
        if low is None or high is None or table.log.error_count > before:
            return None
        here = Field(table.node, table.path, table.log)
        if low == high:
            here.warn(f"has min equal to max: {name} is always {low!r}")
            scale = Scale.LINEAR if low <= 0 and prior is None else scale
        return built(
            lambda: Double(name, low, high, scale, step, origin, prior, when), self._places, here
        )


def _unopened(field: Field) -> Sequence | Scalar | Mapping:
    """The list of values without the parameters that some of them open."""
    if not isinstance(field.node, Sequence):
        return field.node
    items = []
    for index, item in enumerate(field.node.items):
        value = item
        if isinstance(item, Mapping):
            table = Table(item, f"{field.path}[{index}]", field.log)
            table.refuse_unknown(keys.OPENED)
            named = table.required("value", "it is the value that opens the parameters")
            value = named.node if named else Scalar("", "", True, item.location)
        items.append(value)
    return Sequence(tuple(items), field.node.location)


def _under(parameter: Parameter | None, when: Condition | None) -> Parameter | None:
    return replace(parameter, when=when) if parameter is not None and when else parameter


def _with_texts(parameter: Parameter | None, table: Table, places: Places) -> Parameter | None:
    """`texts` are the spellings that the program gets, one for each value."""
    field = table.get("texts")
    texts = field.texts() if field else None
    if field is None or texts is None or not isinstance(parameter, Discrete | Categorical):
        return parameter
    return built(lambda: replace(parameter, texts=texts), places, field)


def _choice(table: Table, key: str, options: AnyMapping[str, Scale]) -> Scale | None:
    field = table.get(key)
    return field.choice(options) if field else None


def _number(table: Table, key: str) -> float | None:
    field = table.get(key)
    value = field.finite() if field else None
    return None if value is None else float(value)


def _whole(table: Table, key: str) -> int | None:
    field = table.required(key, "an integer has min and max")
    return field.integer() if field else None


def _prior(table: Table, *, required: bool) -> Normal | None:
    given = [key for key in ("mu", "sigma") if table.get(key)]
    if not given and not required:
        return None
    for key in ("mu", "sigma"):
        table.required(key, "a normal distribution has mu and sigma")
    mu, sigma = _number(table, "mu"), _number(table, "sigma")
    return None if mu is None or sigma is None else Normal(mu, sigma)


def _bounds(table: Table, scale: Scale, *, bounded: bool) -> tuple[float | None, float | None]:
    """Under a prior the bounds may be left out, or be infinite."""
    free = {"min": 0.0 if scale is Scale.LOG else -math.inf, "max": math.inf}
    found: list[float | None] = []
    for key in ("min", "max"):
        field = table.get(key)
        if field is not None:
            value = field.finite() if bounded else field.number()
            found.append(None if value is None else float(value))
        elif bounded:
            table.required(key, "a range has min and max")
            found.append(None)
        else:
            found.append(free[key])
    return found[0], found[1]
