"""What every Store must do with reports that come over HTTP; one more part of its suite."""

import math
import threading
from collections.abc import Callable, Iterator

import pytest

from dowse.domain.annotations import Annotation, AnnotationKind
from dowse.domain.lifecycle import advance_trial
from dowse.domain.metrics import Measurement
from dowse.domain.trial import Trial, TrialState
from dowse.errors import Conflict, NotFound, Refused
from dowse.ports import Store
from tests.contracts.store_contract import (
    Location,
    SettableClock,
    make_report,
    make_spec,
    make_trial,
    values_of,
)


def said(key: str, value: str | None, *, holder: str = "", fixed: bool = False) -> Annotation:
    kind = AnnotationKind.PARAMETER if fixed else AnnotationKind.TAG
    return Annotation(kind=kind, key=key, value=value, holder=holder, fixed=fixed)


def to(store: Store, trial: Trial, *states: TrialState) -> Trial:
    for state in states:
        trial = store.change_trial(advance_trial(trial, state, at=1.0))
    return trial


def texts(store: Store, trial: Trial) -> list[tuple[str, str, str | None]]:
    return [(one.holder, one.key, one.value) for one in store.annotations(trial.ref)]


class ReportContract:
    @pytest.fixture
    def store(self, location: Location) -> Iterator[Store]:
        store = location.open(SettableClock())
        yield store
        store.close()

    @pytest.fixture
    def running(self, store: Store) -> Trial:
        job = store.create_job(make_spec(), name="digits")
        trial = store.create_trial(make_trial(job), note=None)
        return to(store, trial, TrialState.RUNNING)

    def test_annotations_come_back_in_the_order_in_which_each_was_first_given(
        self, store: Store, running: Trial
    ) -> None:
        store.record(running.ref, [], source="m", annotations=[said("b", "1"), said("a", "2")])
        store.record(running.ref, [], source="m", annotations=[said("b", "3", holder="r")])
        store.record(running.ref, [], source="m", annotations=[said("b", "4"), said("ä中", "")])
        assert texts(store, running) == [
            ("", "b", "4"),
            ("", "a", "2"),
            ("r", "b", "3"),
            ("", "ä中", ""),
        ]

    def test_an_annotation_without_a_value_removes_the_key(
        self, store: Store, running: Trial
    ) -> None:
        store.record(running.ref, [], source="m", annotations=[said("a", "1"), said("b", "2")])
        store.record(running.ref, [], source="m", annotations=[said("a", None), said("c", None)])
        assert texts(store, running) == [("", "b", "2")]

    def test_a_fixed_value_may_be_repeated_and_not_changed_and_nothing_is_half_written(
        self, store: Store, running: Trial
    ) -> None:
        fixed = said("lr", "0.1", fixed=True)
        store.record(running.ref, [], source="m", annotations=[fixed])
        store.record(running.ref, [], source="m", annotations=[fixed])
        other = said("lr", "0.2", fixed=True)
        with pytest.raises(Conflict, match=r"^parameter 'lr' is '0\.1' already and cannot become"):
            store.record(
                running.ref, [make_report(1.0)], source="m", annotations=[said("t", "1"), other]
            )
        assert texts(store, running) == [("", "lr", "0.1")]
        assert values_of(store, running.ref) == []

    def test_a_fixed_value_belongs_to_its_holder(self, store: Store, running: Trial) -> None:
        for holder in ("", "run"):
            fixed = said("lr", holder, holder=holder, fixed=True)
            store.record(running.ref, [], source="m", annotations=[fixed])
        assert texts(store, running) == [("", "lr", ""), ("run", "lr", "run")]

    @pytest.mark.parametrize("state", [TrialState.SUCCEEDED, TrialState.FAILED])
    def test_what_only_a_live_attempt_may_report_is_refused_after_its_end(
        self, store: Store, running: Trial, state: TrialState
    ) -> None:
        assert (
            store.record(running.ref, [make_report(1.0)], source="m", live_in=running.job_id) == 1
        )
        to(store, running, TrialState.STOPPING)
        assert (
            store.record(running.ref, [make_report(2.0)], source="m", live_in=running.job_id) == 1
        )
        to(store, store.trial(running.job_id, 1), state)
        late = [make_report(3.0)]
        changes: list[Callable[[], object]] = [
            lambda: store.record(running.ref, late, source="m", live_in=running.job_id),
            lambda: store.record(
                running.ref, [], source="m", annotations=[said("a", "1")], live_in=running.job_id
            ),
            lambda: store.clear(running.ref, "accuracy", source="m", job_id=running.job_id),
        ]
        for change in changes:
            with pytest.raises(Refused) as caught:
                change()
            words = f"trial 1 of digits is {state.value}; it can report only while it runs"
            assert str(caught.value) == words
        assert values_of(store, running.ref) == [1.0, 2.0]
        assert texts(store, running) == []

    def test_only_the_present_attempt_is_live(self, store: Store, running: Trial) -> None:
        second = to(store, running, TrialState.QUEUED)
        with pytest.raises(Refused, match="attempt 1 of trial 1 of digits was replaced by attempt"):
            store.record(running.ref, [make_report(1.0)], source="m", live_in=running.job_id)
        with pytest.raises(Refused, match="trial 1 of digits is queued; it can report only while"):
            store.record(second.ref, [make_report(1.0)], source="m", live_in=running.job_id)
        to(store, second, TrialState.RUNNING)
        store.record(second.ref, [make_report(1.0)], source="m", live_in=running.job_id)
        assert texts(store, running) == []

    def test_each_attempt_has_its_own_annotations(self, store: Store, running: Trial) -> None:
        store.record(running.ref, [], source="m", annotations=[said("a", "1")])
        second = to(store, running, TrialState.QUEUED, TrialState.RUNNING)
        store.record(second.ref, [], source="m", annotations=[said("a", "2")])
        assert texts(store, running) == [("", "a", "1")]
        assert texts(store, second) == [("", "a", "2")]

    def test_clearing_a_metric_removes_what_that_source_reported_and_numbers_go_on(
        self, store: Store, running: Trial
    ) -> None:
        store.record(running.ref, [make_report(0.1), make_report(0.2)], source="openbayes")
        store.record(running.ref, [make_report(0.3)], source="report")
        store.record(running.ref, [make_report(9.0, metric="loss")], source="openbayes")
        assert store.clear(running.ref, "accuracy", source="openbayes", job_id=running.job_id) == 2
        assert store.clear(running.ref, "accuracy", source="openbayes", job_id=running.job_id) == 0
        assert store.clear(running.ref, "accuracy", source="never", job_id=running.job_id) == 0
        store.record(running.ref, [make_report(0.4)], source="openbayes")
        curve = store.curve(running.ref, "accuracy")
        assert [(one.seq, one.measurement.value) for one in curve] == [(3, 0.3), (4, 0.4)]
        assert values_of(store, running.ref, "loss") == [9.0]

    def test_a_metric_that_is_cleared_altogether_is_not_listed_and_can_be_reported_again(
        self, store: Store, running: Trial
    ) -> None:
        store.record(running.ref, [make_report(0.1)], source="openbayes")
        assert store.clear(running.ref, "accuracy", source="openbayes", job_id=running.job_id) == 1
        assert store.metric_names(running.ref) == ()
        store.record(running.ref, [make_report(0.2)], source="openbayes")
        assert values_of(store, running.ref) == [0.2]

    def test_the_latest_value_after_clearing_is_the_last_that_is_left(
        self, store: Store, running: Trial
    ) -> None:
        store.record(running.ref, [make_report(0.3)], source="report")
        store.record(running.ref, [make_report(0.9)], source="openbayes")
        store.clear(running.ref, "accuracy", source="openbayes", job_id=running.job_id)
        latest = store.latest(running.job_id, "accuracy")
        assert latest[running.ref].measurement.value == 0.3

    def test_the_reports_of_one_source_come_metric_by_metric(
        self, store: Store, running: Trial
    ) -> None:
        reports = [make_report(0.1), make_report(math.nan, metric="b"), make_report(0.2)]
        store.record(running.ref, reports, source="mlflow")
        store.record(running.ref, [make_report(0.9)], source="mlflow:run")
        found = [one.measurement for one in store.reported_by(running.ref, "mlflow")]
        assert [(one.metric, str(one.value)) for one in found] == [
            ("accuracy", "0.1"),
            ("accuracy", "0.2"),
            ("b", "nan"),
        ]
        assert store.reported_by(running.ref, "never") == ()

    def test_the_newest_report_of_a_metric_has_the_greatest_step_then_time_then_value(
        self, store: Store, running: Trial
    ) -> None:
        def at(value: float, step: int, time: float) -> Measurement:
            return Measurement(metric="accuracy", value=value, step=step, time=time)

        first = [at(5.0, 1, 9.0), at(1.0, 2, 1.0), at(3.0, 2, 2.0), at(2.0, 2, 2.0)]
        odd = [at(math.nan, 2, 2.0), at(-math.inf, 2, 2.0), make_report(7.0, metric="b")]
        store.record(running.ref, [*first, *odd], source="mlflow")
        store.record(running.ref, [at(9.0, 9, 9.0)], source="report")
        found = [one.measurement for one in store.newest_by(running.ref, "mlflow")]
        assert [(one.metric, one.value) for one in found] == [("accuracy", 3.0), ("b", 7.0)]
        store.record(running.ref, [at(math.inf, 2, 2.0)], source="mlflow")
        newest = store.newest_by(running.ref, "mlflow")[0].measurement
        assert newest.value == math.inf

    def test_a_deleted_job_takes_its_annotations_with_it(
        self, store: Store, running: Trial
    ) -> None:
        store.record(running.ref, [], source="m", annotations=[said("a", "1")])
        store.delete_job(running.job_id)
        assert texts(store, running) == []
        with pytest.raises(NotFound):
            store.clear(running.ref, "accuracy", source="m", job_id=running.job_id)

    def test_a_trial_of_a_deleted_job_reports_nothing_to_a_later_job_of_its_name(
        self, store: Store, running: Trial
    ) -> None:
        store.delete_job(running.job_id)
        job = store.create_job(make_spec(), name="digits")
        later = to(store, store.create_trial(make_trial(job), note=None), TrialState.RUNNING)
        assert later.ref == running.ref
        store.record(later.ref, [make_report(1.0)], source="m", live_in=later.job_id)
        results: list[int | BaseException] = []
        done = threading.Event()

        def take(result: int | BaseException) -> None:
            results.append(result)
            done.set()

        report = [make_report(2.0)]
        with pytest.raises(Refused) as caught:
            store.record(running.ref, report, source="m", live_in=running.job_id)
        words = "trial 1 was one of an earlier job 'digits' that is deleted; it cannot report to"
        assert str(caught.value).startswith(words)
        with pytest.raises(Refused):
            store.clear(running.ref, "accuracy", source="m", job_id=running.job_id)
        store.record_soon(running.ref, report, source="m", job_id=running.job_id, done=take)
        assert done.wait(10)
        assert isinstance(results[0], Refused)
        assert values_of(store, later.ref) == [1.0]
