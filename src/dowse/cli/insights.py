"""`dowse jobs importance`, `dependence` and `convergence`: what the finished trials say."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dowse.cli import options, words
from dowse.cli.clients import looking, require_data
from dowse.cli.terminal import print_document, printable, say

if TYPE_CHECKING:
    from dowse.sdk.client import Client

Document = dict[str, Any]
WIDTH = 30
"""Letters of the longest bar."""

Metric = Annotated[
    str | None,
    typer.Option(
        "--metric", metavar="M", help="Another metric that the job asks for than the first."
    ),
]


def show_importance(
    job: options.JobName,
    *,
    method: Annotated[
        str,
        typer.Option("--method", metavar="M", help="auto, ped-anova or sobol."),
    ] = "auto",
    metric: Metric = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """Which parameters matter, the most important first."""
    with _asking(job, data_dir) as client:
        found = client.importance(job, method=method, metric=metric)
    _tell(found, importance_lines(found), as_json=as_json)


def importance_lines(found: Document) -> Iterator[str]:
    failed = f", {found['failed']} of them without a finite result" if found["failed"] else ""
    trials = words.counted(found["trials"], "trial")
    yield f"for {found['metric']}, by {found['method']} from {trials}{failed}"
    yield f"({found['reason']})"
    yield ""
    shown = found["parameters"]
    modelled = found["method"] == "sobol"
    rows = [
        [
            each["name"],
            *([f"{each['first']:.2f}", f"{each['total']:.2f}"] if modelled else []),
            f"{100 * each['share']:.1f}",
            f"{100 * each['low']:.0f} to {100 * each['high']:.0f}",
            bar(each["share"], 0.0, 1.0),
        ]
        for each in shown
    ]
    indices = ["alone", "in all"] if modelled else []
    yield from words.table(["parameter", *indices, "share %", "95 %", ""], rows).splitlines()
    if not any(each["share"] for each in shown):
        yield ""
        yield "no parameter stands out from chance"


def show_dependence(
    job: options.JobName,
    parameter: Annotated[str, typer.Argument(metavar="PARAM", help="The name of a parameter.")],
    other: Annotated[
        str | None, typer.Argument(metavar="[PARAM2]", help="A second one, for both together.")
    ] = None,
    *,
    metric: Metric = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """How the metric depends on a parameter, or on two, the others averaged out."""
    names = [parameter] if other is None else [parameter, other]
    with _asking(job, data_dir) as client:
        found = client.dependence(job, *names, metric=metric)
    _tell(found, dependence_lines(found, found["metric"]), as_json=as_json)


def dependence_lines(found: Document, metric: str) -> Iterator[str]:
    names = " and ".join(found["parameters"])
    trials = words.counted(found["trials"], "trial")
    yield f"{metric} by {names}, as {trials} tell; the other parameters averaged out"
    yield ""
    table = _curve(found, metric) if len(found["axes"]) == 1 else _plane(found)
    yield from table.splitlines()


def _curve(found: Document, metric: str) -> str:
    """One row for each value, its bar between the lowest and the highest mean."""
    means = [words.number(point["mean"]) for point in found["points"] if point["mean"] is not None]
    low, high = min(means, default=0.0), max(means, default=0.0)
    rows = []
    for point in found["points"]:
        if point["mean"] is None:
            rows.append([words.short(point["values"][0]), "-", "-", ""])
            continue
        mean = words.number(point["mean"])
        interval = f"{_number(point['low'])} to {_number(point['high'])}"
        rows.append([_number(point["values"][0]), _number(mean), interval, bar(mean, low, high)])
    return words.table([found["parameters"][0], metric, "95 %", ""], rows)


def _plane(found: Document) -> str:
    """The means: rows by the first parameter, columns by the second."""
    first, second = found["axes"]
    means = [_number(point["mean"]) for point in found["points"]]
    rows = [
        [_number(value), *means[i * len(second) : (i + 1) * len(second)]]
        for i, value in enumerate(first)
    ]
    corner = " \\ ".join(found["parameters"])
    return words.table([corner, *(_number(value) for value in second)], rows)


def _number(value: Any) -> str:
    """Four digits: more is beyond what a model knows."""
    if isinstance(value, float):
        return f"{value:.4g}"
    return words.short(value)


def bar(value: float, low: float, high: float) -> str:
    """The place of a value between two ends, as a length."""
    share = 1.0 if high <= low else (value - low) / (high - low)
    return _block() * round(WIDTH * min(max(share, 0.0), 1.0))


def _block() -> str:
    """A full block where the output can say it."""
    try:
        "█".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return "#"
    return "█"


def show_convergence(
    job: options.JobName,
    *,
    tolerance: Annotated[
        float | None,
        typer.Option("--tolerance", metavar="T", help="A gain that is not worth a trial."),
    ] = None,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """Whether the search has found what there is to find, and what more trials would bring."""
    with _asking(job, data_dir) as client:
        found = client.convergence(job, tolerance=tolerance)
    _tell(found, convergence_lines(found), as_json=as_json)


def convergence_lines(found: Document) -> Iterator[str]:
    yield f"{words.reason(found['verdict'])}: {found['message']}"
    rows = _forecast_rows(found["forecast"])
    if rows:
        yield ""
        yield "what the model expects, and no more than an order of magnitude:"
        yield ""
        header = ["more trials", "mean gain", "chance of more than the tolerance"]
        yield from words.table(header, rows).splitlines()


def _forecast_rows(forecast: Sequence[Document]) -> list[list[str]]:
    return [
        [str(each["trials"]), _number(each["gain"]), f"{100 * each['chance']:.0f} %"]
        for each in forecast
    ]


@contextlib.contextmanager
def _asking(job: str, data_dir: Path | None) -> Iterator[Client]:
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with looking(settings) as client:
        yield client


def _tell(found: Document, lines: Iterator[str], *, as_json: bool) -> None:
    """Print the document as it came, or as lines for people."""
    if as_json:
        print_document(found)
        return
    for line in lines:
        say(printable(line))
