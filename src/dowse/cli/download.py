"""`dowse download`: the best trial's outputs and the job's own log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dowse.cli import options, words
from dowse.cli.clients import looking, require_data
from dowse.cli.logs import line
from dowse.cli.terminal import print_document, say, tell

if TYPE_CHECKING:
    from dowse.sdk.client import Client
    from dowse.sdk.downloads import Download

JOB_LOG = "job.log"


def download(
    job: options.JobName,
    *,
    output_name: Annotated[
        str | None,
        typer.Option("--output-name", metavar="NAME", help="Only this output of the trial."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All named outputs too, with logs.")
    ] = False,
    download_path: Annotated[
        Path, typer.Option("--download-path", "-p", metavar="DIR", help="Where to put it.")
    ] = Path(),
    trial: Annotated[
        int | None,
        typer.Option("--trial", metavar="N", min=1, help="This trial instead of the best."),
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    data_dir: options.DataDir = None,
) -> None:
    """Save what the best trial left: its artifacts and log, or its named outputs."""
    from dowse.sdk import downloads

    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with looking(settings) as client:
        found = downloads.download(
            client,
            job,
            to=download_path,
            output_name=output_name,
            everything=everything,
            trial=trial,
            on_file=(lambda path: None) if quiet else (lambda path: tell(str(path))),
        )
        files = [*found.files, *_job_log(client, found, wanted=output_name is None)]
    if found.elsewhere is not None:
        tell(f"the trial's job directory is {found.elsewhere}; what lies there is not copied")
    if as_json:
        document = {"job": job, "trial": found.trial, "files": [str(path) for path in files]}
        print_document({**document, "elsewhere": found.elsewhere})
        return
    count = words.counted(len(files), "file")
    say(f"{count} of trial {found.trial} of {job} in {download_path.absolute()}")


def _job_log(client: Client, found: Download, *, wanted: bool) -> list[Path]:
    """The events as people read them, beside those for programs."""
    from dowse.sdk.downloads import OF_THE_JOB

    if not wanted:
        return []
    path = found.folder / OF_THE_JOB / JOB_LOG
    seen = 0
    with path.open("w", encoding="utf-8") as file:
        while batch := client.events(found.job, after=seen):
            file.writelines(line(event) + "\n" for event in batch)
            seen = batch[-1]["number"]
    return [path]
