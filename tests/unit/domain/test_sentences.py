"""Events as sentences."""

from __future__ import annotations

import pytest

from dowse.domain.events import (
    Event,
    IntentChanged,
    JobChanged,
    JobSubmitted,
    Noted,
    PromotionDecided,
    StopDecided,
    SuggesterStarted,
    TrialChanged,
    TrialDeleted,
    TrialSuggested,
)
from dowse.domain.job import Intent, JobState
from dowse.domain.reasons import Reason
from dowse.domain.sentences import sentence
from dowse.domain.trial import TrialState

RUNNING, STOPPED = TrialState.RUNNING, TrialState.STOPPED


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (JobSubmitted(dialect="openbayes"), "job submitted (openbayes)"),
        (JobChanged(before=JobState.QUEUED, after=JobState.RUNNING), "job running"),
        (
            JobChanged(before=JobState.RUNNING, after=JobState.CANCELLED, reason=Reason.USER),
            "job cancelled: on request",
        ),
        (
            JobChanged(
                before=JobState.CANCELLING,
                after=JobState.CANCELLED,
                reason=Reason.USER,
                message="cancelled on request",
            ),
            "job cancelled on request",
        ),
        (
            JobChanged(
                before=JobState.RUNNING,
                after=JobState.SUCCEEDED,
                reason=Reason.TRIALS_DONE,
                message="all 3 trials are done",
            ),
            "job succeeded: all 3 trials are done",
        ),
        (
            IntentChanged(before=Intent.RUN, after=Intent.PAUSE_NOW, reason=Reason.INTERRUPTED),
            "asked to pause now: interrupted",
        ),
        (
            TrialSuggested(trial=2, parameters={"lr": 0.123456789, "kind": "a"}),
            "trial 2 suggested: lr=0.123457  kind=a",
        ),
        (
            TrialChanged(trial=2, attempt=1, before=RUNNING, after=STOPPED, objective=0.5),
            "trial 2 stopped with 0.5",
        ),
        (
            TrialChanged(trial=2, attempt=3, before=TrialState.QUEUED, after=RUNNING),
            "trial 2 (attempt 3) running",
        ),
        (
            StopDecided(trial=1, attempt=1, rule="median", message="too low"),
            "trial 1 is to stop by median: too low",
        ),
        (
            StopDecided(trial=1, attempt=1, rule="asha", message="waits", pause=True),
            "trial 1 is to pause by asha: waits",
        ),
        (
            PromotionDecided(trial=1, attempt=1, rule="asha", message="1st of 3"),
            "trial 1 is to go on by asha: 1st of 3",
        ),
        (
            SuggesterStarted(versions={"dowse": "1.0", "numpy": "2.1"}),
            "suggestions come from dowse 1.0, numpy 2.1",
        ),
        (TrialDeleted(trial=3), "trial 3 was deleted"),
        (Noted(message="slow"), "slow"),
        (Noted(message="slow", trial=3), "trial 3: slow"),
    ],
)
def test_an_event_is_told_in_one_sentence(event: Event, text: str) -> None:
    assert sentence(event) == text
