"""`dowse run` and `dowse resume`: a job in the foreground."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from dowse.cli import options
from dowse.cli.earlier import previous_in
from dowse.cli.exits import code_of_job
from dowse.cli.forms import file_and_name, one_at_most
from dowse.cli.terminal import print_document, tell
from dowse.errors import Refused

if TYPE_CHECKING:
    from dowse.cli.following import Rest
    from dowse.cli.jobfile import JobFile
    from dowse.config import Settings
    from dowse.sdk.client import Client


class ForProgram(TyperCommand):
    """A command whose words after `--` are the training program's."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own, found, words = _split(args)
        rest: list[str] = super().parse_args(ctx, own)
        ctx.params["arguments"] = words if found else []
        return rest

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "[-- ARGS...]"]


def _split(args: list[str]) -> tuple[list[str], bool, list[str]]:
    if "--" not in args:
        return args, False, []
    place = args.index("--")
    return args[:place], True, args[place + 1 :]


def run(
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
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the first trials and create nothing.")
    ] = False,
    preflight: Annotated[
        bool, typer.Option("--preflight", help="Only try one trial: does the metric arrive?")
    ] = False,
    detach: options.Detach = False,
    open_: options.OpenInBrowser = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    data_dir: options.DataDir = None,
    arguments: Annotated[list[str] | None, typer.Option(hidden=True)] = None,
) -> None:
    """Tune a program: run the job of FILE in the foreground.

    What follows -- is handed to the program. Ctrl-C pauses the job; dowse resume goes on with it.
    """
    from dowse.cli.jobfile import load_job_file

    one_at_most(**{"--dry-run": dry_run, "--preflight": preflight, "--detach": detach})
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
    if dry_run:
        from dowse.cli.dry_run import show_dry_run

        show_dry_run(job_file, settings, as_json=as_json)
    elif preflight:
        from dowse.cli.preflight import run_preflight

        raise typer.Exit(run_preflight(job_file, settings, as_json=as_json, quiet=quiet))
    elif detach:
        from dowse.cli.submit import leave_running

        leave_running(job_file, settings, as_json=as_json, quiet=quiet)
    else:
        finish(_run(job_file, settings, quiet=quiet, open_=open_), settings, as_json=as_json)


def resume(
    job: options.JobName,
    *,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    data_dir: options.DataDir = None,
) -> None:
    """Go on with a paused or interrupted job, or join one that runs."""
    from dowse.cli.clients import require_data
    from dowse.cli.foreground import stay

    settings = options.settings_for(data_dir)
    require_data(settings, job)

    began_s = time.time()

    def begin(client: Client) -> tuple[str, int]:
        seen = client.progress(job)["last_event"]
        try:
            client.resume(job, environment=options.own_environment())
        except Refused:
            # An owner that this command started may have found all trials done already.
            ended_s = client.progress(job)["job"]["ended_at"]
            if ended_s is None or ended_s < began_s:
                raise
        return job, seen

    finish(stay(settings, begin, quiet=quiet, job=job), settings, as_json=as_json)


def _run(job_file: JobFile, settings: Settings, *, quiet: bool, open_: bool) -> Rest:
    from dowse.cli.foreground import stay
    from dowse.cli.opening import show_job

    known = job_file.check(quiet=quiet)

    def begin(client: Client) -> tuple[str, int]:
        submitted: str = client.submit(job_file.request())["job"]["name"]
        if not quiet:
            tell(f"job {submitted}")
        if open_:
            show_job(client, submitted)
        return submitted, 0

    return stay(settings, begin, quiet=quiet, known_warnings=known)


def finish(rest: Rest, settings: Settings, *, as_json: bool) -> None:
    from dowse.cli.summary import show_summary

    if as_json:
        print_document(rest.job)
    else:
        show_summary(rest, settings)
    raise typer.Exit(code_of_job(rest.job["state"]))
