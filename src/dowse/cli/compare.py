"""`dowse jobs compare`: jobs side by side."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Any

import typer

from dowse.cli import options, words
from dowse.cli.clients import looking, require_data
from dowse.cli.savings import amount_words, money
from dowse.cli.terminal import print_document, printable, say

Document = dict[str, Any]
COLUMNS = (
    *("job", "state", "trials", "seconds", "amount", "ml_units", "metric", "goal"),
    *("best_trial", "parameters", "best", "worst", "comment"),
)


def compare_jobs(
    jobs: Annotated[list[str], typer.Argument(metavar="JOB...", help="The names of jobs.")],
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
    as_json: options.Json = False,
    data_dir: options.DataDir = None,
) -> None:
    """Jobs side by side: trials, cost, best parameters, best, worst, comment."""
    settings = options.settings_for(data_dir)
    require_data(settings, jobs[0])
    with looking(settings) as client:
        found = client.compare(jobs)
    if as_json:
        print_document(found)
    elif as_csv:
        say(csv_text(found).rstrip("\r\n"))
    else:
        for line in table_lines(found):
            say(printable(line))


def table_lines(found: Document) -> list[str]:
    rows = found["jobs"]
    metrics = {(row["metric"], row["goal"]) for row in rows}
    named = f"{rows[0]['metric']}" if len(metrics) == 1 else "metric"
    header = ["job", "trials", "cost", "best parameters", f"best {named}", f"worst {named}"]
    drawn = [_row(row, found["currency"]) for row in rows]
    lines = words.table([*header, "comment"], drawn, "").splitlines()
    if len(metrics) > 1:
        said = "; ".join(f"{row['job']}: {row['goal']} {row['metric']}" for row in rows)
        lines += ["", f"the jobs have different metrics, so best and worst do not compare: {said}"]
    return lines


def _row(row: Document, currency: str) -> list[str]:
    parameters = row["parameters"]
    return [
        row["job"],
        str(row["trials"]),
        _cost(row, currency),
        "-" if parameters is None else words.parameters(parameters),
        _value(row["best"]),
        _value(row["worst"]),
        row["comment"],
    ]


def _cost(row: Document, currency: str) -> str:
    """As the blog of the original writes it: ML units, and money in brackets."""
    if row["amount"] is None:
        return words.duration(row["seconds"])
    amount = money(row["amount"], currency)
    return amount if row["ml_units"] is None else f"{amount_words(row['ml_units'])} ({amount})"


def _value(value: Any) -> str:
    return "-" if value is None else words.short(words.number(value))


def csv_text(found: Document) -> str:
    """A table for spreadsheets: one column for each fact, the parameters in one."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*COLUMNS, "currency"])
    for row in found["jobs"]:
        shown = {**row, "parameters": words.parameters(row["parameters"] or {})}
        writer.writerow([*(shown[name] for name in COLUMNS), found["currency"]])
    return text.getvalue()
