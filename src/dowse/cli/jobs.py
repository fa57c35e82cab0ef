"""`dowse jobs …`: what jobs there are, and the removal of one."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dowse.cli import options, words
from dowse.cli.clients import has_data, is_owned, looking, require_data
from dowse.cli.following import is_at_rest
from dowse.cli.terminal import print_document, say, tell
from dowse.domain.job import JobState

if TYPE_CHECKING:
    from dowse.config import Settings

Document = dict[str, Any]


def list_jobs(
    *,
    state: Annotated[
        list[JobState] | None,
        typer.Option("--state", metavar="S", help="Only these; may be repeated."),
    ] = None,
    filter_: options.Filter = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """All jobs, the newest first."""
    settings = options.settings_for(data_dir)
    jobs: list[Document] = []
    worked_on = is_owned(settings)
    if has_data(settings):
        with looking(settings) as client:
            jobs = client.jobs(states=[one.value for one in state or ()], filter=filter_)
    if as_json:
        print_document({"jobs": jobs})
    elif not jobs:
        say("no such jobs" if state or filter_ else "no jobs yet")
    else:
        say(words.table(["job", "state", "reason", "created"], [_row(job) for job in jobs], ""))
        if not worked_on:
            tell_abandoned(jobs, settings)


def tell_abandoned(jobs: list[Document], settings: Settings) -> None:
    """A job whose owner was killed is still `running`; say that it goes nowhere."""
    for job in jobs:
        if not is_at_rest(job):
            again = options.how_to(settings, f"resume {shlex.quote(job['name'])}")
            tell(f"{job['name']} is {job['state']} and nobody works on it: {again}")


def _row(job: Document) -> list[str]:
    return [
        job["name"],
        job["state"],
        words.reason(job["reason"]),
        words.moment(job["created_at"]),
    ]


def delete_job(
    job: options.JobName, *, as_json: options.Json = False, data_dir: options.DataDir = None
) -> None:
    """Remove a job that is over or paused, with its trials and logs. Job directories stay."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with looking(settings) as client:
        client.delete(job)
    if as_json:
        print_document({"deleted": job})
    else:
        say(f"{job} is deleted")
