"""Options that several commands share, and the settings that they lead to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dowse.errors import InvalidInput

if TYPE_CHECKING:
    from dowse.config import Settings


def _own_or_global(ctx: typer.Context, value: Path | None) -> Path | None:
    """`dowse --data-dir D jobs list` is `dowse jobs list --data-dir D`."""
    if value is not None or ctx.parent is None:
        return value
    given: Path | None = ctx.find_root().params.get("data_dir")
    return given


DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        help="Where everything durable lies (DOWSE_DATA_DIR).",
        callback=_own_or_global,
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Filter = Annotated[
    str | None,
    typer.Option(
        "--filter",
        metavar="EXPR",
        help="Only what it keeps: 'lr < 1e-2 and val_loss.min < 1.2' (docs/filters.md).",
    ),
]
Detach = Annotated[bool, typer.Option("--detach", help="Leave the job running in the background.")]
OpenInBrowser = Annotated[
    bool, typer.Option("--open", help="Open the job in a browser while it runs.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
File = Annotated[
    str | None,
    typer.Argument(
        metavar="FILE",
        help="A job file; - is standard input. Unset, the one of this folder, by its usual name.",
        show_default=False,
    ),
]


Config = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The job file, as gcloud has it; a word before is then the job's name.",
    ),
]


def _job_names(incomplete: str) -> list[str]:
    """For the shell's completion: what is typed may be the beginning of these."""
    try:
        names = os.listdir(settings_for().data_dir / "jobs")
    except (OSError, InvalidInput):
        return []
    return sorted(name for name in names if name.startswith(incomplete))


JobName = Annotated[
    str, typer.Argument(metavar="JOB", help="The name of a job.", autocompletion=_job_names)
]
Number = Annotated[int, typer.Argument(metavar="N", help="The number of a trial.", min=1)]
Name = Annotated[str | None, typer.Option("--name", metavar="N", help="The name of the job.")]
Seed = Annotated[int | None, typer.Option("--seed", metavar="S", help="Of all random choices.")]
Python = Annotated[
    str | None,
    typer.Option("--python", metavar="P", help="The interpreter of the trials (DOWSE_PYTHON)."),
]
ModuleName = Annotated[
    str | None,
    typer.Option("--module-name", metavar="M", help="The module to run, such as trainer.task."),
]
PackagePath = Annotated[
    str | None,
    typer.Option("--package-path", metavar="DIR", help="The package that holds the module."),
]
JobDir = Annotated[
    str | None,
    typer.Option(
        "--job-dir", metavar="DIR", help="Passed to each trial as --job-dir=DIR/<number>."
    ),
]
Dialect = Annotated[
    str | None,
    typer.Option(
        "--dialect",
        metavar="D",
        help="How to read the file: native, ai-platform, openbayes, azure-ml; unset, found out.",
        callback=lambda value: value and value.replace("-", "_"),
    ),
]


LearnFrom = Annotated[
    list[str] | None,
    typer.Option(
        "--learn-from",
        metavar="JOB",
        help="An earlier job to learn from; may be repeated. auto finds similar ones, off none.",
        show_default=False,
    ),
]


def settings_for(
    data_dir: Path | None = None, *, python: str | None = None, **given: Any
) -> Settings:
    """`given` are further settings of the command line; None is left to the file and environment.

    Raises InvalidInput for a setting that is wrong or unknown.
    """
    from dowse.config import load_settings

    return load_settings(os.environ, data_dir=data_dir, python=local_program(python), **given)


def local_program(python: str | None) -> str | None:
    """A path of the command line starts where the person stands; a bare name is looked up."""
    if python is None or "/" not in python:
        return python
    return os.path.abspath(os.path.expanduser(python))


def own_environment() -> Mapping[str, str]:
    return dict(os.environ)


def how_to(settings: Settings, command: str) -> str:
    """A command to type, with the data directory where the default would be another one."""
    from dowse.config import load_settings

    if load_settings(os.environ).data_dir == settings.data_dir:
        return f"dowse {command}"
    import shlex

    return f"dowse {command} --data-dir {shlex.quote(str(settings.data_dir))}"
