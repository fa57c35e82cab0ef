"""`dowse jobs show`: one job on a page, as one document, or in the form of any service."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from dowse.cli import options
from dowse.cli.clients import is_owned, looking, require_data
from dowse.cli.following import Rest
from dowse.cli.forms import Form, form_of
from dowse.cli.jobs import tell_abandoned
from dowse.cli.terminal import print_document
from dowse.cli.words import status_of

Document = dict[str, Any]


def show_job(
    job: options.JobName,
    *,
    form: Annotated[
        Form | None,
        typer.Option(
            "--as",
            metavar="D",
            parser=form_of,
            help="Print its document: native, ai-platform, openbayes or azure-ml.",
        ),
    ] = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """One job: what was asked for, how it stands, its trials, where everything lies."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    worked_on = is_owned(settings)
    with looking(settings) as client:
        spec = client.spec(job)
        if form is not None:
            from dowse.cli.rendered import show_rendered
            from dowse.wire.spec import spec_from_json

            show_rendered(spec_from_json(spec), form, as_json=as_json)
            return
        document, kin = client.job(job), client.lineage(job)
        if as_json:
            print_document({**_with_status(document, spec["dialect"]), "lineage": kin})
            return
        from dowse.cli.job_page import show_page

        show_page(Rest(job=document, progress=client.progress(job), spec=spec), kin)
    if not worked_on:
        tell_abandoned([document], settings)


def _with_status(document: Document, dialect: str) -> Document:
    """With the words of the service that the job was written for."""
    status = status_of(document, dialect)
    said = {"name": status.name, "english": status.english}
    return {**document, "dialect": dialect, "status": said}
