"""`dowse savings`: what early stopping saved a job, and how often it was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dowse.cli import options, words
from dowse.cli.clients import looking, require_data
from dowse.cli.terminal import print_document, printable, say

Document = dict[str, Any]
SHOWN = 20
"""Stopped trials that are listed; the document has all."""


def show_savings(
    job: options.JobName, *, as_json: options.Json = False, data_dir: options.DataDir = None
) -> None:
    """What early stopping saved a job, and how often it was wrong, by its controls."""
    settings = options.settings_for(data_dir)
    require_data(settings, job)
    with looking(settings) as client:
        found = client.savings(job)
    if as_json:
        print_document(found)
        return
    for line in savings_lines(found):
        say(printable(line))


def savings_lines(found: Document) -> Iterator[str]:
    yield _headline(found)
    if found["totals"]:
        yield ""
        header = ["rule", "stopped", "reports", "steps", "time", "cost"]
        rows = [_total(each, found["currency"]) for each in found["totals"]]
        yield from words.table(header, rows).splitlines()
        yield ""
        header = ["trial", "rule", "reports", "of", "by", "time saved", "cost saved"]
        shown = found["stopped"][:SHOWN]
        rows = [_stopped(each, found["currency"]) for each in shown]
        yield from words.table(header, rows).splitlines()
        if len(found["stopped"]) > SHOWN:
            yield f"  … and {len(found['stopped']) - SHOWN} more (--json has all)"
    yield ""
    yield from _audit(found["audit"], found["currency"])


def _headline(found: Document) -> str:
    spent = f"{words.counted(found['spent_reports'], 'report')} and "
    spent += f"{words.duration(found['spent_seconds'])} spent"
    if not found["totals"]:
        return f"no trial was stopped early; {spent}"
    if found["share"] is None:
        return f"what the stopped trials would have taken is not known; {spent}"
    return f"{100 * found['share']:.1f} % of all reports saved; {spent}"


def _total(each: Document, currency: str) -> list[str]:
    return [
        each["rule"],
        str(each["stopped"]),
        words.short(each["reports"]),
        words.short(each["steps"]) if each["steps"] else "-",
        words.duration(each["seconds"]),
        money(each["amount"], currency),
    ]


_BASIS = {
    "equal": "all that ended by themselves",
    "median": "the median of those that ended by themselves",
    "longest": "the longest trial, at least",
    "unknown": "unknown",
}


def _stopped(each: Document, currency: str) -> list[str]:
    expected, seconds = each["expected"], each["saved_seconds"]
    known = expected["basis"] != "unknown"
    return [
        str(each["trial"]),
        each["rule"],
        str(each["reports"]),
        words.short(expected["reports"]) if known else "-",
        _BASIS[expected["basis"]],
        "-" if seconds is None else words.duration(seconds),
        money(each["saved_amount"], currency),
    ]


def _audit(audit: Document, currency: str) -> Iterator[str]:
    yield audit["message"]
    if not audit["controls"]:
        return
    cost = "" if audit["amount"] is None else f", {money(audit['amount'], currency)}"
    more = [f"{audit[name]} {name}" for name in ("open", "failed") if audit[name]]
    yield (
        f"{words.counted(audit['controls'], 'control')}"
        f"{' (' + ', '.join(more) + ')' if more else ''}: {100 * audit['share']:g} % of the "
        f"condemned trials run on; after their verdict they took "
        f"{words.counted(audit['reports'], 'report')} and {words.duration(audit['seconds'])}{cost}"
    )


def money(amount: float | None, currency: str) -> str:
    """Cents, and more digits where there are no whole cents."""
    if amount is None:
        return "-"
    return f"{amount_words(amount)} {currency}"


def amount_words(amount: float) -> str:
    return f"{amount:.2f}" if amount >= 0.1 or amount == 0 else f"{amount:.2g}"


def cost_words(cost: Document) -> str:
    """`1.98 USD (4.06 ML units), 1h00m of running time`."""
    time = f"{words.duration(cost['seconds'])} of running time"
    if cost["amount"] is None:
        return f"{time}; no price is known of {cost['machine'] or 'this machine'}"
    units = "" if cost["ml_units"] is None else f" ({amount_words(cost['ml_units'])} ML units)"
    return f"{money(cost['amount'], cost['currency'])}{units}, {time}"
