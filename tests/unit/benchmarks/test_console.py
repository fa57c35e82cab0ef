"""What the figures of the console are made of."""

from __future__ import annotations

import random

from benchmarks.console.browsing import late, middle
from benchmarks.console.peer import lines
from benchmarks.console.studies import drawn, study


def test_the_late_ones_of_many_frames_are_told_beside_the_middle() -> None:
    times = [16.0] * 95 + [50.0] * 5
    assert (middle(times), late(times), late([16.0, *times, 50.0])) == (16.0, 16.0, 50.0)


def test_a_study_has_eight_parameters_and_trials_within_their_ranges() -> None:
    spec = study(10).spec
    assert spec is not None
    trial = drawn(random.Random(0))
    assert list(trial) == list(spec.space.names)
    assert len(trial) == 8
    spec.space.validate(trial)


def test_the_peer_gets_as_many_trials_and_always_the_same() -> None:
    assert len(set(lines(50))) == 50
    assert list(lines(50)) == list(lines(50))
