"""The judge of the kill figures is itself judged: each planted fault must be found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.foundation.verdict import Attempt, Ended, Start, Tally, faults_of
from benchmarks.foundation.witness import STEPS, exit_code, last_line, line_at, value_at

FINE_X, FAILING_X = 0.123457, 0.5
LOG = "".join(f"{line_at(FINE_X, step)}\n" for step in range(1, STEPS + 1))


def attempt(x: float = FINE_X, **parts: Any) -> Attempt:
    log = "".join(f"{line_at(x, step)}\n" for step in range(1, STEPS + 1)) + f"{last_line(x)}\n"
    steps = tuple(range(1, STEPS + 1))
    whole: dict[str, Any] = {
        "starts": (Start(x=x, reported=steps, ended=exit_code(x)),),
        "log": log,
        "stored": tuple((step, value_at(x, step)) for step in steps),
        "was_killed": False,
    }
    return Attempt(**{**whole, **parts})


def cut(**parts: Any) -> Attempt:
    """An attempt whose runner was killed after its third report, of which two are told."""
    whole: dict[str, Any] = {
        "starts": (Start(x=FINE_X, reported=(1, 2), ended=None),),
        "log": LOG[: len(LOG) // 3],
        "stored": tuple((step, value_at(FINE_X, step)) for step in (1, 2, 3)),
        "was_killed": True,
    }
    return Attempt(**{**whole, **parts})


NEVER = Attempt(starts=(), log="", stored=(), was_killed=False)
"""The owner was killed between the promise to start it and the deed."""


def trial(*attempts: Attempt, x: float = FINE_X, **parts: Any) -> Ended:
    code = exit_code(x)
    numbered: Mapping[int, Attempt] = dict(enumerate(attempts or (attempt(x),), start=1))
    whole: dict[str, Any] = {
        "number": 1,
        "state": "failed" if code else "succeeded",
        "reason": "nonzero_exit" if code else None,
        "exit_code": code,
        "x": x,
        "attempts": numbered,
        "endings": 1,
    }
    return Ended(**{**whole, **parts})


def lost(*attempts: Attempt, **parts: Any) -> Ended:
    return trial(*attempts, **{"state": "failed", "reason": "lost", "exit_code": None, **parts})


@pytest.mark.parametrize(
    "sound",
    [
        trial(),
        trial(x=FAILING_X),
        trial(cut(), attempt()),
        lost(cut(), cut()),
        lost(cut(starts=(), log="", stored=())),
        trial(attempt(was_killed=True)),
        trial(NEVER, attempt()),
    ],
)
def test_a_sound_trial_has_no_faults(sound: Ended) -> None:
    assert exit_code(FINE_X) == 0 < exit_code(FAILING_X)
    assert list(faults_of(sound)) == []


@pytest.mark.parametrize(
    ("faulty", "words"),
    [
        (trial(endings=2), "it ended 2 times"),
        (trial(endings=0), "it ended 0 times"),
        (trial(exit_code=7), "should be succeeded with 0"),
        (trial(x=FAILING_X, state="succeeded", exit_code=0), "should be failed with"),
        (lost(attempt()), "though nobody killed its runner"),
        (lost(cut(), exit_code=0), "a lost trial is failed and has no exit code"),
        (trial(attempt(), attempt()), "it was repeated, though nobody killed its runner"),
        (trial(attempt(starts=attempt().starts * 2)), "its program was started 2 times"),
        (trial(attempt(starts=())), "its program never came to its end"),
        (lost(NEVER), "though nobody killed its runner"),
        (trial(cut(was_killed=False)), "its program did not come to its end"),
        (trial(cut()), "its program never came to its end"),
        (trial(attempt(log=LOG)), "its log is not what its program printed"),
        (trial(cut(log="other"), attempt()), "its log holds what its program did not print"),
        (trial(attempt(stored=attempt().stored[:-1])), "measurements are lost: steps [12]"),
        (trial(attempt(stored=attempt().stored * 2)), "stored twice or in disorder"),
        (trial(attempt(stored=((1, 0.0), *attempt().stored[1:]))), "with other values: [(1, 0.0)]"),
        (
            trial(attempt(starts=(replace(attempt().starts[0], x=0.9),))),
            "its program was given 0.9",
        ),
        (trial(attempts={}), "its program was never started"),
    ],
)
def test_every_fault_is_found_and_named(faulty: Ended, words: str) -> None:
    assert any(words in fault for fault in faults_of(faulty)), list(faults_of(faulty))


def test_a_tally_misses_no_trial_and_counts_what_it_saw() -> None:
    tally = Tally()
    tally.add("digits", [trial(), lost(cut(), cut(), number=2)], wanted=2)
    assert tally.faults == []
    assert (tally.trials, tally.lost_trials, tally.killed_runners) == (2, 1, 2)
    assert tally.measurements == STEPS + 6
    tally.add("again", [trial(endings=0)], wanted=2)
    assert tally.faults == [
        "again: trials 1 to 2 are wanted, there are [1]",
        "again trial 1: it ended 0 times",
    ]
