"""A trial that somebody stops, on a fake clock over the real store."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from dowse.domain.lifecycle import advance_trial
from dowse.domain.reasons import Reason
from dowse.domain.trial import TrialState
from dowse.errors import Conflict, Refused
from dowse.service.jobs import Jobs
from tests.unit.service.running.test_loop import Owner


@pytest.fixture
def owner(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Owner]:
    caplog.set_level(logging.CRITICAL)
    found = Owner(tmp_path)
    yield found
    found.store.close()


def jobs(owner: Owner, woken: list[bool], store: Any = None) -> Jobs:
    nothing = cast(Any, None)  # Stopping a trial touches no folder.
    return Jobs(
        store=store or owner.store,
        workplace=nothing,
        folders=nothing,
        clock=owner.clock,
        wake=lambda: woken.append(True),
    )


def running(owner: Owner) -> int:
    """The number of a trial that runs."""
    job = owner.store.job("digits")
    while not (live := owner.store.trials(job.id, states=(TrialState.RUNNING,))):
        owner.loop.turn()
        owner.clock.time += 0.1
    return live[0].number


def test_the_loop_ends_a_trial_that_was_stopped_and_goes_on_with_the_job(owner: Owner) -> None:
    job = owner.submit("digits", trials=4, parallel=1)
    number = running(owner)
    woken: list[bool] = []
    stopping = jobs(owner, woken).stop_trial("digits", number)
    assert (stopping.state, stopping.reason) == (TrialState.STOPPING, Reason.USER)
    assert woken == [True]
    assert jobs(owner, woken).stop_trial("digits", number) == stopping
    owner.work(200)
    trials = owner.store.trials(job.id)
    stopped = trials[number - 1]
    assert (stopped.state, stopped.reason) == (TrialState.STOPPED, Reason.USER)
    assert stopped.message == "stopped on request"
    others = {trial.state for trial in trials if trial.number != number}
    assert others == {TrialState.SUCCEEDED}
    assert len(trials) == 4
    with pytest.raises(Refused, match=f"trial {number} of digits is stopped: it is over"):
        jobs(owner, woken).stop_trial("digits", number)


def test_an_owner_that_comes_later_ends_it_too(owner: Owner) -> None:
    job = owner.submit("digits", trials=1)
    number = running(owner)
    jobs(owner, []).stop_trial("digits", number)
    owner.restart()
    owner.work(200)
    assert owner.store.trials(job.id)[0].state is TrialState.STOPPED


def test_a_trial_that_moves_meanwhile_is_looked_at_again(owner: Owner) -> None:
    owner.submit("digits", trials=1)
    number = running(owner)

    class Moving:
        """The loop settles the trial just before the wish is written."""

        def __init__(self) -> None:
            self.moved = False

        def __getattr__(self, name: str) -> Any:
            return getattr(owner.store, name)

        def change_trial(self, change: Any) -> Any:
            if not self.moved:
                self.moved = True
                done = advance_trial(change.before, TrialState.SUCCEEDED, at=owner.clock.time)
                owner.store.change_trial(done)
                raise Conflict("it moved")
            return owner.store.change_trial(change)

    with pytest.raises(Refused, match="is succeeded: it is over"):
        jobs(owner, [], store=Moving()).stop_trial("digits", number)
