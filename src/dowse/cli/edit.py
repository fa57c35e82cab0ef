"""`dowse jobs edit`: other limits for a job while it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from dowse.cli import options
from dowse.cli.clients import looking, require_data
from dowse.cli.terminal import print_document, say
from dowse.errors import InvalidInput, Problem


def edit_job(
    job: options.JobName,
    *,
    trials: Annotated[
        int | None, typer.Option("--trials", metavar="N", help="Trials in all, old ones included.")
    ] = None,
    parallel: Annotated[
        int | None, typer.Option("--parallel", metavar="N", min=1, help="Trials at once.")
    ] = None,
    max_failed: Annotated[
        int | None,
        typer.Option("--max-failed", metavar="N", help="Failed trials that end it; 0 for none."),
    ] = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """Change limits of a job that is not over. Running trials go on, whatever the new limits."""
    given = {"trials": trials, "parallel": parallel, "failed": max_failed}
    changes = {name: one for name, one in given.items() if one is not None}
    if not changes:
        message = "say what to change: --trials N, --parallel N or --max-failed N"
        raise InvalidInput([Problem(path="", message=message)])
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with looking(settings) as client:
        found = client.edit(job, **changes)
    if as_json:
        print_document(found)
        return
    limits = found["limits"]
    if limits is None:
        say(f"{job} stays as it is")
        return
    shown = [
        f"{name} {limit}" if limit is not None else f"no limit of {name}"
        for name, limit in limits.items()
    ]
    say(f"{job} goes on with {', '.join(shown)}")
