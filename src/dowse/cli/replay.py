"""`dowse replay`: whether a job's log leads to what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import typer

from dowse.cli import options, words
from dowse.cli.clients import looking, require_data
from dowse.cli.exits import ExitCode
from dowse.cli.terminal import print_document, printable, say

Document = dict[str, Any]


def replay(
    job: options.JobName, *, as_json: options.Json = False, data_dir: options.DataDir = None
) -> None:
    """Derive every suggestion and stop again from the log, and compare them with it."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with looking(settings) as client:
        checks = client.replay(job)
    if as_json:
        print_document({"job": job, "checks": checks})
    else:
        for line in replay_lines(checks):
            say(printable(line))
    if any(each["agreement"] == "differs" for each in checks):
        raise typer.Exit(ExitCode.FAILED)


def replay_lines(checks: Sequence[Document]) -> Iterator[str]:
    if not checks:
        yield "nothing was decided by a suggester or a rule"
        return
    rows = [
        [str(each["trial"]), each["decision"], _verdict(each), words.short(each["message"])]
        for each in checks
    ]
    yield from words.table(["trial", "decision", "verdict", ""], rows).splitlines()
    yield ""
    yield _summary(checks)


def _verdict(check: Document) -> str:
    match check["agreement"]:
        case "drift":
            return f"drift of {check['drift']:.2g}"
        case "uncheckable":
            return "not checkable"
        case agreement:
            return str(agreement)


def _summary(checks: Sequence[Document]) -> str:
    counts = Counter(each["agreement"] for each in checks)
    parts = [
        f"{counts[name]} {said}"
        for name, said in (
            ("equal", "equal"),
            ("drift", "with drift"),
            ("differs", "different"),
            ("uncheckable", "not checkable"),
        )
        if counts[name]
    ]
    return f"{words.counted(len(checks), 'decision')}: {', '.join(parts)}"
