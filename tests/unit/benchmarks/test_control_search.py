"""A search over a table, worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from benchmarks.control import search
from benchmarks.control.configurations import AtRandom, ByTheEngine, Known, configurations_of
from benchmarks.control.curves import Table
from benchmarks.control.searching import Scale, Search, scale_of
from dowse.stopping.halving import asha
from dowse.stopping.protocol import StoppingRule

NAN = float("nan")


class InOrder:
    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.known: list[dict[int, float]] = []

    def choose(self, known: Mapping[int, Known]) -> int | None:
        self.known.append({row: one.value for row, one in known.items()})
        return len(known) if len(known) < self.rows else None


def searched(values: list[list[float]], rule: StoppingRule | None) -> tuple[Search, InOrder]:
    chooser = InOrder(len(values))
    made = Search(values=np.array(values), rule=rule, chooser=chooser)
    return made, chooser


def test_without_a_rule_the_budget_is_that_of_twenty_whole_trainings() -> None:
    made, _ = searched([[1.0, 1.0 - row / 100] for row in range(30)], None)
    found = made.run()
    assert (found.row, found.trials) == (19, 20)


def test_a_table_that_is_used_up_ends_the_search() -> None:
    made, chooser = searched([[2.0, 1.0], [2.0, 3.0]], None)
    assert made.run().row == 0
    assert chooser.known == [{}, {0: 1.0}, {0: 1.0, 1: 3.0}]


def test_paused_trials_go_on_before_new_ones_begin() -> None:
    values = [[float(row), row / 10, row / 10, row / 10] for row in range(1, 7)]
    made, chooser = searched(values, asha(resume=True))
    made.run()
    # The first row of three is promoted as soon as the third has come, and waits on the next rung.
    assert chooser.known[3] == {0: 0.1, 1: 2.0, 2: 3.0}


def test_the_best_of_a_search_is_the_one_whose_last_observed_value_is() -> None:
    made, _ = searched([[0.1, 9.0], [0.5, 0.5]], asha())
    assert made.run().row == 1


def test_a_training_that_diverges_does_not_eat_up_the_budget() -> None:
    values = [[0.5] * 9, *([NAN] * 9 for _ in range(40))]
    made, _ = searched(values, asha())
    assert made.run().trials == 41


def test_a_score_is_a_share_of_what_random_search_misses() -> None:
    scale = Scale(finals=np.array([1.0, 2.0, 3.0, 9.0, np.inf]), typical=3.0)
    assert [scale.score(row) for row in range(5)] == [0.0, 0.5, 1.0, 2.0, 2.0]


def test_what_random_search_finds_is_the_best_of_twenty_as_a_rule() -> None:
    finals = np.arange(100.0)
    assert 2.0 <= scale_of(finals).typical <= 5.0
    assert scale_of(finals[:20]).typical == 0.0


@pytest.fixture
def table(tmp_path: Path) -> Table:
    about = [
        {"name": "lr", "type": "DOUBLE", "lo": 0.001, "hi": 1.0, "log": True},
        {"name": "depth", "type": "INTEGER", "lo": 1, "hi": 6, "log": False},
        {"name": "loss", "type": "CATEGORICAL", "values": ["a", "b"]},
    ]
    rng = np.random.default_rng(0)
    rows = [
        {"lr": float(10 ** rng.uniform(-3, 0)), "depth": int(rng.integers(1, 7)), "loss": "a"}
        for _ in range(60)
    ]
    values = rng.random((60, 5))
    path = tmp_path / "gbm_small.npz"
    configs = np.array([json.dumps(row) for row in rows])
    np.savez(path, loss=values, configs=configs, space=json.dumps(about))
    return Table(name="gbm_small/loss", values=values, path=path)


def test_the_engine_asks_for_rows_that_nobody_has_until_none_is_left(table: Table) -> None:
    configurations = configurations_of(table)
    assert configurations.nearest(configurations.values[7], set()) == 7
    assert configurations.nearest(configurations.values[7], {7}) != 7
    chooser = ByTheEngine(configurations, 0)
    known: dict[int, Known] = {}
    for _ in range(6):
        row = chooser.choose(known)
        assert row is not None
        assert row not in known
        known[row] = Known(value=float(table.values[row, -1]))
    assert chooser.choose(dict.fromkeys(range(60), Known(value=1.0))) is None


def test_random_order_has_every_row_once() -> None:
    chooser = AtRandom(12, 3)
    assert sorted(chooser.choose({}) or 0 for _ in range(12)) == list(range(12))
    assert chooser.choose({}) is None


@pytest.mark.parametrize("name", sorted(search.RULES))
def test_every_rule_of_the_suite_can_be_made_for_a_table(table: Table, name: str) -> None:
    rule = search.rule_for(search.RULES[name], table)
    assert (rule is None) is (name == "no rule")
    setting = search.Setting(
        who="random search", tables=[table], choosing=lambda _, seed: AtRandom(60, seed), seeds=2
    )
    made = search.rows_of(name, search.RULES[name], setting)
    assert [row.name for row in made] == [
        f"{name}, random search (2 searches): score",
        f"{name}, random search (2 searches): trials begun",
    ]
    assert 0.0 <= made[0].value <= 2.0
    assert (made[0].goal is None) is (name != "ASHA that pauses")
