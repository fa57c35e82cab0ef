"""`dowse extend`: more trials of a job that is over, perhaps in other ranges."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from dowse.cli import options
from dowse.cli.terminal import print_document, say, tell, tell_problems
from dowse.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dowse.config import Settings
    from dowse.domain.parameters import Value
    from dowse.sdk.client import Client
    from dowse.wire.requests import ExtendRequest


def extend(
    job: options.JobName,
    *,
    trials: Annotated[
        int, typer.Option("--trials", metavar="N", min=1, help="How many further trials.")
    ],
    ranges: Annotated[
        list[str] | None,
        typer.Option("--range", metavar="P=R", help="Another range: nembeds=3..30, heads=2,4,8."),
    ] = None,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="P=R", help="A new parameter: dropout=0.0..0.5."),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="P", help="A parameter that is tuned no more."),
    ] = None,
    fixed: Annotated[
        list[str] | None,
        typer.Option("--fixed", metavar="P=V", help="What earlier trials had of a new parameter."),
    ] = None,
    parallel: Annotated[
        int | None, typer.Option("--parallel", metavar="N", min=1, help="Trials at once.")
    ] = None,
    name: options.Name = None,
    seed: options.Seed = None,
    detach: options.Detach = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    data_dir: options.DataDir = None,
) -> None:
    """Go on with a job that is over: a new job, for which the earlier trials are results."""
    from dowse.cli.clients import require_data
    from dowse.cli.foreground import stay
    from dowse.cli.run import finish
    from dowse.wire.requests import ExtendRequest

    settings = options.settings_for(data_dir)
    request = ExtendRequest(
        trials=trials,
        parallel=parallel,
        name=name,
        seed=seed,
        ranges=dict(_pairs("--range", ranges)),
        add=dict(_pairs("--add", add)),
        remove=tuple(remove or ()),
        fixed={each: _value(text) for each, text in _pairs("--fixed", fixed)},
        environment=dict(options.own_environment()),
    )
    require_data(settings, job)
    if detach:
        _leave_running(settings, job, request, as_json=as_json, quiet=quiet)
        return

    def begin(client: Client) -> tuple[str, int]:
        return _extended(client, job, request, quiet=quiet), 0

    finish(stay(settings, begin, quiet=quiet), settings, as_json=as_json)


def _leave_running(
    settings: Settings, job: str, request: ExtendRequest, *, as_json: bool, quiet: bool
) -> None:
    from dowse import wiring
    from dowse.cli.clients import connected

    wiring.start_background_owner(settings, environ=options.own_environment())
    with connected(settings) as client:
        made = _extended(client, job, request, quiet=True)
        if as_json:
            print_document(client.job(made))
            return
    say(f"{made} runs in the background")
    say(f"Watch it: {options.how_to(settings, f'watch {shlex.quote(made)}')}")


def _extended(client: Client, job: str, request: ExtendRequest, *, quiet: bool) -> str:
    from dowse.wire.documents import problem_from_json

    answer = client.extend(job, request)
    made: str = answer["job"]["name"]
    if not quiet:
        tell_problems([problem_from_json(each) for each in answer["warnings"]])
        tell(f"job {made} goes on with {job}")
    return made


def _pairs(option: str, given: Sequence[str] | None) -> list[tuple[str, str]]:
    found = []
    for each in given or ():
        name, equals, text = each.partition("=")
        if not equals or not name.strip() or not text.strip():
            example = {"--fixed": "dropout=0.1"}.get(option, "nembeds=3..30")
            message = f"must be NAME=… such as {example}, got {each!r}"
            raise InvalidInput([Problem(path=option, message=message)])
        found.append((name.strip(), text.strip()))
    return found


def _value(text: str) -> Value:
    from dowse.dialects.scalars import meaning

    value = meaning(text)
    return text if value is None else value
