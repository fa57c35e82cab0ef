"""`${{inputs.x}}` and its kin in a command, as places."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from dowse.dialects.reader import Field, nearest
from dowse.dialects.shell_text import place

_DOUBLE = re.compile(r"\$\{\{([^{}]*)\}\}")
_SINGLE = re.compile(r"\$?\{\s*((?:search_space|inputs|outputs)\.[\w.-]+)\s*\}")
_OPTIONAL = re.compile(r"\$\[\[(.*?)\]\]", re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a template may name. `absent` are optional inputs that have no value.

    With `component`, the command is that of a component, whose inputs the search space supplies.
    """

    parameters: Collection[str]
    inputs: Collection[str]
    outputs: Collection[str]
    absent: Collection[str] = ()
    component: bool = False


def with_places(text: str, known: Known, field: Field) -> str | None:
    """The command with places in it; None with errors in the log for what is undefined."""
    before = field.log.error_count
    text = _OPTIONAL.sub(lambda match: _optional(match[1], known), text)
    text = _DOUBLE.sub(lambda match: _placed(match[1].strip(), known, field), text)
    if single := _SINGLE.search(text):
        field.warn(f"holds {single[0]}; it was read as ${{{{{single[1]}}}}}, as Azure writes it")
        text = _SINGLE.sub(lambda match: _placed(match[1], known, field), text)
    return None if field.log.error_count > before else text


def _optional(text: str, known: Known) -> str:
    """The text of an optional block, or nothing when one of its inputs has no value."""
    missing = any(
        name.strip() in {f"inputs.{absent}" for absent in known.absent}
        for name in _DOUBLE.findall(text)
    )
    return "" if missing else text


def _placed(name: str, known: Known, field: Field) -> str:
    kind, _, rest = name.partition(".")
    tables = {
        "search_space": known.parameters,
        "inputs": known.inputs,
        "outputs": known.outputs,
    }
    supplied = known.component and kind == "inputs" and rest in known.parameters
    if rest in tables.get(kind, ()) and not supplied:
        return place(rest if kind == "search_space" else f"{kind}.{rest}")
    if supplied:
        return place(rest)
    if kind == "inputs" and rest in known.parameters:
        field.error(f"holds ${{{{{name}}}}}, which is tuned; write ${{{{search_space.{rest}}}}}")
        return ""
    if kind == "inputs" and rest in known.absent:
        field.error(
            f"holds ${{{{{name}}}}}, an input without a value; give it one, or put what belongs to "
            "it into $[[ ... ]]"
        )
    elif kind in tables:
        hint = nearest(rest, tables[kind]) if tables[kind] else f"; there are no {kind}"
        field.error(f"holds ${{{{{name}}}}}, which is not defined{hint}")
    else:
        field.error(
            f"holds ${{{{{name}}}}}, which is not defined; a template begins with "
            "search_space, inputs or outputs"
        )
    return ""
