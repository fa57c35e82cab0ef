"""Which module runs, and where its code lies: `--module-name` and `--package-path`."""

from __future__ import annotations

import os.path
import re

from dowse.dialects.protocol import ReadContext
from dowse.dialects.reader import Field, Log
from dowse.domain.spec import PythonModule

_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z")

HOW_TO_NAME_A_PROGRAM = "give --module-name trainer.task --package-path trainer"


def code_root(context: ReadContext) -> str | None:
    """The folder that holds the package; the job file's folder when no package is named."""
    if context.package_path is None:
        return context.folder
    return os.path.dirname(os.path.normpath(context.absolute(context.package_path)))


def python_module(
    field: Field | None, context: ReadContext, log: Log, arguments: tuple[str, ...] = ()
) -> PythonModule | None:
    """The module of the command line, else of the document; None when neither names one."""
    name = context.module_name
    if name is None and field is not None:
        name = field.words("the dotted name of a module, such as trainer.task")
    if name is None:
        return None
    if not _MODULE.match(name):
        stem = re.sub(r"\.py\Z", "", name).strip("./").replace("/", ".")
        hint = f"; did you mean {stem}?" if _MODULE.match(stem) else ""
        message = f"must be the dotted name of a module, such as trainer.task, got {name!r}{hint}"
        if context.module_name is not None or field is None:
            log.add("--module-name", message, None)
        else:
            field.error(message)
        return None
    return PythonModule(name, (*arguments, *context.arguments))
