"""Every state has a word of each service, and only words that the service knows."""

from __future__ import annotations

from itertools import product

import pytest

from dowse.dialects.registry import DIALECTS
from dowse.dialects.status import job_status, trial_status
from dowse.domain.job import JobState
from dowse.domain.reasons import Reason
from dowse.domain.trial import TrialState

REASONS = [None, *Reason]
GOOGLE = {"QUEUED", "PREPARING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLING", "CANCELLED"}
AZURE = {
    *("NotStarted", "Starting", "Provisioning", "Preparing", "Queued", "Running", "Finalizing"),
    *("CancelRequested", "Completed", "Failed", "Canceled", "NotResponding", "Paused", "Unknown"),
}
OPENBAYES = {
    *("运行中", "已取消", "没有相应指标", "执行出错", "系统错误", "搜索空间用尽"),
    "已完成",
}
WORDS = {
    "ai_platform": GOOGLE,
    "azure_ml": AZURE,
    "openbayes": OPENBAYES,
    "native": {*(state.value for state in JobState), *(state.value for state in TrialState)},
}


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_every_state_has_a_word_that_the_service_knows(dialect: str) -> None:
    jobs = {job_status(dialect, *pair).name for pair in product(JobState, REASONS)}
    trials = {trial_status(dialect, *pair).name for pair in product(TrialState, REASONS)}
    assert jobs | trials <= WORDS[dialect]


def test_every_documented_word_of_openbayes_is_used() -> None:
    pairs = product(JobState, REASONS)
    assert {job_status("openbayes", *pair).name for pair in pairs} == OPENBAYES


@pytest.mark.parametrize(
    ("state", "reason", "name", "english"),
    [
        (JobState.RUNNING, None, "运行中", "running"),
        (JobState.QUEUED, None, "运行中", "running"),
        (JobState.CANCELLED, Reason.USER, "已取消", "cancelled"),
        (JobState.FAILED, Reason.NO_METRIC, "没有相应指标", "no such metric"),
        (JobState.FAILED, Reason.TOO_MANY_FAILURES, "执行出错", "execution error"),
        (JobState.FAILED, Reason.SYSTEM_ERROR, "系统错误", "system error"),
        (
            JobState.SUCCEEDED,
            Reason.SEARCH_SPACE_EXHAUSTED,
            "搜索空间用尽",
            "search space exhausted",
        ),
        (JobState.SUCCEEDED, Reason.CONVERGED, "搜索空间用尽", "search space exhausted"),
        (JobState.SUCCEEDED, Reason.TRIALS_DONE, "已完成", "completed"),
    ],
)
def test_the_words_of_openbayes_follow_state_and_reason(
    state: JobState, reason: Reason | None, name: str, english: str
) -> None:
    status = job_status("openbayes", state, reason)
    assert (status.name, status.english) == (name, english)


def test_a_trial_that_was_stopped_early_is_named_as_each_service_does() -> None:
    names = {
        dialect: trial_status(dialect, TrialState.STOPPED, Reason.STOPPED_EARLY).name
        for dialect in DIALECTS
    }
    assert names == {
        "native": "stopped",
        "ai_platform": "SUCCEEDED",
        "openbayes": "已完成",
        "azure_ml": "Canceled",
    }


def test_a_dialect_that_there_is_not_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        job_status("other", JobState.RUNNING, None)
    with pytest.raises(KeyError):
        trial_status("other", TrialState.RUNNING, None)
