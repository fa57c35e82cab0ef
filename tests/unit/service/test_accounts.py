import math
from dataclasses import replace

from dowse.domain.events import ControlChosen, StopDecided
from dowse.domain.reasons import Reason
from dowse.domain.trial import TrialState
from dowse.service.accounts import NO_REPORTS, Made, run_of
from tests.unit.service.values import a_trial

MADE = Made(reports=10, step=100)
STOP = StopDecided(trial=1, attempt=1, rule="median", message="too poor", report=9)
CONTROL = ControlChosen(trial=1, attempt=1, rule="auto", message="too poor", report=4)
ENDED = a_trial(
    1,
    TrialState.STOPPED,
    reason=Reason.STOPPED_EARLY,
    objective=0.5,
    started_at=10.0,
    ended_at=14.0,
    active_s=6.0,
)


def test_a_stopped_trial_is_that_of_its_rule() -> None:
    found = run_of(ENDED, MADE, STOP, now=99.0)
    assert (found.rule, found.condemned_at, found.is_control) == ("median", 9, False)
    assert (found.reports, found.step, found.value) == (10, 100, 0.5)


def test_its_pace_is_that_of_the_attempt_that_made_the_reports() -> None:
    assert run_of(ENDED, MADE, STOP, now=99.0).attempt_s == 4.0
    joined = replace(MADE, in_all_attempts=True)
    assert run_of(ENDED, joined, STOP, now=99.0).attempt_s == 6.0
    assert run_of(ENDED, MADE, STOP, now=99.0).seconds == 6.0


def test_a_verdict_that_was_never_carried_out_condemned_nobody() -> None:
    finished = replace(ENDED, state=TrialState.SUCCEEDED, reason=None)
    assert run_of(finished, MADE, STOP, now=99.0).rule is None
    asked = replace(ENDED, reason=Reason.USER)
    assert run_of(asked, MADE, STOP, now=99.0).rule is None
    assert run_of(asked, NO_REPORTS, None, now=99.0).reports == 0


def test_a_control_keeps_its_verdict_however_it_ends() -> None:
    finished = replace(ENDED, state=TrialState.SUCCEEDED, reason=None)
    found = run_of(finished, MADE, CONTROL, now=99.0)
    assert (found.rule, found.condemned_at, found.is_control) == ("auto", 4, True)
    assert (found.completed, found.value) == (True, 0.5)
    diverged = replace(finished, state=TrialState.FAILED, objective=math.nan)
    failed = run_of(diverged, MADE, CONTROL, now=99.0)
    assert (failed.is_control, failed.completed, failed.value) == (True, False, None)
