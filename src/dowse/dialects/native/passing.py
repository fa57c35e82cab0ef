"""Inputs, outputs, constants, and under which names a native job's program gets its values."""

from __future__ import annotations

from dowse.dialects.literals import literal
from dowse.dialects.located import Mapping
from dowse.dialects.native import keys
from dowse.dialects.protocol import ReadContext
from dowse.dialects.reader import Field, Places, Table
from dowse.domain.spec import DataInput, DataKind, Input, Literal, Passing

_KINDS = {kind.value: kind for kind in DataKind}


def read_passing(root: Table, places: Places) -> Passing:
    append = root.get("append")
    file, composed = root.get("parameters_file"), root.get("composed")
    prefixes, names = root.get("variable_prefixes"), root.get("names")
    constants = _named(root, "constants", places)
    _put_items(places, "composed", composed)
    _put_items(places, "variable_prefixes", prefixes)
    places.put("parameters_file", file)
    for name, field in (names.table() if names else None) or ():
        places.put(f"names.{name}", field)
    return Passing(
        append=(append.boolean() if append else None) is not False,
        constants={
            name: one for name, field in constants.items() if (one := _literal(field)) is not None
        },
        names=names.text_map() if names else {},
        composed=(composed.texts("a list of parameters") if composed else None) or (),
        file=file.words("the name of a file") if file else None,
        variable_prefixes=(prefixes.texts("a list of prefixes") if prefixes else None) or (),
    )


def read_inputs(root: Table, context: ReadContext, places: Places) -> dict[str, Input]:
    found = {name: _input(field, context) for name, field in _named(root, "inputs", places).items()}
    return {name: item for name, item in found.items() if item is not None}


def read_outputs(root: Table, places: Places) -> dict[str, DataKind]:
    found = {name: field.choice(_KINDS) for name, field in _named(root, "outputs", places).items()}
    return {name: kind for name, kind in found.items() if kind is not None}


def _named(root: Table, key: str, places: Places) -> dict[str, Field]:
    field = root.get(key)
    fields = dict((field.table("a mapping of names") if field else None) or ())
    for name, value in fields.items():
        places.put(f"{key}.{name}", value)
    return fields


def _put_items(places: Places, path: str, field: Field | None) -> None:
    for index, item in enumerate((field.items() if field else None) or ()):
        places.put(f"{path}[{index}]", item)


def _literal(field: Field) -> Literal | None:
    """A value, or a mapping that says how it is spelled."""
    if not isinstance(field.node, Mapping):
        return literal(field)
    table = Table(field.node, field.path, field.log)
    table.refuse_unknown(keys.LITERAL)
    value = table.required("value", "it is what every trial gets")
    text = table.get("text")
    read = literal(value) if value else None
    spelled = text.text() if text else None
    return read if read is None or spelled is None else Literal(read.value, spelled)


def _input(field: Field, context: ReadContext) -> Input | None:
    node = field.node
    if not isinstance(node, Mapping) or "value" in node.keys:
        return _literal(field)
    table = Table(node, field.path, field.log)
    table.refuse_unknown(keys.INPUT)
    given = [kind for kind in DataKind if table.get(kind.value)]
    if len(given) != 1:
        field.error(f"must be a value, {{file: path}} or {{folder: path}}, got {node}")
        return None
    where = table.get(given[0].value)
    path = where.words("a path or a URL") if where else None
    return None if path is None else DataInput(given[0], context.absolute(path))
