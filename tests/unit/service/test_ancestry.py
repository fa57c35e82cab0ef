"""What jobs take over from earlier ones."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dowse.domain.history import Ending
from dowse.domain.job import JobState
from dowse.domain.lifecycle import advance_job, advance_trial
from dowse.domain.lineage import NOTHING, Chosen, Continuation, Learning
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal, Measurement
from dowse.domain.parameters import Categorical, Double, Integer
from dowse.domain.spec import AlgorithmSpec, JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.errors import InvalidInput
from dowse.service.ancestry import MOST_SOURCES, Ancestry
from dowse.service.histories import attributed, continued, history_of
from dowse.service.kin import kin_of
from dowse.store.sqlite import SqliteStore
from tests.simulation.world import FakeClock
from tests.unit.service.finished import begun, embeds, finished, tuning
from tests.unit.service.values import good

WIDER = Integer("nembeds", 3, 30)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path / "dowse.db", clock=FakeClock())
    yield made
    made.close()


def resuming(job: str, **more: Any) -> JobSpec:
    return replace(tuning(), continues=Continuation(job=job), **more)


def extending(job: str, *parameters: Any, **fixed: Any) -> JobSpec:
    asked = Continuation(job=job, changed=True, fixed=fixed)
    return replace(tuning(*parameters), continues=asked)


def learning(*jobs: str, **more: Any) -> JobSpec:
    return replace(tuning(**more), learning=Learning(similar=not jobs, jobs=jobs))


# Going on with a job


def test_a_resumed_job_has_the_earlier_trials_their_note_and_their_place_in_the_sequence(
    store: SqliteStore,
) -> None:
    first = finished(store, "first", tuning(), [({"nembeds": 3}, 1.0), ({"nembeds": 4}, None)])
    lineage = Ancestry(store).pin(resuming("first"), name="second")
    assert (lineage.parent, lineage.parent_id, lineage.index) == ("first", first.id, 2)
    assert lineage.note == {"k": 2}
    assert [(one.number, one.ending, one.value) for one in lineage.observations] == [
        (-1, Ending.MEASURED, 1.0),
        (0, Ending.FAILED, None),
    ]
    history = continued(lineage, history_of([good(1)], tuning().targets))
    assert [one.number for one in history.observations] == [-1, 0, 1]
    assert history.index == 3


def test_what_is_pinned_is_stored_with_the_job_and_outlives_its_parent(store: SqliteStore) -> None:
    first = finished(store, "first", tuning(), embeds(2))
    spec = resuming("first")
    lineage = Ancestry(store).pin(spec, name="second")
    second = finished(store, "second", spec, embeds(1, first=9), lineage=lineage)
    assert store.lineage(second.id) == lineage
    assert store.children(first.id) == ("second",)
    assert kin_of(store, "first").children == ("second",)
    store.delete_job(first.id)
    assert store.lineage(second.id) == replace(lineage, parent_id=None)
    kin = kin_of(store, "second")
    assert (kin.parent, kin.parent_exists, kin.ancestors) == ("first", False, {"first": 2})


def test_the_suggester_remembers_what_it_knew_before_the_first_trial(store: SqliteStore) -> None:
    finished(store, "first", tuning(), embeds(2))
    lineage = Ancestry(store).pin(resuming("first"), name="second")
    second = store.create_job(resuming("first"), name="second", lineage=lineage)
    assert store.note(second.id) == {"k": 2}


def test_a_chain_brings_the_trials_of_every_job_before(store: SqliteStore) -> None:
    finished(store, "first", tuning(), embeds(2))
    lineage = Ancestry(store).pin(resuming("first"), name="second")
    finished(store, "second", resuming("first"), embeds(2, first=9), lineage=lineage)
    third = Ancestry(store).pin(resuming("second"), name="third")
    assert [(one.job, one.trial) for one in third.inherited] == [
        ("first", 1),
        ("first", 2),
        ("second", 1),
        ("second", 2),
    ]
    assert third.index == 4
    job = finished(store, "third", resuming("second"), lineage=third)
    best = kin_of(store, job.name).inherited_best
    assert best is not None
    assert (best.job, best.trial) == ("first", 1)


def test_a_trial_that_never_started_may_be_suggested_again(store: SqliteStore) -> None:
    job = begun(store, "first", tuning(), embeds(1))
    waiting = Trial(job_id=job.id, job="first", number=2, parameters={"nembeds": 9}, created_at=5.0)
    store.create_trial(waiting, note=None)
    store.change_trial(advance_trial(store.trial(job.id, 2), TrialState.CANCELLED, at=6.0))
    store.change_job(advance_job(job, JobState.SUCCEEDED, at=7.0))
    lineage = Ancestry(store).pin(resuming("first"), name="second")
    assert [one.trial for one in lineage.inherited] == [1]
    assert lineage.index == 2


def test_neighbours_of_earlier_jobs_are_named_in_the_account_of_a_suggestion(
    store: SqliteStore,
) -> None:
    finished(store, "first", tuning(), embeds(2))
    lineage = Ancestry(store).pin(resuming("first"), name="second")
    why = {"neighbours": [{"trial": 0, "value": 1.0}, {"trial": 1, "value": 2.0}]}
    assert attributed(lineage, why)["neighbours"] == [
        {"trial": 2, "value": 1.0, "job": "first"},
        {"trial": 1, "value": 2.0},
    ]
    assert attributed(NOTHING, why) is why


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (resuming("frist"), "resume: there is no job 'frist'; did you mean 'first'?"),
        (resuming("busy"), "resume: busy is running: a new job can continue it once it is over"),
        (
            replace(tuning(WIDER), continues=Continuation(job="first")),
            "nembeds: must be a whole number from 3 to 15 as in first, got a whole number from 3 "
            "to 30; dowse extend changes ranges and parameters",
        ),
        (
            replace(tuning(metric="loss"), continues=Continuation(job="first")),
            "metric: must be 'rmse' as in first, got 'loss'",
        ),
        (
            replace(tuning(goal=Goal.MAXIMIZE), continues=Continuation(job="first", changed=True)),
            "goal: must be minimize as in first, got maximize",
        ),
    ],
)
def test_what_cannot_be_gone_on_with_is_told(store: SqliteStore, spec: JobSpec, words: str) -> None:
    finished(store, "first", tuning(), embeds(2))
    begun(store, "busy", tuning())
    with pytest.raises(InvalidInput) as refused:
        Ancestry(store).pin(spec, name="second")
    assert str(refused.value) == words


def test_an_extended_range_keeps_every_point_as_a_result_and_fits_anew(store: SqliteStore) -> None:
    finished(store, "first", tuning(), embeds(4))
    lineage = Ancestry(store).pin(extending("first", WIDER), name="second")
    assert [one.number for one in lineage.observations] == [-3, -2, -1, 0]
    assert lineage.note is None
    assert Ancestry(store).advice(extending("first", WIDER)) == ()


def test_a_range_that_excludes_all_history_is_told_and_keeps_it(store: SqliteStore) -> None:
    finished(store, "first", tuning(), embeds(4))
    spec = extending("first", Integer("nembeds", 20, 30))
    assert len(Ancestry(store).pin(spec, name="second").inherited) == 4
    (advice,) = Ancestry(store).advice(spec)
    assert str(advice).startswith("parameters: no earlier trial lies in the new ranges: all 4 ")


def test_without_a_value_for_a_new_parameter_earlier_trials_are_learnt_from(
    store: SqliteStore,
) -> None:
    finished(store, "first", tuning(), embeds(6))
    dropout = Double("dropout", 0.0, 0.5)
    spec = extending("first", WIDER, dropout)
    lineage = Ancestry(store).pin(spec, name="second")
    assert lineage.inherited == ()
    (pinned,) = lineage.sources
    assert (pinned.chosen, pinned.source.trust) == (Chosen.CONTINUED, 1.0)
    assert len(pinned.source.observations) == 6
    (advice,) = Ancestry(store).advice(spec)
    assert str(advice).startswith("extend: earlier trials that differ in dropout are learnt from")

    known = Ancestry(store).pin(extending("first", WIDER, dropout, dropout=0.1), name="second")
    assert known.sources == ()
    assert [dict(one.parameters) for one in known.observations][:1] == [
        {"nembeds": 3, "dropout": 0.1}
    ]


# Learning


def test_similar_jobs_are_learnt_from_the_more_alike_the_more(store: SqliteStore) -> None:
    finished(store, "babyweight_deep_180226", tuning(), embeds(6))
    finished(store, "babyweight_wide_180226", tuning(WIDER), embeds(6))
    lineage = Ancestry(store).pin(learning(), name="babyweight_wide_180301")
    assert [one.source.name for one in lineage.sources] == [
        "babyweight_wide_180226",
        "babyweight_deep_180226",
    ]
    first, second = lineage.sources
    assert (first.score, first.source.trust, first.chosen) == (1.0, 1.0, Chosen.SIMILAR)
    assert second.source.trust == second.name_score == pytest.approx(13 / 15)
    assert lineage.said == ("learns from babyweight_wide_180226, babyweight_deep_180226",)


@pytest.mark.parametrize(
    ("name", "spec", "count"),
    [
        ("poetry", tuning(), 6),
        ("digits_1", tuning(metric="loss"), 6),
        ("digits_1", tuning(goal=Goal.MAXIMIZE), 6),
        ("digits_1", tuning(), 4),
        ("digits_1", tuning(Categorical("nembeds", ["a", "b"])), 0),
        ("digits_1", tuning(Integer("nembeds", 3, 9), Double("a", 0, 1), Double("b", 0, 1)), 0),
    ],
)
def test_what_is_not_alike_enough_is_left_alone(
    store: SqliteStore, name: str, spec: JobSpec, count: int
) -> None:
    finished(store, name, spec, embeds(count))
    assert Ancestry(store).pin(learning(), name="digits_2") == NOTHING


def test_a_job_that_runs_is_not_learnt_from_unasked_but_by_its_name(store: SqliteStore) -> None:
    begun(store, "digits_1", tuning(), embeds(6))
    assert Ancestry(store).pin(learning(), name="digits_2") == NOTHING
    (named,) = Ancestry(store).pin(learning("digits_1"), name="other").sources
    assert (named.chosen, named.source.trust) == (Chosen.NAMED, 1.0)


def test_at_most_eight_jobs_are_learnt_from_the_newest_of_those_alike(store: SqliteStore) -> None:
    for number in range(MOST_SOURCES + 2):
        finished(store, f"digits_{number}", tuning(), embeds(5))
    lineage = Ancestry(store).pin(learning(), name="digits_99")
    assert [one.source.name for one in lineage.sources] == [
        f"digits_{number}" for number in range(9, 1, -1)
    ]


def test_whoever_looks_at_no_results_learns_nothing(store: SqliteStore) -> None:
    finished(store, "digits_1", tuning(), embeds(6))
    for algorithm in ("random", "sobol", "grid"):
        spec = replace(learning(), algorithm=AlgorithmSpec(name=algorithm))
        assert Ancestry(store).pin(spec, name="digits_2") == NOTHING


def test_off_is_off(store: SqliteStore) -> None:
    finished(store, "digits_1", tuning(), embeds(6))
    assert Ancestry(store).pin(tuning(), name="digits_2") == NOTHING


def test_a_resumed_job_keeps_the_sources_of_the_one_before_and_looks_for_no_others(
    store: SqliteStore,
) -> None:
    finished(store, "digits_1", tuning(), embeds(6))
    lineage = Ancestry(store).pin(learning(), name="digits_2")
    finished(store, "digits_2", learning(), embeds(2), lineage=lineage)
    finished(store, "digits_3", tuning(), embeds(6))
    spec = resuming("digits_2", learning=Learning(similar=True))
    found = Ancestry(store).pin(spec, name="digits_4")
    assert [one.source.name for one in found.sources] == ["digits_1"]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ("gone", "there is no job 'gone'"),
        ("loss", "loss cannot be learnt from: metric must be 'loss' as in loss, got 'rmse'"),
        ("few", "few cannot be learnt from: it has 4 results, 5 are needed"),
        ("lr", "lr cannot be learnt from: it has no parameter in common (lr)"),
    ],
)
def test_a_named_job_from_which_nothing_can_be_learnt_is_refused(
    store: SqliteStore, other: str, words: str
) -> None:
    finished(store, "loss", tuning(metric="loss"), embeds(6))
    finished(store, "few", tuning(), embeds(4))
    finished(store, "lr", tuning(Double("lr", 0.0, 1.0)), [({"lr": 0.5}, 1.0)] * 6)
    with pytest.raises(InvalidInput) as refused:
        Ancestry(store).pin(learning(other), name="digits")
    assert str(refused.value).startswith(f"learn_from: {words}")


def test_earlier_trials_are_judged_by_a_new_limit_by_what_they_reported_then(
    store: SqliteStore,
) -> None:
    first = finished(store, "first", tuning(), embeds(3))
    for trial, sizes in ((1, (9.0, 4.0)), (2, (8.0,))):
        reports = [Measurement(metric="size", value=size, time=0.0) for size in sizes]
        store.record(store.trial(first.id, trial).ref, reports, source="file")
    limited = replace(resuming("first"), metric_limits=(MetricLimit(metric="size", at_most=5.0),))
    lineage = Ancestry(store).pin(limited, name="second")
    assert [(one.ending, dict(one.metrics)) for one in lineage.observations] == [
        (Ending.MEASURED, {"size": 4.0}),
        (Ending.MEASURED, {"size": 8.0}),
        (Ending.FAILED, {}),
    ]
    store.create_job(limited, name="second", lineage=lineage)
    best = kin_of(store, "second").inherited_best
    assert best is not None
    assert best.trial == 1
    unknown = replace(limited, metric_limits=(MetricLimit(metric="speed", at_least=1.0),))
    assert [str(each) for each in Ancestry(store).advice(unknown)] == [
        "metric_limits: no earlier trial reported all of rmse, speed: all 3 count as failed"
    ]
