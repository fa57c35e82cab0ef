"""`dowse init`: a commented job file to start from, in the form of any service."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dowse.cli import options
from dowse.cli.forms import USUAL_NAMES, Form, form_of
from dowse.cli.terminal import print_document, say
from dowse.dialects.starters import starter
from dowse.errors import InvalidInput, Problem

PROGRAM = {Form.AI_PLATFORM: " --module-name trainer.task --package-path trainer"}
"""What the command line must add where a form leaves the program to it."""


def init(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to write it.", show_default=False)
    ] = None,
    *,
    form: Annotated[
        Form,
        typer.Option(
            "--dialect",
            metavar="D",
            parser=form_of,
            help="native, ai-platform, openbayes or azure-ml.",
        ),
    ] = Form.NATIVE,
    as_json: options.Json = False,
) -> None:
    """Write a sample job file to edit. An existing file is never replaced."""
    path = file or Path(USUAL_NAMES[form])
    try:
        with path.open("x", encoding="utf-8") as output:
            output.write(sample(form))
    except FileExistsError:
        raise _refused(path, "exists; give another name") from None
    except OSError as error:
        raise _refused(path, f"cannot be written: {error.strerror}") from None
    if as_json:
        print_document({"file": str(path), "dialect": form.dialect})
        return
    say(f"{path} is written; edit it, then:")
    say(f"  dowse validate {path}")
    say(f"  dowse run {path}{PROGRAM.get(form, '')}")


def sample(form: Form) -> str:
    return starter(form.dialect)


def _refused(path: Path, message: str) -> InvalidInput:
    return InvalidInput([Problem(path=str(path), message=message)])
