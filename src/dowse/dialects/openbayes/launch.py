"""What an OpenBayes job starts: its command, its root parameters, its data bindings."""

from __future__ import annotations

from collections.abc import Sequence as AnySequence

from dowse.dialects.literals import literal
from dowse.dialects.located import Mapping, Sequence
from dowse.dialects.openbayes.schema import check_keys
from dowse.dialects.protocol import ReadContext
from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.shell_text import command_text, program_of
from dowse.domain.spec import Argv, Literal, Program, Shell

_BINDINGS = ("data_bindings", "data_binding", "bindings")
_TYPES = {"ro": "ro", "rw": "rw"}


def read_program(root: Table, context: ReadContext, names: AnySequence[str]) -> Program | None:
    """The document's command, to which `--name=value` is appended for each of `names`.

    Without one, the words after `--` are the command, as they are for `bayes gear run`.
    """
    field = root.get("command")
    if field is None:
        if context.arguments:
            return Argv(tuple(word.replace("${", "$${") for word in context.arguments))
        root.error(
            "says nothing about the program to run: write `command: python main.py`, give the "
            "command after --, or name a module with --module-name"
        )
        return None
    if isinstance(field.node, Sequence):
        words = field.texts("a list of words") or ()
        if not words:
            field.error("must hold at least the program, got no word")
            return None
        return Argv(tuple(word.replace("${", "$${") for word in (*words, *context.arguments)))
    text = command_text(field)
    program = program_of(text, field, appended=names) if text is not None else None
    if isinstance(program, Shell) and context.job_dir is not None:
        program = Shell(f'{program.text} "--job-dir=${{DOWSE_JOB_DIR}}"')
    if program is None or not context.arguments:
        return program
    if not isinstance(program, Argv):
        field.error("is text for a shell and takes no further arguments; put them into the text")
        return None
    more = (word.replace("${", "$${") for word in context.arguments)
    return Argv((*program.words, *more))


def read_constants(root: Table, places: Places) -> dict[str, Literal]:
    """The root's `parameters`: they give way to tuned ones of the same name."""
    field = root.get("parameters")
    table = field.table("a mapping of names to values") if field else None
    constants = {}
    for name, value in table or ():
        places.put(f"constants.{name}", value)
        made = literal(value)
        if made is not None:
            constants[name] = made
    return constants


def read_bindings(root: Table) -> None:
    """Nothing is fetched: the program finds at the path what this machine has there."""
    given = [key for key in _BINDINGS if root.get(key)]
    if len(given) > 1:
        root.error_at(given[1], f"and {given[0]} cannot both be given; keep one of them")
    for key in given[:1]:
        field = root.get(key)
        for item in (field.items("a list of bindings") if field else None) or ():
            _binding(item)


def _binding(item: Field) -> None:
    if isinstance(item.node, Mapping):
        table = Table(item.node, item.path, item.log)
        check_keys(table, "Binding")
        data = table.required("data", "the data, such as openbayes/mnist/1")
        path = table.required("path", "where the program finds it, such as /input0")
        kind = table.get("type")
        if kind:
            kind.choice(_TYPES)
        source, target = data.words() if data else None, path.words() if path else None
    else:
        text = item.words("a binding such as openbayes/mnist/1:/input0")
        source, _, target = (text or "").partition(":")
        if text is not None and not (source and target):
            item.error(f"must be a binding such as openbayes/mnist/1:/input0, got {item.node}")
    if source and target:
        target = target.partition(":")[0]
        item.warn(f"is not fetched: {source} must lie at {target} on this machine")
