"""`dowse advice`: what to do about a job, from its document and from what its trials say."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dowse.cli import options, words
from dowse.cli.clients import looking, require_data
from dowse.cli.terminal import print_document, printable, say

Document = Mapping[str, Any]

_TITLES = {
    "spec": "How it is set up",
    "range": "Where it looked",
    "importance": "What matters",
    "trust": "Which result to trust",
    "forecast": "Whether to go on",
}


def show_advice(
    job: options.JobName,
    *,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """What to do about a job: ranges, parameters, which result to trust, whether to go on."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with looking(settings) as client:
        found = client.advice(job)
    if as_json:
        print_document(found)
        return
    for line in advice_lines(found, job):
        say(printable(line))


def advice_lines(found: Document, job: str) -> Iterator[str]:
    """The sentences under their titles, then the tables behind them."""
    advice = found["advice"]
    if not advice:
        yield "no advice: nothing stands out"
    for kind, title in _TITLES.items():
        chosen = [each for each in advice if each["kind"] == kind]
        if chosen:
            yield f"{title}:"
            yield from (f"  {_sentence(each)}" for each in chosen)
    yield from _ranges(found["ranges"], job)
    yield from _forecast(found["forecast"], found["currency"])


def _sentence(one: Document) -> str:
    return f"{one['about']} {one['message']}" if one["about"] else str(one["message"])


def _ranges(proposals: Sequence[Document], job: str) -> Iterator[str]:
    changed = [each for each in proposals if each["change"] != "keep"]
    if not changed:
        return
    rows = [
        [each["parameter"], _range(each["now"]), _range(each["suggested"]), each["change"]]
        for each in changed
    ]
    yield ""
    yield from words.table(["parameter", "now", "suggested", ""], rows).splitlines()
    sure = [f"{each['parameter']}={each['suggested']['text']}" for each in changed if each["sure"]]
    if sure:
        ranges = " ".join(f"--range {shlex.quote(text)}" for text in sure)
        yield f"  Go on there: dowse extend {shlex.quote(job)} --trials 10 {ranges}"


def _range(one: Document) -> str:
    if one["values"] is not None:
        return ", ".join(words.short(value) for value in one["values"])
    scale = "" if one["scale"] == "linear" else f" {one['scale']}"
    return f"{one['min']:g} to {one['max']:g}{scale}"


def _forecast(forecast: Sequence[Document], currency: str) -> Iterator[str]:
    if not forecast:
        return
    rows = [
        [
            str(each["trials"]),
            f"{each['gain']:.3g}",
            f"{100 * each['chance']:.0f} %",
            "-" if each["running_s"] is None else words.duration(round(each["running_s"])),
            "-" if each["cost"] is None else f"{each['cost']:.2f}",
        ]
        for each in forecast
    ]
    header = ["more trials", "expected gain", "chance", "running time", currency]
    yield ""
    yield from words.table(header, rows).splitlines()
