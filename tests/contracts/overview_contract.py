"""What every Store must say of very many trials at once. A suite is a subclass with `location`."""

import math
from collections.abc import Iterator

import pytest

from dowse.domain.job import Job
from dowse.domain.lifecycle import Outcome, advance_trial
from dowse.domain.reasons import Reason
from dowse.domain.trial import Trial, TrialState
from dowse.ports import Point, Store, Summary, TrialRow
from tests.contracts.store_contract import (
    Location,
    SettableClock,
    make_report,
    make_spec,
    make_trial,
)


class OverviewContract:
    @pytest.fixture
    def store(self, location: Location) -> Iterator[Store]:
        store = location.open(SettableClock())
        yield store
        store.close()

    @pytest.fixture
    def job(self, store: Store) -> Job:
        return store.create_job(make_spec(), name="digits")

    @pytest.fixture
    def trials(self, store: Store, job: Job) -> list[Trial]:
        made = (make_trial(job, number, lr=number / 10) for number in (1, 2, 3))
        return [store.create_trial(trial, note=None) for trial in made]

    def test_rows_hold_what_the_trials_hold(
        self, store: Store, job: Job, trials: list[Trial]
    ) -> None:
        running = store.change_trial(advance_trial(trials[1], TrialState.RUNNING, at=7.0))
        outcome = Outcome(objective=math.nan, further={"latency": 4.5}, step=3)
        failed = advance_trial(
            running, TrialState.FAILED, at=9.0, reason=Reason.INFEASIBLE, outcome=outcome
        )
        store.change_trial(failed)
        first, second, third = store.trial_rows(job.id)
        assert first == TrialRow(
            1, "queued", None, 1, {"lr": 0.1}, None, None, None, 5.0, None, None
        )
        assert (first.further, second.further) == ({}, {"latency": 4.5})
        assert second.tags == ()
        assert (second.state, second.reason, second.step) == ("failed", "infeasible", 3)
        assert second.objective is not None
        assert math.isnan(second.objective)
        assert (second.started_at, second.ended_at) == (7.0, 9.0)
        assert store.trial_rows(job.id, numbers=[3, 1, 8]) == [first, third]

    def test_trials_of_given_numbers_come_as_pages_too(
        self, store: Store, job: Job, trials: list[Trial]
    ) -> None:
        assert store.trials(job.id, numbers=[3, 1, 8]) == (trials[0], trials[2])
        assert store.trials(job.id, numbers=[3, 2, 1], after=1, limit=1) == (trials[1],)
        assert store.trials(job.id, numbers=[]) == ()
        assert store.trials(job.id, numbers=[1], states=[TrialState.RUNNING]) == ()

    def test_the_metrics_of_a_job_are_those_of_all_its_trials(
        self, store: Store, job: Job, trials: list[Trial]
    ) -> None:
        assert store.metrics_of_job(job.id) == ()
        store.record(trials[1].ref, [make_report(1.0, metric="side")], source="file")
        store.record(trials[0].ref, [make_report(1.0)], source="file")
        store.record(trials[2].ref, [make_report(2.0)], source="file")
        assert store.metrics_of_job(job.id) == ("accuracy", "side")

    def test_a_deleted_trial_is_in_no_view(
        self, store: Store, job: Job, trials: list[Trial]
    ) -> None:
        store.record(trials[0].ref, [make_report(1.0)], source="file")
        store.delete_trial(job.id, 1)
        assert [row.number for row in store.trial_rows(job.id)] == [2, 3]
        assert store.summaries(job.id) == []
        assert store.points(job.id, "accuracy", trials=[1]) == {}

    def test_summaries_are_of_the_finite_values_of_the_present_attempt(
        self, store: Store, job: Job, trials: list[Trial]
    ) -> None:
        reports = [make_report(value, step=step) for step, value in enumerate((3.0, 1.0, 2.0))]
        store.record(trials[0].ref, [*reports, make_report(math.nan, step=9)], source="file")
        store.record(trials[0].ref, [make_report(math.inf, metric="side")], source="file")
        store.record(trials[2].ref, [make_report(-1.0)], source="file")
        again = store.change_trial(advance_trial(trials[2], TrialState.RUNNING, at=1.0))
        lost = advance_trial(again, TrialState.QUEUED, at=2.0, reason=Reason.LOST)
        store.change_trial(lost)
        accuracy, side = store.summaries(job.id)
        assert accuracy[:3] == (1, "accuracy", 4)
        assert math.isnan(accuracy.last)
        assert (accuracy.step, accuracy.low, accuracy.high) == (9, 1.0, 3.0)
        assert side == Summary(1, "side", 1, math.inf, 0, None, None)
        assert store.summaries(job.id, trials=[2, 3]) == []
        assert store.summaries(job.id, trials=[1])[1] == side

    def test_a_summary_counts_each_report_once_and_forgets_what_was_cleared(
        self, store: Store, job: Job, trials: list[Trial]
    ) -> None:
        running = store.change_trial(advance_trial(trials[0], TrialState.RUNNING, at=1.0))
        for _ in range(2):
            store.record(running.ref, [make_report(5.0, key="a")], source="file")
        store.record(running.ref, [make_report(9.0, step=2), make_report(1.0)], source="http")
        assert store.summaries(job.id) == [Summary(1, "accuracy", 3, 1.0, 0, 1.0, 9.0)]
        store.clear(running.ref, "accuracy", source="http", job_id=job.id)
        assert store.summaries(job.id) == [Summary(1, "accuracy", 1, 5.0, 0, 5.0, 5.0)]
        store.clear(running.ref, "accuracy", source="file", job_id=job.id)
        assert store.summaries(job.id) == []

    def test_points_are_those_of_the_trials_that_are_asked_for(
        self, store: Store, job: Job, trials: list[Trial]
    ) -> None:
        for trial in trials:
            store.record(trial.ref, [make_report(trial.number + 0.5, step=4)], source="file")
        found = store.points(job.id, "accuracy", trials=[3, 1])
        assert found == {1: [Point(4, 12.5, 1.5)], 3: [Point(4, 12.5, 3.5)]}
        assert store.points(job.id, "other", trials=[1]) == {}

    def test_events_of_a_trial_are_those_that_speak_of_it(
        self, store: Store, job: Job, trials: list[Trial]
    ) -> None:
        store.change_trial(advance_trial(trials[1], TrialState.RUNNING, at=1.0))
        found = store.events_of_trial(job.id, 2)
        assert [type(event).__name__ for _, _, event in found] == [
            "TrialSuggested",
            "TrialChanged",
        ]
        (first, *_), last = found
        assert store.events_of_trial(job.id, 2, after=first) == (last,)
        assert store.events_of_trial(job.id, 2, limit=1) == found[:1]
        assert store.events_of_trial(job.id, 9) == ()

    def test_changed_trials_are_those_that_later_events_speak_of(
        self, store: Store, job: Job, trials: list[Trial]
    ) -> None:
        before = store.last_event(job.id)
        assert store.changed_trials(job.id, after=before) == []
        store.change_trial(advance_trial(trials[2], TrialState.RUNNING, at=1.0))
        store.delete_trial(job.id, 1)
        assert store.changed_trials(job.id, after=before) == [1, 3]
        assert store.changed_trials(job.id, after=0) == [1, 2, 3]
