"""`when`: a text such as `optimizer == "sgd"`, or the same as a mapping."""

from __future__ import annotations

from dowse.dialects.located import Mapping, Sequence
from dowse.dialects.native import keys
from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.spaces import built
from dowse.domain.conditions import Comparison, Condition, Constant
from dowse.domain.constraints import parse_condition

WORDS = {
    "is": Comparison.EQUAL,
    "is_not": Comparison.NOT_EQUAL,
    "in": Comparison.IN,
    "not_in": Comparison.NOT_IN,
    "below": Comparison.LESS,
    "at_most": Comparison.LESS_OR_EQUAL,
    "above": Comparison.GREATER,
    "at_least": Comparison.GREATER_OR_EQUAL,
}


def read_condition(field: Field) -> Condition | None:
    if isinstance(field.node, Mapping):
        table = field.table()
        return _from_table(table, field) if table else None
    text = field.text('a condition such as optimizer == "sgd"')
    if text is None:
        return None
    return built(lambda: parse_condition(text), Places(), field)


def _from_table(table: Table, field: Field) -> Condition | None:
    table.refuse_unknown(keys.CONDITION)
    named = table.required("parameter", "the name of the parameter to look at")
    given = [word for word in WORDS if word in table.node.keys]
    if len(given) != 1:
        field.error(f"must hold parameter and exactly one of {', '.join(WORDS)}, got {field.node}")
        return None
    operand = table.required(given[0], "a value to compare with")
    parent = named.text() if named else None
    if parent is None or operand is None:
        return None
    comparison = WORDS[given[0]]
    many = comparison in (Comparison.IN, Comparison.NOT_IN)
    items = operand.items("a list of values") if many else [operand]
    values = [_constant(item) for item in items or ()]
    constants = tuple(value for value in values if value is not None)
    if not constants or len(constants) != len(values):
        if not values and items is not None:
            operand.error("must hold at least one value, got none")
        return None
    return Condition(parent, comparison, constants)


def _constant(item: Field) -> Constant | None:
    if isinstance(item.node, Sequence | Mapping):
        item.error(f"must be text, a number or a boolean, got {item.node}")
        return None
    scalar = item.scalar("text, a number or a boolean")
    return scalar.value if scalar else None
