"""The forms of a job as people name them on the command line."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from dowse.dialects import starters
from dowse.errors import InvalidInput


class Form(Enum):
    NATIVE = "native"
    AI_PLATFORM = "ai-platform"
    OPENBAYES = "openbayes"
    AZURE_ML = "azure-ml"

    @property
    def dialect(self) -> str:
        return self.value.replace("-", "_")

    @classmethod
    def _missing_(cls, value: object) -> Form | None:
        """`AI_Platform` is `ai-platform`."""
        other = str(value).lower().replace("_", "-")
        return next((form for form in cls if form.value == other), None)


USUAL_NAMES = {form: starters.USUAL_NAMES[form.dialect] for form in Form}
"""What job files are called: a folder with one of them needs no name on the command line."""


def form_of(text: str) -> Form:
    """What an option names. Raises BadParameter with the forms that there are."""
    try:
        return Form(text)
    except ValueError:
        import typer

        known = ", ".join(form.value for form in Form)
        raise typer.BadParameter(f"there is no form {text!r}; there are {known}") from None


def usual_file() -> str:
    """The job file of the present folder, by its usual name. Raises InvalidInput unless one is."""
    found = [name for name in USUAL_NAMES.values() if Path(name).is_file()]
    if len(found) == 1:
        return found[0]
    names = ", ".join(found or USUAL_NAMES.values())
    several = f"there are {names} here" if found else f"there is none of {names} here"
    raise InvalidInput(f"which job file? {several}; name one, or write one with dowse init")


def one_at_most(**given: bool) -> None:
    """Raises InvalidInput where options are given that exclude each other."""
    both = [option for option, is_given in given.items() if is_given]
    if len(both) > 1:
        raise InvalidInput(f"{' and '.join(both)} cannot be given together; keep one of them")


def file_and_name(file: str | None, config: str | None, name: str | None) -> tuple[str, str | None]:
    """Which file is meant, and the job's name: `JOB --config FILE` is gcloud's order.

    Raises InvalidInput where two names or no file are meant.
    """
    if name == "":
        raise InvalidInput(
            "--name: is empty; leave it out, and the job gets the file's name and time"
        )
    if config is None:
        return file or usual_file(), name
    if file is not None and name is not None:
        raise InvalidInput(f"with --config, {file!r} is the job's name, and --name is {name!r} too")
    return config, file or name
