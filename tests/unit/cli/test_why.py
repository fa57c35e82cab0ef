from typing import Any

import pytest

from dowse.cli.why import account

BAYESIAN: dict[str, Any] = {
    "algorithm": "bayesian",
    "acquisition": "confidence bound",
    "value": 1.25,
    "predicted": {"mean": 0.5, "low": 0.25, "high": 0.75},
    "neighbours": [
        {"trial": 3, "distance": 0.125, "value": 0.61},
        {"trial": 1, "distance": 0.5, "value": None},
    ],
}


def test_a_choice_of_the_model_is_told_with_all_its_numbers() -> None:
    assert list(account(BAYESIAN)) == [
        "Chosen by: bayesian, confidence bound 1.25",
        "  expected 0.5, with 95 % between 0.25 and 0.75",
        "  nearest trials, with their distance in lengthscales: "
        "3 (0.61, 0.125 away), 1 (no value, 0.5 away)",
    ]


@pytest.mark.parametrize(
    ("why", "line"),
    [
        ({"algorithm": "random", "index": 4}, "Chosen by: random, index 4"),
        (
            {"algorithm": "bayesian", "acquisition": "initial design"},
            "Chosen by: bayesian, initial design",
        ),
        ({"mine": {"a": 1.5, "b": [1, 2]}}, "Chosen by: mine (a 1.5, b [1, 2])"),
        ({**BAYESIAN, "predicted": {"mean": None}, "neighbours": []}, None),
    ],
)
def test_whatever_a_suggester_says_is_shown(why: dict[str, Any], line: str | None) -> None:
    assert list(account(why)) == [line or "Chosen by: bayesian, confidence bound 1.25"]


def test_what_is_added_to_the_account_is_shown_too() -> None:
    (first, *_) = account({**BAYESIAN, "because": "few trials"})
    assert first == "Chosen by: bayesian, confidence bound 1.25, because few trials"
