"""`dowse submit`: a job that runs without this terminal."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from dowse.cli import options
from dowse.cli.clients import connected
from dowse.cli.earlier import previous_in
from dowse.cli.forms import file_and_name
from dowse.cli.terminal import print_document, say

if TYPE_CHECKING:
    from dowse.cli.jobfile import JobFile
    from dowse.config import Settings


def submit(
    file: options.File = None,
    *,
    config: options.Config = None,
    module_name: options.ModuleName = None,
    package_path: options.PackagePath = None,
    job_dir: options.JobDir = None,
    name: options.Name = None,
    seed: options.Seed = None,
    python: options.Python = None,
    dialect: options.Dialect = None,
    learn_from: options.LearnFrom = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    data_dir: options.DataDir = None,
    arguments: Annotated[list[str] | None, typer.Option(hidden=True)] = None,
) -> None:
    """Begin the job of FILE in the background and return at once.

    What follows -- is handed to the program.
    """
    from dowse.cli.jobfile import load_job_file

    settings = options.settings_for(data_dir, python=python)
    file, name = file_and_name(file, config, name)
    job_file = load_job_file(
        file,
        dialect=dialect,
        name=name,
        seed=seed,
        module_name=module_name,
        package_path=package_path,
        job_dir=job_dir,
        python=settings.python,
        arguments=tuple(arguments or ()),
        environments=settings.environments,
        quotas=settings.quotas,
        learn_from=learn_from,
        previous=previous_in(settings),
        elsewhere=settings.url is not None,
    )
    leave_running(job_file, settings, as_json=as_json, quiet=quiet)


def leave_running(job_file: JobFile, settings: Settings, *, as_json: bool, quiet: bool) -> None:
    """Hand a job to the present owner, or to one that stays behind in the background."""
    from dowse import wiring

    job_file.check(quiet=quiet)
    wiring.start_background_owner(settings, environ=options.own_environment())
    with connected(settings) as client:
        name = client.submit(job_file.request())["job"]["name"]
        if as_json:
            print_document(client.job(name))
            return
    quoted = shlex.quote(name)
    say(f"{name} runs in the background")
    say(f"Watch it: {options.how_to(settings, f'watch {quoted}')}")
    say(f"Pause it: {options.how_to(settings, f'pause {quoted}')}")
