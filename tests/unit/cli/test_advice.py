from __future__ import annotations

from typing import Any

from dowse.cli.advice import advice_lines
from dowse.cli.confirm import report_lines


def interval(low: float, high: float, scale: str = "linear") -> dict[str, Any]:
    text = f"{low!r}..{high!r}"
    return {"min": low, "max": high, "scale": scale, "values": None, "text": text}


def test_advice_is_sentences_under_titles_and_the_tables_behind_them() -> None:
    found = {
        "advice": [
            {"kind": "range", "about": "lr", "message": "can be narrowed to 1e-3 to 1e-2: so"},
            {"kind": "spec", "about": "limits.trials", "message": "allows 9 trials"},
            {"kind": "forecast", "about": "", "message": "10 more trials: expected gain 0.1"},
        ],
        "ranges": [
            {
                "parameter": "lr",
                "now": interval(1e-5, 0.1, "log"),
                "suggested": interval(1e-3, 1e-2, "log"),
                "change": "narrow",
                "sure": True,
            },
            {
                "parameter": "opt",
                "now": {"values": ["sgd", "adam"]},
                "suggested": {"values": ["sgd", "adam"]},
                "change": "keep",
            },
        ],
        "forecast": [
            {"trials": 10, "gain": 0.125, "chance": 0.4, "running_s": 90.0, "cost": 0.5},
            {"trials": 25, "gain": 0.25, "chance": 0.6, "running_s": None, "cost": None},
        ],
        "currency": "EUR",
    }
    assert list(advice_lines(found, "my job")) == [
        "How it is set up:",
        "  limits.trials allows 9 trials",
        "Where it looked:",
        "  lr can be narrowed to 1e-3 to 1e-2: so",
        "Whether to go on:",
        "  10 more trials: expected gain 0.1",
        "",
        "  parameter  now               suggested",
        "  lr         1e-05 to 0.1 log  0.001 to 0.01 log  narrow",
        "  Go on there: dowse extend 'my job' --trials 10 --range lr=0.001..0.01",
        "",
        "  more trials  expected gain  chance  running time   EUR",
        "           10          0.125  40 %    1m30s         0.50",
        "           25           0.25  60 %    -                -",
    ]


def test_without_anything_to_say_that_is_said() -> None:
    nothing = {"advice": [], "ranges": [], "forecast": [], "currency": "USD"}
    assert list(advice_lines(nothing, "j")) == ["no advice: nothing stands out"]


def entrant(trial: int, **fields: Any) -> dict[str, Any]:
    return {
        "trial": trial,
        "parameters": {"lr": 0.1},
        "searched": 0.5,
        "runs": 4,
        "failed": 0,
        "mean": 0.25,
        "low": 0.125,
        "high": 0.375,
        "chance": 0.75,
        "dropped": None,
        **fields,
    }


def test_a_report_is_a_verdict_and_a_row_for_each_configuration() -> None:
    found = {
        "message": "trial 3 is probably the best of 2",
        "name": "digits-confirm",
        "metric": "loss",
        "runs": 7,
        "budget": 8,
        "over": False,
        "entrants": [
            entrant(3),
            entrant(8, runs=3, failed=2, mean=None, low=None, high=None, chance=0.0, dropped=3),
        ],
    }
    assert list(report_lines(found)) == [
        "trial 3 is probably the best of 2",
        "7 of at most 8 runs by digits-confirm, and it goes on",
        "",
        "  trial  searched  loss  95 %            best  runs                       parameters",
        "      3       0.5  0.25  0.125 to 0.375  75 %  4                          lr=0.1",
        "      8       0.5     -  -               0 %   3 (2 failed)  out after 3  lr=0.1",
    ]
    assert len(list(report_lines({**found, "entrants": []}))) == 2
