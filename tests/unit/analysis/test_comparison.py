from dataclasses import replace

import pytest

from dowse.analysis.comparison import column, comment, worst_trial
from dowse.domain.lineage import Lineage
from dowse.domain.metrics import Goal
from dowse.domain.reasons import Reason
from dowse.domain.spec import StoppingSpec
from dowse.domain.trial import TrialState
from tests.unit.service.values import a_job, a_spec, a_trial, failed, good

STOPPED = a_trial(4, TrialState.STOPPED, objective=0.9, reason=Reason.STOPPED_EARLY)


@pytest.mark.parametrize(("goal", "worst"), [(Goal.MINIMIZE, 4), (Goal.MAXIMIZE, 1)])
def test_the_worst_is_the_worst_of_those_that_count(goal: Goal, worst: int) -> None:
    trials = [good(1, 0.1), good(2, 0.5), failed(3), STOPPED, good(5, 0.9)]
    found = worst_trial(trials, goal)
    assert found is not None
    assert found.number == worst
    assert worst_trial([failed(1)], goal) is None


def test_a_job_without_a_description_says_how_it_searched_and_what_became_of_it() -> None:
    trials = [good(1), STOPPED, failed(3)]
    ruled = replace(a_spec(), stopping=StoppingSpec(rule="auto"))
    assert comment(ruled, trials) == "bayesian, early stopping auto, 1 stopped early, 1 failed"
    assert comment(a_spec(), [good(1)]) == "bayesian"
    resumed = Lineage(parent="babyweight_1")
    assert comment(a_spec(), [good(1)], resumed) == "bayesian, goes on with babyweight_1"
    assert comment(replace(ruled, description="Isolated job"), trials) == "Isolated job"


def test_only_started_trials_are_counted() -> None:
    started = [replace(good(1), started_at=1.0), a_trial(2)]
    found = column(a_job(), a_spec(), started, leading=started[:1], seconds=3.0, cost=None)
    assert (found.trials, found.best, found.worst) == (1, started[0], started[0])
