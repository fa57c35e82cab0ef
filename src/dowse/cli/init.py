"""`dowse init`: a commented job file to start from."""

from __future__ import annotations

from enum import Enum
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from dowse.cli.terminal import say
from dowse.errors import InvalidInput, Problem


class Form(Enum):
    NATIVE = "native"
    AI_PLATFORM = "ai-platform"


DEFAULT_NAMES = {Form.NATIVE: "dowse.yaml", Form.AI_PLATFORM: "hptuning_config.yaml"}
HOW_TO_RUN = {
    Form.NATIVE: "dowse run {}",
    Form.AI_PLATFORM: "dowse run {} --module-name trainer.task --package-path trainer",
}


def init(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to write it.", show_default=False)
    ] = None,
    *,
    dialect: Annotated[Form, typer.Option("--dialect", help="Which form.")] = Form.NATIVE,
) -> None:
    """Write a sample job file to edit. An existing file is never replaced."""
    path = file or Path(DEFAULT_NAMES[dialect])
    try:
        with path.open("x", encoding="utf-8") as output:
            output.write(sample(dialect))
    except FileExistsError:
        raise _refused(path, "exists; give another name") from None
    except OSError as error:
        raise _refused(path, f"cannot be written: {error.strerror}") from None
    say(f"{path} is written; edit it, then:")
    say(f"  dowse validate {path}")
    say(f"  {HOW_TO_RUN[dialect].format(path)}")


def sample(dialect: Form) -> str:
    name = f"{dialect.value.replace('-', '_')}.yaml"
    return files("dowse.cli").joinpath("samples", name).read_text(encoding="utf-8")


def _refused(path: Path, message: str) -> InvalidInput:
    return InvalidInput([Problem(path=str(path), message=message)])
