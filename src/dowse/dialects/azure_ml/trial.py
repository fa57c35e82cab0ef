"""`trial` of a sweep job: the command that runs, its code, its data and its variables."""

from __future__ import annotations

import os.path
import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from dowse.dialects import documents
from dowse.dialects.azure_ml.data import Data, read_inputs, read_outputs
from dowse.dialects.azure_ml.schema import check_keys
from dowse.dialects.azure_ml.templates import Known, with_places
from dowse.dialects.environments import asset_names, inline_names, interpreter
from dowse.dialects.launching import code_root, python_module
from dowse.dialects.located import Mapping
from dowse.dialects.protocol import ReadContext
from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.shell_text import command_text, placed_names, program_of
from dowse.domain.parameters import Categorical, Discrete, Parameter
from dowse.domain.spec import Argv, CodeSpec, Literal, Program
from dowse.errors import InvalidInput

_COMPONENT_TYPES = ("command", "command_component")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    program: Program
    code: CodeSpec
    env: AnyMapping[str, str]
    python: str | None
    data: Data
    placed: frozenset[str]


@dataclass(slots=True)
class _Opened:
    """A trial's mapping, and the folder that its paths start in."""

    table: Table
    context: ReadContext
    is_component: bool = False
    data: Data = field(default_factory=Data)


def read_trial(
    root: Table, parameters: AnyMapping[str, list[Parameter]], context: ReadContext, places: Places
) -> Trial | None:
    """`parameters` are those of the search space under the names that templates use."""
    opened = _open(root, context)
    if opened is None:
        return None
    table, data = opened.table, opened.data
    check_keys(table, "Trial")
    for key in ("inputs", "outputs"):
        inner = table.get(key)
        if inner and not opened.is_component:
            inner.warn(f"stands under trial; it was read as the {key} of the job")
    declared = opened.is_component
    read_inputs(table.get("inputs"), data, opened.context, places, declared=declared)
    read_inputs(root.get("inputs"), data, context, places)
    read_outputs(table.get("outputs"), data, places)
    read_outputs(root.get("outputs"), data, places)
    environment = table.get("environment_variables")
    env = environment.text_map() if environment else {}
    for name, value in (environment.table() if environment else None) or ():
        places.put(f"env.{name}", value)
    python = _interpreter(table, context)
    code = _code(table, opened.context, context)
    places.put("code.root", table.get("code"))
    made = _program(opened, parameters, context, places)
    if made is None or code is None:
        return None
    program, placed = made
    return Trial(program=program, code=code, env=env, python=python, data=data, placed=placed)


def _open(root: Table, context: ReadContext) -> _Opened | None:
    found = root.required("trial", "it holds the command of each trial")
    if found is None:
        return None
    if isinstance(found.node, Mapping):
        table = Table(found.node, found.path, found.log)
        kind = table.get("type")
        is_component = kind is not None and kind.text() in _COMPONENT_TYPES
        return _Opened(table, context, is_component)
    text = found.words("a mapping with command, or the path of a component file")
    if text is None:
        return None
    path = re.sub(r"^(?:file:|azureml:(?=\.{0,2}/))", "", text.strip())
    if re.match(r"azureml:|[\w+.-]+://", path):
        found.error(
            f"names {text}, a component of an Azure workspace, which is not here; write its file"
        )
        return None
    return _component(found, context.absolute(path), context)


def _component(found: Field, path: str, context: ReadContext) -> _Opened | None:
    try:
        document = documents.load(documents.read_text(Path(path)), path)
    except InvalidInput as error:
        for problem in error.problems:
            found.log.add(found.path, problem.message, problem.location or found.node.location)
        return None
    table = Table(document.root, found.path, found.log)
    kind = table.get("type")
    if kind is not None and kind.text() not in _COMPONENT_TYPES:
        kind.error(f"must be command, for a sweep runs a command, got {kind.node}")
        return None
    return _Opened(table, replace(context, folder=os.path.dirname(path)), is_component=True)


def _interpreter(table: Table, context: ReadContext) -> str | None:
    found = table.get("environment")
    if found is None:
        return None
    if isinstance(found.node, Mapping):
        return interpreter([(found, inline_names(found.plain()))], context)
    text = found.words("the name of an environment, or a mapping with image")
    return interpreter([(found, asset_names(text))], context) if text else None


def _code(table: Table, context: ReadContext, given: ReadContext) -> CodeSpec | None:
    """The folder of the code; that of the document, where it has one, when none is named."""
    if given.package_path is not None:
        return CodeSpec(root=code_root(given))
    found = table.get("code")
    if found is None:
        return CodeSpec(root=context.folder)
    where: Field | None = found
    if isinstance(found.node, Mapping):
        inner = Table(found.node, found.path, found.log)
        inner.refuse_unknown(("local_path", "path"))
        where = inner.get("local_path") or inner.required("path", "the folder of the code")
        found.warn("is a mapping, as in the preview; it was read as the folder in it")
    text = where.words("the folder of the code") if where else None
    if where is None or text is None:
        return None
    path = re.sub(r"^(?:file:(?!//)|azureml:(?=\.{0,2}/))", "", text.strip())
    if re.match(r"azureml:|git\+|[\w+.-]+://|/subscriptions/", path):
        where.error(f"must be a folder of this machine, got {text!r}; give its path")
        return None
    return CodeSpec(root=context.absolute(path))


def _program(
    opened: _Opened,
    parameters: AnyMapping[str, list[Parameter]],
    context: ReadContext,
    places: Places,
) -> tuple[Program, frozenset[str]] | None:
    table = opened.table
    if context.module_name is not None:
        if command := table.get("command"):
            command.warn("is not used: the named Python module runs instead")
        module = python_module(None, context, table.log)
        return None if module is None else (module, frozenset())
    found = table.required("command", "the command of a trial, such as python train.py")
    places.put("command", found)
    text = command_text(found) if found else None
    if found is None or text is None:
        return None
    known = Known(
        parameters=parameters,
        inputs=opened.data.inputs,
        outputs=opened.data.outputs,
        absent=opened.data.absent - set(opened.data.inputs) - set(parameters),
        component=opened.is_component,
    )
    placed = with_places(text, known, found)
    program = program_of(placed, found) if placed is not None else None
    if program is None or placed is None:
        return None
    names = frozenset(placed_names(placed))
    _warn_of_blanks(found, names, parameters, opened.data)
    if not context.arguments:
        return program, names
    if not isinstance(program, Argv):
        found.error("is text for a shell and takes no further arguments; put them into the text")
        return None
    more = (word.replace("${", "$${") for word in context.arguments)
    return Argv((*program.words, *more)), names


def _warn_of_blanks(
    found: Field,
    names: frozenset[str],
    parameters: AnyMapping[str, list[Parameter]],
    data: Data,
) -> None:
    """Azure pastes values into the text, where a blank or an operator has its own meaning."""
    texts = [
        parameter.text(choice)
        for name in names
        for parameter in parameters.get(name, ())
        if isinstance(parameter, Categorical | Discrete)
        for choice in parameter.choices
    ]
    for name in names:
        item = data.inputs.get(name.removeprefix("inputs."))
        if isinstance(item, Literal):
            texts.append(item.text)
    odd = sorted(text for text in texts if re.search(r"[\s;|&<>$`\"'()*?\\]", text) or not text)
    if odd:
        found.warn(
            f"gets the value {odd[0]!r} as one word; Azure would paste it into the text of a shell"
        )
