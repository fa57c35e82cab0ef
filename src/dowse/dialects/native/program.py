"""`command`, `shell` or `module`: what a native job starts, and where its code lies."""

from __future__ import annotations

import re
import shlex

from dowse.dialects.launching import HOW_TO_NAME_A_PROGRAM, code_root, python_module
from dowse.dialects.located import Sequence
from dowse.dialects.native import keys
from dowse.dialects.protocol import ReadContext
from dowse.dialects.reader import Field, Places, Table
from dowse.domain.spec import Argv, CodeSpec, Program, Shell

_OPERATORS = "|&;<>()`\n"
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_VARIABLE = re.compile(r"(?<!\$)\$[A-Za-z_]\w*")


def read_program(root: Table, context: ReadContext, places: Places) -> Program | None:
    """The one program of the document or of the command line; `--module-name` with neither."""
    given = [key for key in ("command", "shell", "module") if root.get(key)]
    arguments_field = root.get("arguments")
    if len(given) > 1:
        root.error_at(given[1], f"and {given[0]} cannot both be given; keep one of them")
        return None
    if context.module_name is not None and given and given != ["module"]:
        root.error_at(given[0], "and --module-name cannot both be given; leave one out")
        return None
    if arguments_field and given and given != ["module"]:
        arguments_field.error(f"belongs to module; put the arguments into {given[0]}")
        return None
    places.put("command", root.get(given[0]) if given else None)
    places.put("module", root.get("module"))
    match given:
        case ["command"]:
            return _command(root.get("command"), context)
        case ["shell"]:
            return _shell(root.get("shell"), context)
    arguments = (arguments_field.texts("a list of arguments") if arguments_field else None) or ()
    program = python_module(root.get("module"), context, root.log, arguments)
    if program is None and not given and context.module_name is None:
        root.error(
            "says nothing about the program to run: write `command: python train.py` or "
            f"`module: trainer.task`, or {HOW_TO_NAME_A_PROGRAM}"
        )
    return program


def _command(field: Field | None, context: ReadContext) -> Argv | None:
    if field is None:
        return None
    if isinstance(field.node, Sequence):
        words = field.texts("a list of words")
    else:
        text = field.words("a command such as python train.py")
        words = split(text, field) if text is not None else None
    if words is None:
        return None
    if not words:
        field.error("must hold at least the program, got no word")
        return None
    return Argv((*words, *context.arguments))


def _shell(field: Field | None, context: ReadContext) -> Shell | None:
    text = field.words("text for a shell") if field else None
    if field is None or text is None:
        return None
    if context.arguments:
        field.error(
            "takes no further arguments: put "
            f"{shlex.join(context.arguments)!r} into the text, or use command"
        )
        return None
    return Shell(text)


def split(
    text: str,
    field: Field,
    *,
    instead: str = "`shell:` instead of `command:` (values then come as variables "
    "$DOWSE_PARAM_<NAME>)",
) -> tuple[str, ...] | None:
    """The words of a command. What only a shell understands is an error that points to `instead`,
    where a shell reads it.
    """
    text = text.strip().replace("\\\n", " ")
    operator = _unquoted_operator(text)
    if operator is not None:
        shown = "a second line" if operator == "\n" else repr(operator)
        field.error(
            f"holds {shown}, which only a shell understands; use {instead}, or put it in quotes"
        )
        return None
    try:
        words = shlex.split(text)
    except ValueError as error:
        field.error(f"cannot be split into words: {str(error).lower()}; close it: {text[:60]!r}")
        return None
    if words and _ASSIGNMENT.match(words[0]):
        field.error(f"begins with the assignment {words[0]!r}; write it under `env:`")
        return None
    if variable := _VARIABLE.search(text):
        field.warn(
            f"holds {variable.group()!r}, which stays as it is without a shell; "
            "${name} places a parameter, `shell:` expands variables"
        )
    return tuple(words)


def _unquoted_operator(text: str) -> str | None:
    quote = ""
    escaped = False
    for index, letter in enumerate(text):
        if escaped:
            escaped = False
        elif letter == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in _OPERATORS:
            return (
                text[index : index + 2] if text[index : index + 2] in ("&&", "||", ">>") else letter
            )
    return None


def read_code(root: Table, context: ReadContext, places: Places) -> CodeSpec:
    """Where the code lies. The command line's package path wins over `code.root`."""
    field = root.get("code")
    table = field.table() if field else None
    if table is None:
        return CodeSpec(root=code_root(context))
    table.refuse_unknown(keys.CODE)
    written = table.get("root")
    folder = written.words("a folder") if written else None
    if context.package_path is not None or folder is None:
        folder = code_root(context)
    else:
        places.put("code.root", written)
    exclude, link = table.get("exclude"), table.get("link")
    return CodeSpec(
        root=None if folder is None else context.absolute(folder),
        exclude=(exclude.texts("a list of patterns") if exclude else None) or (),
        link=_links(link) if link else (),
    )


def _links(field: Field) -> tuple[str, ...]:
    links = []
    for item in field.items("a list of paths") or ():
        path = item.words("a path below the code's root")
        if path is not None and (path.startswith("/") or ".." in path.split("/")):
            item.error(f"must be a path below the code's root, got {path!r}")
        elif path is not None:
            links.append(path)
    return tuple(links)
