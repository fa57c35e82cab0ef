"""`dowse confirm`: the best configurations of a job again, under several seeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dowse.cli import options, words
from dowse.cli.exits import code_of_job
from dowse.cli.terminal import print_document, printable, say, tell

if TYPE_CHECKING:
    from dowse.config import Settings
    from dowse.sdk.client import Client
    from dowse.wire.advice import ConfirmForm

Document = Mapping[str, Any]


def confirm(
    job: options.JobName,
    *,
    top: Annotated[
        int, typer.Option("--top", metavar="N", help="How many configurations to run again.")
    ] = 5,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", help="Seeds for each; N times the top at most.")
    ] = 10,
    seed_flag: Annotated[
        str | None,
        typer.Option("--seed-flag", metavar="NAME", help="Also pass the seed as --NAME=SEED."),
    ] = None,
    parallel: Annotated[
        int | None, typer.Option("--parallel", metavar="N", min=1, help="Runs at once.")
    ] = None,
    name: options.Name = None,
    report: Annotated[
        bool, typer.Option("--report", help="Only show what an earlier confirmation found.")
    ] = False,
    detach: options.Detach = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    data_dir: options.DataDir = None,
) -> None:
    """Run the best configurations of a job again under several seeds, and say which is best.

    Each run has its seed in DOWSE_SEED. The clearly worse drop out early.
    """
    from dowse.cli.clients import looking, require_data
    from dowse.wire.advice import ConfirmForm
    from dowse.wire.base import read

    settings = options.settings_for(data_dir)
    require_data(settings, job)
    if report:
        with looking(settings) as client:
            _show(client.confirmation(job), as_json=as_json)
        return
    given: dict[str, Any] = {
        "top": top,
        "seeds": seeds,
        "seed_flag": seed_flag,
        "parallel": parallel,
        "name": name,
        "environment": dict(options.own_environment()),
    }
    request = read(ConfirmForm, given)
    if detach:
        _leave(settings, job, request, as_json=as_json)
    else:
        _stay(settings, job, request, as_json=as_json, quiet=quiet)


def _stay(
    settings: Settings, job: str, request: ConfirmForm, *, as_json: bool, quiet: bool
) -> None:
    from dowse.cli.clients import looking
    from dowse.cli.foreground import stay

    def begin(client: Client) -> tuple[str, int]:
        made: str = client.confirm(job, request)["name"]
        if not quiet:
            tell(f"job {made}")
        return made, 0

    rest = stay(settings, begin, quiet=quiet)
    with looking(settings) as client:
        _show(client.confirmation(rest.job["name"]), as_json=as_json)
    raise typer.Exit(code_of_job(rest.job["state"]))


def _leave(settings: Settings, job: str, request: ConfirmForm, *, as_json: bool) -> None:
    from dowse import wiring
    from dowse.cli.clients import connected

    wiring.start_background_owner(settings, environ=options.own_environment())
    with connected(settings) as client:
        made = client.confirm(job, request)
    if as_json:
        print_document(made)
        return
    say(f"{made['name']} runs in the background")
    say(f"Its report: {options.how_to(settings, f'confirm {job} --report')}")


def _show(found: Document, *, as_json: bool) -> None:
    if as_json:
        print_document(found)
        return
    for line in report_lines(found):
        say(printable(line))


def report_lines(found: Document) -> Iterator[str]:
    """The verdict, then one row for each configuration."""
    yield found["message"]
    left = "" if found["over"] else ", and it goes on"
    yield f"{found['runs']} of at most {found['budget']} runs by {found['name']}{left}"
    if not found["entrants"]:
        return
    rows = [
        [
            str(each["trial"]),
            _number(each["searched"]),
            _number(each["mean"]),
            "-" if each["low"] is None else f"{each['low']:.4g} to {each['high']:.4g}",
            f"{100 * each['chance']:.0f} %",
            _runs(each),
            "" if each["dropped"] is None else f"out after {each['dropped']}",
            words.parameters(each["parameters"]),
        ]
        for each in found["entrants"]
    ]
    header = ["trial", "searched", found["metric"], "95 %", "best", "runs", "", "parameters"]
    yield ""
    yield from words.table(header, rows).splitlines()


def _runs(one: Document) -> str:
    return f"{one['runs']} ({one['failed']} failed)" if one["failed"] else str(one["runs"])


def _number(value: Any) -> str:
    return "-" if value is None else f"{words.number(value):.4g}"
