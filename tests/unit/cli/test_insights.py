import io
import sys
from typing import Any

import pytest

from dowse.cli.insights import bar, convergence_lines, dependence_lines, importance_lines


def one(name: str, share: float, **more: Any) -> dict[str, Any]:
    return {"name": name, "share": share, "low": share / 2, "high": 1.0, "trials": 9, **more}


@pytest.fixture(autouse=True)
def _block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))


def test_importance_is_a_table_of_bars() -> None:
    parameters = [one("lr", 0.8, first=0.7, total=0.9), one("heads", 0.2, first=0.05, total=0.25)]
    told = {"method": "sobol", "reason": "because", "trials": 9, "failed": 2}
    found = {"metric": "loss", **told}
    assert list(importance_lines({**found, "parameters": parameters})) == [
        "for loss, by sobol from 9 trials, 2 of them without a finite result",
        "(because)",
        "",
        "  parameter  alone  in all  share %  95 %",
        "  lr          0.70    0.90     80.0  40 to 100  " + "█" * 24,
        "  heads       0.05    0.25     20.0  10 to 100  " + "█" * 6,
    ]


def test_importance_by_density_has_no_indices_and_says_when_nothing_stands_out() -> None:
    parameters = [one("lr", 0.0, first=None, total=None)]
    told = {"method": "ped-anova", "reason": "asked for", "trials": 1, "failed": 0}
    found = {"metric": "loss", **told}
    lines = list(importance_lines({**found, "parameters": parameters}))
    assert lines[0] == "for loss, by ped-anova from 1 trial"
    assert "alone" not in lines[3]
    assert lines[-1] == "no parameter stands out from chance"


def point(values: list[Any], mean: float | None) -> dict[str, Any]:
    low, high = (None, None) if mean is None else (mean - 1, mean + 1)
    return {"values": values, "mean": mean, "low": low, "high": high}


def test_the_dependence_on_one_parameter_is_a_curve_of_bars() -> None:
    points = [point([0.001], 1.0), point([0.01], None), point([0.1], 2.0)]
    found = {"parameters": ["lr"], "axes": [[0.001, 0.01, 0.1]], "points": points, "trials": 5}
    assert list(dependence_lines(found, "loss"))[2:] == [
        "     lr  loss  95 %",
        "  0.001     1  0 to 2",
        "   0.01     -  -",
        "    0.1     2  1 to 3  " + "█" * 30,
    ]


def test_the_dependence_on_two_is_a_table_with_gaps_where_nothing_exists() -> None:
    points = [point([k, v], None if (k, v) == ("a", 2) else v / 8) for k in "ab" for v in (1, 2)]
    found = {"parameters": ["k", "v"], "axes": [["a", "b"], [1, 2]], "points": points, "trials": 5}
    assert list(dependence_lines(found, "loss")) == [
        "loss by k and v, as 5 trials tell; the other parameters averaged out",
        "",
        "  k \\ v      1     2",
        "  a      0.125     -",
        "  b      0.125  0.25",
    ]


def test_convergence_is_a_sentence_and_a_forecast() -> None:
    found = {
        "verdict": "too_early",
        "message": "3 results are too few to say: at least 20 are needed",
        "forecast": [{"trials": 10, "gain": 0.25, "chance": 0.5}],
    }
    lines = list(convergence_lines(found))
    assert lines[0] == "too early: 3 results are too few to say: at least 20 are needed"
    assert lines[-1].split() == ["10", "0.25", "50", "%"]
    assert len(list(convergence_lines({**found, "forecast": []}))) == 1


@pytest.mark.parametrize(("value", "length"), [(0.0, 0), (1.0, 30), (0.5, 15), (7.0, 30)])
def test_a_bar_has_the_length_of_its_value(value: float, length: int) -> None:
    assert len(bar(value, 0.0, 1.0)) == length


def test_an_output_of_few_letters_gets_plain_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert bar(1.0, 0.0, 1.0) == "#" * 30
    assert bar(3.0, 3.0, 3.0) == "#" * 30
