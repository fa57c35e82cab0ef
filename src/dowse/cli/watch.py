"""`dowse watch`: the display of a job on which somebody else works."""

from __future__ import annotations

import typer

from dowse.cli import options
from dowse.cli.clients import connected, looking, require_data
from dowse.cli.exits import code_of_job
from dowse.cli.following import Follower, Rest, is_at_rest
from dowse.cli.foreground import choose_display
from dowse.cli.summary import show_summary
from dowse.cli.terminal import print_document, tell
from dowse.errors import Unavailable


def watch(
    job: options.JobName,
    *,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    data_dir: options.DataDir = None,
) -> None:
    """Watch a job until it rests. Ctrl-C ends the watching, not the job."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    rest: Rest | None = None
    try:
        with connected(settings) as client:
            seen = client.progress(job)["last_event"]
            display = choose_display(quiet=quiet)
            try:
                rest = Follower(job, seen=seen).until_rest(client, display)
            finally:
                display.close()
    except KeyboardInterrupt:
        tell(f"{job} goes on")
        return
    except Unavailable:
        pass  # Nobody works here, or the one who did has left: the store knows how it ended.
    if rest is None:
        with looking(settings) as client:
            rest = Rest(job=client.job(job), progress=client.progress(job), spec=client.spec(job))
    if not is_at_rest(rest.job):
        again = options.how_to(settings, f"resume {job}")
        raise Unavailable(f"{job} is {rest.job['state']} and nobody works on it: {again}")
    if as_json:
        print_document(rest.job)
    else:
        show_summary(rest, settings)
    raise typer.Exit(code_of_job(rest.job["state"]))
