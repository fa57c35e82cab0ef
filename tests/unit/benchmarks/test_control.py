"""What the figures of control are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.control import curves, ledger, policies, replays, stopping_peers
from benchmarks.control.curves import Table
from benchmarks.control.replays import Replayed, Ruled
from benchmarks.peers.replaying import replay
from dowse.domain.metrics import Goal
from dowse.service.running.controls import is_control
from dowse.stopping.protocol import Curve, Standing, Verdict


class Stops:
    """A policy that stops the trials it was told to at the reports it was told."""

    def __init__(self, at: dict[int, int] | None = None) -> None:
        self.at = at or {}
        self.seen: list[tuple[int, int, float]] = []
        self.completed: list[int] = []

    def report(self, trial: int, step: int, value: float) -> bool:
        self.seen.append((trial, step, value))
        return self.at.get(trial) == step

    def complete(self, trial: int) -> None:
        self.completed.append(trial)


def test_trials_report_in_turns_and_a_free_place_goes_to_the_next() -> None:
    policy = Stops({1: 1})
    given = replay([[1.0, 1.1], [2.0, 2.1], [3.0, 3.1]], 2, policy)
    assert given == [1, 2, 2]
    assert policy.seen == [(1, 1, 1.0), (2, 1, 2.0), (2, 2, 2.1), (3, 1, 3.0), (3, 2, 3.1)]
    assert policy.completed == [2, 3]


def test_a_stop_at_the_last_report_saves_nothing_and_ends_nothing_early() -> None:
    policy = Stops({1: 2})
    assert replay([[1.0, 1.1]], 1, policy) == [2]
    assert policy.completed == [1]


class Notes:
    def __init__(self) -> None:
        self.shown: list[tuple[Curve, list[Curve], Goal]] = []

    def decide(self, curve: Curve, others: Sequence[Curve], goal: Goal) -> Verdict:
        self.shown.append((curve, list(others), goal))
        return Verdict(stop=curve.trial == 2)


def test_a_rule_is_asked_as_the_service_asks_it() -> None:
    rule = Notes()
    ruled = Ruled(rule, Goal.MAXIMIZE)
    assert not ruled.report(1, 1, 0.5)
    assert not ruled.report(1, 2, math.nan)
    ruled.complete(1)
    assert ruled.report(2, 1, 0.25)
    assert not ruled.report(3, 1, 0.125)
    curve, others, goal = rule.shown[-1]
    assert (curve.trial, curve.values, goal) == (3, (-0.125,), Goal.MAXIMIZE)
    assert [(one.trial, one.values, one.standing) for one in others] == [
        (1, (-0.5,), Standing.COMPLETED),
        (2, (-0.25,), Standing.ENDED),
    ]
    assert len(rule.shown) == 3


def test_what_is_saved_is_a_share_of_all_reports_and_only_whole_trials_may_be_best() -> None:
    three = np.array([[4.0, 1.0], [3.0, 2.0], [9.0, 5.0]])
    whole = replays.outcome(three, [2, 2, 1])
    assert whole.saved == pytest.approx(1 / 6)
    assert whole.loss == 0.0
    assert replays.outcome(three, [1, 2, 2]).loss == pytest.approx(0.25)
    assert replays.outcome(three, [1, 1, 1]) == Replayed(saved=0.5, loss=1.0)


def test_the_range_of_finals_is_not_that_of_those_that_diverged() -> None:
    finals = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 1e18, math.inf])
    # Quartiles of the six finite ones: 1.25 and 3.75; the fence is at 7.5.
    assert curves.loss_of(0.75, finals) == pytest.approx(0.1)
    assert curves.loss_of(1e18, finals) == 1.0
    assert curves.loss_of(0.0, finals) == 0.0
    assert curves.loss_of(3.0, np.array([3.0, 3.0])) == 0.0


def test_a_job_draws_each_configuration_once_and_its_reports_evenly() -> None:
    values = np.add.outer(np.arange(4) * 100.0, np.arange(9.0))
    table = Table(name="t", values=values, path=Path("t"))
    drawn = curves.draw(table, 3, 5, np.random.default_rng(0))
    assert drawn.shape == (3, 5)
    assert len(set(drawn[:, 0])) == 3
    assert (drawn - drawn[:, :1]).tolist() == [[0.0, 2.0, 4.0, 6.0, 8.0]] * 3
    assert len(curves.draw(table, 100, 9, np.random.default_rng(0))) == 4


def test_the_rows_of_a_policy_hold_it_to_what_it_saves_and_to_how_often_it_loses() -> None:
    made = [Replayed(saved=0.6, loss=0.0)] * 9 + [Replayed(saved=0.5, loss=0.01)]
    saved, kept = policies.rows_of("auto", made)
    assert (saved.value, kept.value) == pytest.approx((0.59, 0.9))
    assert (saved.holds, kept.holds) == (True, False)
    assert [row.goal for row in policies.rows_of("bandit .1", made)] == [None, None]


# ---------------------------------------------------------------------- the ledger


class Condemns:
    """A policy that condemns every trial but the first at its second report, and says it once."""

    def report(self, trial: int, step: int, value: float) -> bool:
        return trial > 1 and step >= 2

    def complete(self, trial: int) -> None:
        pass


def test_a_condemned_trial_is_stopped_or_runs_on_as_the_seed_has_it() -> None:
    job = ledger._job(ledger._COIN, 3)
    policy = ledger.Controlled(Condemns(), job)
    given = replay([[1.0] * 5] * 40, 4, policy)
    assert given == [5 if n == 1 or is_control(job, n) else 2 for n in range(1, 41)]
    assert policy.condemned == dict.fromkeys(range(2, 41), 2)
    assert set(given[1:]) == {2, 5}


def test_the_truth_is_told_by_all_condemned_trials_and_the_interval_holds_it() -> None:
    rng = np.random.default_rng(1)
    curves = np.cumsum(rng.normal(size=(100, 8)), axis=1)
    found = [ledger.audited(curves, None, seed) for seed in range(20)]
    assert any(each.truth > 0 for each in found)
    assert all(0 < each.found.judged < 40 for each in found)
    assert sum(each.holds for each in found) >= 18
    first, *_ = ledger.rows_of("a coin", found)
    assert first.holds is True
    assert first.name.startswith("ledger, a coin (20 jobs with controls): share whose interval")


def _made(saved: float, kept: int) -> list[Replayed]:
    return [Replayed(saved=saved, loss=0.0 if job < kept else 0.5) for job in range(10)]


def test_what_is_saved_at_equal_loss_lies_between_two_settings() -> None:
    front = [_made(0.5, 10), _made(0.7, 8)]
    row = policies.row_beside("Peer", _made(0.55, 9), front)
    assert row.value == pytest.approx(0.6)
    assert row.holds is True
    assert row.peer == "Peer 0.550, best kept in 90.0% of jobs"
    assert policies.row_beside("Peer", _made(0.75, 5), front).value == pytest.approx(0.7)
    assert policies.row_beside("Peer", _made(0.75, 5), front).holds is False


def test_a_record_of_other_jobs_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping_peers, "RECORDED", tmp_path / "peers.json")
    drawn = [np.ones((2, 3)), np.zeros((2, 3))]
    assert stopping_peers.recorded("optuna-median", drawn) is None
    made = [Replayed(saved=0.5, loss=0.0), Replayed(saved=0.25, loss=0.125)]
    monkeypatch.setattr(stopping_peers, "replay_with", lambda *_: (made, "5.0.0"))
    stopping_peers.record("optuna-median", drawn)
    assert stopping_peers.recorded("optuna-median", drawn) == made
    assert stopping_peers.recorded("optuna-median", drawn[::-1]) is None
    assert stopping_peers.recorded("optuna-halving", drawn) is None
