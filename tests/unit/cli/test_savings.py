from typing import Any

from dowse.cli.compare import csv_text, table_lines
from dowse.cli.savings import cost_words, money, savings_lines

AUDIT: dict[str, Any] = {
    "share": 0.05,
    "controls": 0,
    "judged": 0,
    "wrong": 0,
    "open": 0,
    "failed": 0,
    "rate": None,
    "low": 0.0,
    "high": 1.0,
    "reports": 0,
    "seconds": 0.0,
    "amount": None,
    "message": "nobody knows",
}
NOTHING: dict[str, Any] = {
    "job": "digits",
    "currency": "USD",
    "spent_reports": 100,
    "spent_seconds": 61.0,
    "spent_amount": None,
    "share": None,
    "totals": [],
    "audit": AUDIT,
    "stopped": [],
}


def test_a_job_that_stopped_nothing_says_so() -> None:
    assert list(savings_lines(NOTHING)) == [
        "no trial was stopped early; 100 reports and 1m01s spent",
        "",
        "nobody knows",
    ]


def test_the_account_has_totals_trials_and_what_the_controls_say() -> None:
    total = {
        "rule": "auto",
        "stopped": 2,
        "reports": 50.0,
        "steps": 0.0,
        "seconds": 75.0,
        "amount": 1.25,
        "ml_units": None,
        "unknown": 1,
    }
    first = {
        "trial": 3,
        "rule": "auto",
        "reports": 10,
        "expected": {"reports": 60.0, "step": 0.0, "basis": "median", "trials": 4},
        "saved_seconds": 75.0,
        "saved_amount": 1.25,
    }
    second = {
        **first,
        "trial": 4,
        "expected": {"reports": 10.0, "step": 0.0, "basis": "unknown", "trials": 0},
        "saved_seconds": None,
        "saved_amount": None,
    }
    audit = {**AUDIT, "controls": 3, "open": 1, "reports": 40, "seconds": 60.0, "amount": 1.0}
    found = {
        **NOTHING,
        "share": 1 / 3,
        "totals": [total],
        "stopped": [first, second],
        "audit": audit,
    }
    assert list(savings_lines(found)) == [
        "33.3 % of all reports saved; 100 reports and 1m01s spent",
        "",
        "  rule  stopped  reports  steps  time   cost",
        "  auto        2       50      -  1m15s  1.25 USD",
        "",
        f"  trial  rule  reports  of  {'by':44}  time saved  cost saved",
        "      3  auto       10  60  the median of those that ended by themselves  1m15s       "
        "1.25 USD",
        f"      4  auto       10   -  {'unknown':44}  -           -",
        "",
        "nobody knows",
        "3 controls (1 open): 5 % of the condemned trials run on; after their verdict they took "
        "40 reports and 1m00s, 1.00 USD",
    ]


def test_money_has_cents_and_more_digits_where_there_are_none() -> None:
    assert [money(amount, "EUR") for amount in (None, 0.0, 12.0, 0.104, 0.00123)] == [
        "-",
        "0.00 EUR",
        "12.00 EUR",
        "0.10 EUR",
        "0.0012 EUR",
    ]


def test_a_cost_without_a_price_is_a_running_time() -> None:
    cost = {
        "machine": "STANDARD_1",
        "currency": "USD",
        "seconds": 3600.0,
        "amount": 1.988,
        "ml_units": 4.0571,
    }
    assert cost_words(cost) == "1.99 USD (4.06 ML units), 1h00m of running time"
    unknown = {**cost, "machine": None, "amount": None, "ml_units": None}
    assert cost_words(unknown) == "1h00m of running time; no price is known of this machine"


def row(job: str, **more: Any) -> dict[str, Any]:
    return {
        "job": job,
        "state": "succeeded",
        "metric": "rmse",
        "goal": "minimize",
        "trials": 40,
        "seconds": 60.0,
        "amount": 32.18,
        "ml_units": 65.67,
        "best_trial": 35,
        "parameters": {"nembeds": 3, "nnsize": 128},
        "best": 1.082,
        "worst": 2.112,
        "comment": "Isolated",
        **more,
    }


def test_jobs_stand_side_by_side_as_in_the_blog() -> None:
    unpriced = {"amount": None, "ml_units": None, "best": None, "worst": None, "parameters": None}
    found = {"currency": "USD", "jobs": [row("one"), row("two", comment="-", **unpriced)]}
    assert table_lines(found) == [
        "job  trials  cost               best parameters        best rmse  worst rmse  comment",
        "one      40  65.67 (32.18 USD)  nembeds=3  nnsize=128      1.082       2.112  Isolated",
        "two      40  1m00s              -                              -           -  -",
    ]


def test_jobs_of_different_metrics_are_not_passed_off_as_comparable() -> None:
    found = {"currency": "USD", "jobs": [row("one"), row("two", metric="acc", goal="maximize")]}
    lines = table_lines(found)
    assert "best metric" in lines[0]
    assert lines[-1] == (
        "the jobs have different metrics, so best and worst do not compare: "
        "one: minimize rmse; two: maximize acc"
    )


def test_the_table_for_spreadsheets_quotes_what_has_commas() -> None:
    text = csv_text({"currency": "USD", "jobs": [row("one", comment="random, twice")]})
    header, line = text.splitlines()
    assert header.startswith("job,state,trials,seconds,amount,ml_units,metric,goal,best_trial,")
    assert line.endswith('1.082,2.112,"random, twice",USD')
