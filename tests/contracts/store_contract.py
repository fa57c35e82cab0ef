"""What every Store must do. An adapter's suite is a subclass with one fixture, `location`."""

import math
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol

import pytest

from dowse.domain.ceilings import Ceilings
from dowse.domain.events import (
    Event,
    IntentChanged,
    JobChanged,
    JobSubmitted,
    LimitsChanged,
    Noted,
    PromotionDecided,
    StopDecided,
    TrialChanged,
    TrialSuggested,
)
from dowse.domain.expected import Expected
from dowse.domain.job import Intent, Job, JobState
from dowse.domain.lifecycle import Outcome, advance_job, advance_trial, intend, limit
from dowse.domain.metrics import MAX_STEP, Goal, Measurement, Objective
from dowse.domain.operations import CheckStopping, Operation, SuggestTrials
from dowse.domain.parameters import Categorical, Double, Value
from dowse.domain.reasons import Reason
from dowse.domain.space import SearchSpace
from dowse.domain.spec import Argv, CodeSpec, JobSpec, LaunchSpec, Limits
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.errors import AlreadyExists, Conflict, InvalidInput, NotFound
from dowse.ports import Clock, Store


class SettableClock:
    """A clock that stands still until it is set."""

    def __init__(self, time: float = 1_000.0) -> None:
        self.time = time

    def now(self) -> float:
        return self.time


class Location(Protocol):
    """A place where one store lives; it may be opened again and again."""

    def open(self, clock: Clock) -> Store: ...


def make_spec(*, warnings: tuple[str, ...] = ()) -> JobSpec:
    return JobSpec(
        space=SearchSpace([Double("lr", 1e-5, 1.0, scale="log"), Categorical("c", ["a", True, 1])]),
        objectives=(Objective(metric="accuracy", goal=Goal.MAXIMIZE),),
        limits=Limits(trials=40, parallel=4, timeout_s=7_200.0),
        launch=LaunchSpec(program=Argv(("python", "train.py")), code=CodeSpec(root="/srv/code")),
        seed=7,
        document="metric: accuracy\n",
        warnings=warnings,
    )


def make_trial(job: Job, number: int = 1, **parameters: Value) -> Trial:
    return Trial(
        job_id=job.id,
        job=job.name,
        number=number,
        parameters=parameters or {"lr": 0.1, "c": "a"},
        created_at=5.0,
    )


def make_report(
    value: float, *, metric: str = "accuracy", step: int = 0, key: str = ""
) -> Measurement:
    return Measurement(metric=metric, value=value, step=step, time=12.5, key=key)


def values_of(store: Store, attempt: AttemptRef, metric: str = "accuracy") -> list[float]:
    return [stored.measurement.value for stored in store.curve(attempt, metric)]


def events_of(store: Store, job: Job) -> list[Event]:
    """The events of a job, once their numbers are found to be without gaps."""
    numbered = store.events(job.id)
    assert [number for number, _, _ in numbered] == list(range(1, len(numbered) + 1))
    assert store.last_event(job.id) == len(numbered)
    return [event for _, _, event in numbered]


def in_threads(count: int, work: Callable[[int], object]) -> list[object]:
    """The results of `work(0)` … `work(count - 1)`, all begun at the same moment."""
    barrier = threading.Barrier(count)

    def begin(index: int) -> object:
        barrier.wait()
        return work(index)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


class StoreContract:
    @pytest.fixture
    def clock(self) -> SettableClock:
        return SettableClock()

    @pytest.fixture
    def store(self, location: Location, clock: SettableClock) -> Iterator[Store]:
        store = location.open(clock)
        yield store
        store.close()

    @pytest.fixture
    def job(self, store: Store) -> Job:
        return store.create_job(make_spec(), name="digits")

    @pytest.fixture
    def trial(self, store: Store, job: Job) -> Trial:
        return store.create_trial(make_trial(job), note=None)

    # Jobs

    def test_a_new_job_is_queued_and_its_first_event_tells_its_warnings(
        self, store: Store, clock: SettableClock
    ) -> None:
        clock.time = 77.0
        job = store.create_job(make_spec(warnings=("region: ignored",)), name="digits")
        assert (job.name, job.state, job.created_at) == ("digits", JobState.QUEUED, 77.0)
        assert store.job("digits") == job
        submitted = JobSubmitted(dialect="native", warnings=("region: ignored",))
        assert store.events(job.id) == ((1, 77.0, submitted),)

    def test_heads_say_how_far_the_events_of_new_and_of_named_jobs_go(
        self, store: Store, job: Job
    ) -> None:
        other = store.create_job(make_spec(), name="other")
        store.append_event(job.id, Noted(message="one"))
        heads = store.heads(above=0)
        assert [(head.id, head.name, head.last_event) for head in heads] == [
            (job.id, job.name, 2),
            (other.id, "other", 1),
        ]
        assert heads[0].state is JobState.QUEUED
        assert [head.id for head in store.heads(above=job.id)] == [other.id]
        assert [head.id for head in store.heads(above=other.id, ids=[job.id])] == [job.id]
        assert store.heads(above=other.id, ids=[]) == ()

    def test_the_spec_of_a_job_comes_back_as_it_was_given(self, store: Store, job: Job) -> None:
        assert store.spec(job.id) == make_spec()

    def test_a_taken_name_is_refused_and_creates_nothing(self, store: Store, job: Job) -> None:
        with pytest.raises(AlreadyExists) as caught:
            store.create_job(make_spec(), name="digits")
        assert str(caught.value) == (
            "name: there is already a job 'digits', which is queued; "
            "resume it or choose another name"
        )
        assert store.jobs() == (job,)

    def test_of_many_that_want_one_name_exactly_one_gets_it(self, store: Store) -> None:
        def create(_: int) -> bool:
            try:
                store.create_job(make_spec(), name="wanted")
            except AlreadyExists:
                return False
            return True

        assert sum(map(bool, in_threads(8, create))) == 1

    def test_an_unknown_job_is_named_with_the_nearest_name_there_is(self, store: Store) -> None:
        with pytest.raises(NotFound, match=r"^there is no job 'digits'; there is no job yet$"):
            store.job("digits")
        store.create_job(make_spec(), name="digits")
        with pytest.raises(NotFound, match=r"^there is no job 'digts'; did you mean 'digits'\?$"):
            store.job("digts")
        with pytest.raises(NotFound, match=r"^there is no job 'xyz'; there are 'digits'$"):
            store.job("xyz")

    def test_jobs_are_listed_newest_first_and_by_state(self, store: Store) -> None:
        first, second, third = (store.create_job(make_spec(), name=name) for name in "abc")
        running = store.change_job(advance_job(second, JobState.RUNNING, at=1.0))
        assert store.jobs() == (third, running, first)
        assert store.jobs(states=[JobState.QUEUED]) == (third, first)
        assert store.jobs(states=[JobState.RUNNING, JobState.FAILED]) == (running,)

    def test_a_change_of_a_job_is_stored_with_its_events(
        self, store: Store, job: Job, clock: SettableClock
    ) -> None:
        clock.time = 20.0
        change = advance_job(job, JobState.RUNNING, at=19.0)
        assert store.change_job(change) == change.after == store.job("digits")
        over = advance_job(
            change.after,
            JobState.FAILED,
            at=30.0,
            reason=Reason.TOO_MANY_FAILURES,
            message="6 of 8",
        )
        assert store.change_job(over) == over.after == store.job("digits")
        assert store.job("digits").active_s == 11.0
        assert events_of(store, job)[1:] == [
            JobChanged(before=JobState.QUEUED, after=JobState.RUNNING),
            JobChanged(
                before=JobState.RUNNING,
                after=JobState.FAILED,
                reason=Reason.TOO_MANY_FAILURES,
                message="6 of 8",
            ),
        ]
        assert store.events(job.id, after=1)[0][1] == 20.0

    def test_a_change_from_a_state_that_is_past_conflicts_and_writes_nothing(
        self, store: Store, job: Job
    ) -> None:
        store.change_job(advance_job(job, JobState.RUNNING, at=1.0))
        with pytest.raises(Conflict) as caught:
            store.change_job(advance_job(job, JobState.CANCELLING, at=2.0))
        assert str(caught.value) == (
            "job digits is running (wanted: run), no longer queued (wanted: run)"
        )
        assert len(events_of(store, job)) == 2

    def test_a_change_that_does_not_know_the_newest_intent_conflicts(
        self, store: Store, job: Job
    ) -> None:
        wanted = store.change_job(intend(job, Intent.CANCEL, reason=Reason.USER))
        with pytest.raises(Conflict, match="is queued \\(wanted: cancel\\), no longer queued"):
            store.change_job(advance_job(job, JobState.RUNNING, at=1.0))
        assert store.job("digits") == wanted
        assert wanted.intent_reason is Reason.USER
        assert events_of(store, job)[1:] == [
            IntentChanged(before=Intent.RUN, after=Intent.CANCEL, reason=Reason.USER)
        ]

    def test_a_deleted_job_leaves_nothing_and_its_number_is_not_given_again(
        self, store: Store, trial: Trial
    ) -> None:
        other = store.create_job(make_spec(), name="other")
        kept = store.create_trial(make_trial(other), note={"a": 1})
        for each in (trial, kept):
            store.record(each.ref, [make_report(0.5)], source="report", offset=9)
        store.delete_job(trial.job_id)
        assert store.jobs() == (other,)
        assert store.trials(trial.job_id) == ()
        assert store.events(trial.job_id) == ()
        assert store.curve(trial.ref, "accuracy") == ()
        assert store.offsets(trial.ref) == {}
        with pytest.raises(NotFound, match=f"^there is no job with the number {trial.job_id}$"):
            store.spec(trial.job_id)
        assert values_of(store, kept.ref) == [0.5]
        store.delete_job(other.id)
        assert store.create_job(make_spec(), name="digits").id > other.id

    def test_what_concerns_a_job_that_does_not_exist_says_so(self, store: Store) -> None:
        ghost = Job(id=99, name="ghost", created_at=0.0)
        attempts: Sequence[Callable[[], object]] = (
            lambda: store.spec(99),
            lambda: store.delete_job(99),
            lambda: store.change_job(advance_job(ghost, JobState.RUNNING, at=1.0)),
            lambda: store.create_trial(make_trial(ghost), note=None),
            lambda: store.append_event(99, Noted(message="hello")),
            lambda: store.last_event(99),
            lambda: store.trial(99, 1),
            lambda: store.curves(99, "accuracy"),
            lambda: store.latest(99, "accuracy"),
        )
        for attempt in attempts:
            with pytest.raises(NotFound, match=r"^there is no job with the number 99$"):
                attempt()

    # Trials

    def test_a_new_trial_is_stored_with_its_event_and_the_note(
        self, store: Store, job: Job
    ) -> None:
        why = {"acquisition": -math.inf, "phase": "sobol"}
        given = replace(make_trial(job), why=why, known_event=1)
        trial = store.create_trial(given, note={"model": [1.5, math.nan, {"warp": None}]}, asked=3)
        assert trial == given == store.trial(job.id, 1)
        assert events_of(store, job)[1:] == [
            TrialSuggested(trial=1, parameters=given.parameters, why=why, known_event=1, asked=3)
        ]
        note = store.note(job.id)
        assert repr(note) == repr({"model": [1.5, math.nan, {"warp": None}]})

    def test_every_note_is_kept_from_the_event_on_that_brought_it(
        self, store: Store, job: Job
    ) -> None:
        for number, note in enumerate(({"k": 1}, {"k": 1}, {"k": 2}, None), start=1):
            store.create_trial(make_trial(job, number), note=note)
        assert store.notes(job.id) == ((2, {"k": 1}), (4, {"k": 2}), (5, None))
        assert store.notes(job.id, after=2, limit=1) == ((4, {"k": 2}),)

    def test_a_note_succeeds_the_note_before_it(self, store: Store, job: Job) -> None:
        assert store.note(job.id) is None
        store.create_trial(make_trial(job, 1), note={"k": 1})
        store.create_trial(make_trial(job, 2), note={"k": 2})
        assert store.note(job.id) == {"k": 2}
        store.create_trial(make_trial(job, 3), note=None)
        assert store.note(job.id) is None

    def test_a_second_trial_of_the_same_number_conflicts_and_leaves_the_note(
        self, store: Store, job: Job
    ) -> None:
        store.create_trial(make_trial(job), note={"k": 1})
        with pytest.raises(Conflict, match=r"^job digits already has a trial 1$"):
            store.create_trial(make_trial(job), note={"k": 2})
        assert store.note(job.id) == {"k": 1}
        assert len(events_of(store, job)) == 2

    def test_values_keep_their_kind_and_their_last_digit(self, store: Store, job: Job) -> None:
        given: dict[str, Value] = {
            "zeta": 0.1 + 0.2,
            "integer": 1,
            "float": 1.0,
            "boolean": True,
            "text": "NaN",
            "big": 2**62,
            "tiny": 5e-324,
            "chinese": "优化器",
        }
        trial = store.create_trial(make_trial(job, 1, **given), note=None)
        assert repr(trial.parameters) == repr(given)
        assert repr(store.trial(job.id, 1).parameters) == repr(given)

    def test_what_was_returned_never_changes_under_the_caller(self, store: Store, job: Job) -> None:
        parameters: dict[str, Value] = {"lr": 0.1}
        given = replace(make_trial(job), parameters=parameters)
        created = store.create_trial(given, note=None)
        read = store.trial(job.id, 1)
        parameters["lr"] = 0.9
        store.change_trial(advance_trial(read, TrialState.RUNNING, at=1.0, output_dir="/out"))
        assert (created.parameters["lr"], created.state) == (0.1, TrialState.QUEUED)
        assert (read.parameters["lr"], read.state) == (0.1, TrialState.QUEUED)
        assert store.trial(job.id, 1).parameters == {"lr": 0.1}

    def test_a_change_of_a_trial_is_stored_with_its_events(
        self, store: Store, job: Job, trial: Trial
    ) -> None:
        started = advance_trial(trial, TrialState.RUNNING, at=6.0, output_dir="/out/1")
        assert store.change_trial(started) == started.after == store.trial(job.id, 1)
        verdict = StopDecided(
            trial=1,
            attempt=1,
            rule="median",
            message="0.2 < 0.4",
            numbers={"median": 0.4},
            expected=Expected(value=0.3, sd=0.05),
        )
        stopping = advance_trial(started.after, TrialState.STOPPING, at=7.0, because=(verdict,))
        store.change_trial(stopping)
        stopped = advance_trial(
            stopping.after,
            TrialState.STOPPED,
            at=8.0,
            reason=Reason.STOPPED_EARLY,
            message="0.2 < 0.4",
            outcome=Outcome(
                exit_code=None,
                signal=15,
                objective=0.2,
                further={"latency_ms": 41.5, "size": -math.inf},
                step=MAX_STEP,
            ),
        )
        assert store.change_trial(stopped) == stopped.after == store.trial(job.id, 1)
        events = events_of(store, job)[2:]
        assert events == [*started.events, *stopping.events, *stopped.events]
        assert events[1] == verdict
        assert isinstance(events[3], TrialChanged)

    def test_a_trial_that_pauses_goes_on_once_as_its_next_attempt_and_keeps_its_reports(
        self, store: Store, job: Job, trial: Trial
    ) -> None:
        running = advance_trial(trial, TrialState.RUNNING, at=6.0, output_dir="/out/1").after
        store.change_trial(advance_trial(trial, TrialState.RUNNING, at=6.0, output_dir="/out/1"))
        store.record(trial.ref, [make_report(0.2, step=1)], source="file")
        verdict = StopDecided(trial=1, attempt=1, rule="asha", message="waits", pause=True)
        reason = Reason.AWAITS_PROMOTION
        stopping = advance_trial(
            running, TrialState.STOPPING, at=7.0, reason=reason, because=(verdict,)
        )
        store.change_trial(stopping)
        reached = Outcome(signal=15, objective=0.2, step=1)
        paused = advance_trial(
            stopping.after, TrialState.PAUSED, at=8.0, reason=reason, outcome=reached
        )
        assert store.change_trial(paused) == paused.after == store.trial(job.id, 1)
        assert (paused.after.objective, paused.after.ended_at) == (0.2, None)
        assert store.trial_counts(job.id) == {TrialState.PAUSED: 1}
        decided = PromotionDecided(
            trial=1, attempt=1, rule="asha", message="1st of 3", numbers={"rank": 1}, seen={1: 1}
        )
        promoted = advance_trial(
            paused.after, TrialState.QUEUED, at=9.0, outcome=Outcome(), because=(decided,)
        )
        assert store.change_trial(promoted) == store.trial(job.id, 1)
        assert (promoted.after.attempt, promoted.after.objective) == (2, None)
        with pytest.raises(Conflict, match="is queued \\(attempt 2\\), no longer paused"):
            store.change_trial(promoted)
        store.record(promoted.after.ref, [make_report(0.1, step=2)], source="file")
        curves = store.curves(job.id, "accuracy")
        assert {ref.attempt: [one.measurement.step for one in curves[ref]] for ref in curves} == {
            1: [1],
            2: [2],
        }
        events = events_of(store, job)[2:]
        assert events[1] == verdict
        assert events[4:] == [decided, *promoted.events[1:]]

    def test_a_change_from_a_past_state_or_attempt_conflicts(
        self, store: Store, job: Job, trial: Trial
    ) -> None:
        start = advance_trial(trial, TrialState.RUNNING, at=1.0, output_dir="/out")
        running = store.change_trial(start)
        with pytest.raises(Conflict) as caught:
            store.change_trial(start)
        assert str(caught.value) == (
            "trial 1 of digits is running (attempt 1), no longer queued (attempt 1)"
        )
        again = store.change_trial(advance_trial(running, TrialState.QUEUED, at=2.0))
        store.change_trial(advance_trial(again, TrialState.RUNNING, at=3.0, output_dir="/out.2"))
        with pytest.raises(Conflict, match="is running \\(attempt 2\\), no longer running"):
            store.change_trial(advance_trial(running, TrialState.SUCCEEDED, at=4.0))
        assert len(events_of(store, job)) == 5

    def test_of_many_that_start_one_trial_exactly_one_succeeds(
        self, store: Store, job: Job, trial: Trial
    ) -> None:
        def start(index: int) -> bool:
            try:
                store.change_trial(
                    advance_trial(trial, TrialState.RUNNING, at=1.0, output_dir=f"/out/{index}")
                )
            except Conflict:
                return False
            return True

        assert sum(map(bool, in_threads(16, start))) == 1
        assert len(events_of(store, job)) == 3

    @pytest.mark.parametrize("objective", [math.nan, math.inf, -math.inf, 0.25, 5e-324])
    def test_an_objective_of_any_kind_comes_back(
        self, store: Store, trial: Trial, objective: float
    ) -> None:
        running = store.change_trial(
            advance_trial(trial, TrialState.RUNNING, at=1.0, output_dir="/out")
        )
        store.change_trial(
            advance_trial(
                running, TrialState.SUCCEEDED, at=2.0, outcome=Outcome(objective=objective, step=3)
            )
        )
        assert repr(store.trial(trial.job_id, 1).objective) == repr(objective)
        _, _, event = store.events(trial.job_id)[-1]
        assert isinstance(event, TrialChanged)
        assert repr(event.objective) == repr(objective)

    def test_trials_are_listed_by_number_in_pages_and_by_state(
        self, store: Store, job: Job
    ) -> None:
        for number in (3, 1, 2, 12, 11):
            store.create_trial(make_trial(job, number), note=None)
        store.change_trial(
            advance_trial(store.trial(job.id, 2), TrialState.RUNNING, at=1.0, output_dir="/out")
        )

        def numbers(
            *, states: Sequence[TrialState] = (), after: int = 0, limit: int | None = None
        ) -> list[int]:
            found = store.trials(job.id, states=states, after=after, limit=limit)
            return [trial.number for trial in found]

        assert numbers() == [1, 2, 3, 11, 12]
        assert numbers(after=2, limit=2) == [3, 11]
        assert numbers(states=[TrialState.QUEUED], limit=2) == [1, 3]
        assert numbers(states=[TrialState.RUNNING, TrialState.FAILED]) == [2]
        assert store.trial_counts(job.id) == {TrialState.QUEUED: 4, TrialState.RUNNING: 1}

    def test_a_trial_that_does_not_exist_is_named_with_those_that_do(
        self, store: Store, job: Job
    ) -> None:
        with pytest.raises(NotFound, match=r"^job digits has no trial 1; it has no trial yet$"):
            store.trial(job.id, 1)
        store.create_trial(make_trial(job), note=None)
        for number in (-1, 2**63, -(2**63) - 1, 10**30):
            with pytest.raises(NotFound, match=f"^job digits has no trial {number}; "):
                store.trial(job.id, number)
        with pytest.raises(NotFound, match=r"^job digits has no trial 9; the last one is 1$"):
            store.trial(job.id, 9)

    def test_a_message_with_broken_unicode_is_kept_readable(
        self, store: Store, trial: Trial
    ) -> None:
        message = "cannot open 'caf\udce9': 没有 such file"
        change = advance_trial(trial, TrialState.CANCELLED, at=1.0, message=message)
        stored = store.change_trial(change)
        assert stored.message == "cannot open 'caf?': 没有 such file"

    # Measurements

    def test_reports_of_one_metric_are_numbered_from_one_in_order_of_arrival(
        self, store: Store, trial: Trial
    ) -> None:
        reports = [
            make_report(0.3, step=5),
            make_report(9, metric="loss"),
            make_report(0.1, step=2),
        ]
        assert store.record(trial.ref, reports, source="report") == 3
        assert store.record(trial.ref, [make_report(0.2)], source="report") == 1
        curve = store.curve(trial.ref, "accuracy")
        assert [stored.seq for stored in curve] == [1, 2, 3]
        assert [stored.measurement for stored in curve] == [
            make_report(0.3, step=5),
            make_report(0.1, step=2),
            make_report(0.2),
        ]
        assert values_of(store, trial.ref, "loss") == [9]
        assert store.metric_names(trial.ref) == ("accuracy", "loss")

    @pytest.mark.parametrize(
        "value", [math.nan, math.inf, -math.inf, 0.1 + 0.2, 1.7976931348623157e308, 5e-324]
    )
    def test_every_number_comes_back_as_it_was(
        self, store: Store, trial: Trial, value: float
    ) -> None:
        store.record(trial.ref, [make_report(value)], source="report")
        assert [repr(each) for each in values_of(store, trial.ref)] == [repr(value)]

    def test_the_hugest_step_is_kept(self, store: Store, trial: Trial) -> None:
        store.record(trial.ref, [make_report(1.0, step=MAX_STEP)], source="report", offset=MAX_STEP)
        assert store.curve(trial.ref, "accuracy")[0].measurement.step == MAX_STEP
        assert store.offsets(trial.ref) == {"report": MAX_STEP}

    def test_a_repeated_key_of_one_source_is_left_out(self, store: Store, trial: Trial) -> None:
        first = [make_report(0.1, key="0"), make_report(0.2, key="17")]
        assert store.record(trial.ref, first, source="report") == 2
        again = [make_report(0.2, key="17"), make_report(0.3, key="34"), make_report(0.3, key="34")]
        assert store.record(trial.ref, again, source="report") == 1
        assert values_of(store, trial.ref) == [0.1, 0.2, 0.3]
        assert [stored.seq for stored in store.curve(trial.ref, "accuracy")] == [1, 2, 3]

    def test_a_key_belongs_to_its_source_and_metric(self, store: Store, trial: Trial) -> None:
        report = make_report(0.1, key="0")
        for source in ("report", "hypertune"):
            assert store.record(trial.ref, [report], source=source) == 1
        other = make_report(0.1, metric="loss", key="0")
        assert store.record(trial.ref, [other], source="report") == 1
        assert values_of(store, trial.ref) == [0.1, 0.1]

    def test_a_report_without_a_key_is_always_new(self, store: Store, trial: Trial) -> None:
        for _ in range(3):
            assert store.record(trial.ref, [make_report(0.1)], source="stdout") == 1
        assert values_of(store, trial.ref) == [0.1] * 3

    @pytest.mark.parametrize("seed", range(10))
    def test_repeated_deliveries_in_any_order_leave_one_row_for_each_key(
        self, store: Store, trial: Trial, seed: int
    ) -> None:
        rng = random.Random(seed)
        reports = [make_report(rng.random(), step=k % 7, key=str(k)) for k in range(60)]
        deliveries = reports * 3
        rng.shuffle(deliveries)
        new = 0
        while deliveries:
            size = rng.randint(0, 9)
            batch, deliveries = deliveries[:size], deliveries[size:]
            new += store.record(trial.ref, batch, source="http")
        curve = store.curve(trial.ref, "accuracy")
        assert new == len(curve) == 60
        assert [stored.seq for stored in curve] == list(range(1, 61))
        assert {stored.measurement for stored in curve} == set(reports)

    def test_an_offset_is_kept_for_each_source_and_only_moves_when_given(
        self, store: Store, trial: Trial
    ) -> None:
        assert store.offsets(trial.ref) == {}
        store.record(trial.ref, [make_report(0.1)], source="report", offset=40)
        store.record(trial.ref, [], source="events", offset=7)
        store.record(trial.ref, [make_report(0.2)], source="report")
        store.record(trial.ref, [make_report(0.2)], source="http")
        assert store.offsets(trial.ref) == {"report": 40, "events": 7}

    @pytest.mark.parametrize("offset", [-1, 2**63])
    def test_an_offset_that_no_file_can_have_is_refused(
        self, store: Store, trial: Trial, offset: int
    ) -> None:
        words = f"an offset lies between 0 and 2\\^63-1, got {offset}"
        with pytest.raises(InvalidInput, match=words):
            store.record(trial.ref, [make_report(0.1)], source="report", offset=offset)
        assert store.curve(trial.ref, "accuracy") == ()

    def test_a_late_report_of_an_earlier_attempt_is_kept_under_that_attempt(
        self, store: Store, trial: Trial
    ) -> None:
        running = store.change_trial(
            advance_trial(trial, TrialState.RUNNING, at=1.0, output_dir="/out")
        )
        second = store.change_trial(advance_trial(running, TrialState.QUEUED, at=2.0))
        store.record(second.ref, [make_report(0.2, key="0")], source="report", offset=5)
        store.record(trial.ref, [make_report(0.1, key="0")], source="report", offset=3)
        assert values_of(store, trial.ref) == [0.1]
        assert values_of(store, second.ref) == [0.2]
        assert store.offsets(trial.ref) == {"report": 3}
        assert store.curves(trial.job_id, "accuracy") == {
            trial.ref: store.curve(trial.ref, "accuracy"),
            second.ref: store.curve(second.ref, "accuracy"),
        }

    def test_reports_of_an_attempt_that_does_not_exist_are_refused(
        self, store: Store, trial: Trial
    ) -> None:
        for ref, words in (
            (AttemptRef("digits", 2, 1), "^there is no trial 2 of a job 'digits'$"),
            (AttemptRef("other", 1, 1), "^there is no trial 1 of a job 'other'$"),
            (AttemptRef("digits", 1, 2), "^trial 1 of digits has not begun an attempt 2; "),
            (AttemptRef("digits", 1, 0), "^trial 1 of digits has not begun an attempt 0; "),
        ):
            with pytest.raises(NotFound, match=words):
                store.record(ref, [make_report(0.1)], source="report", offset=1)
            assert store.curve(ref, "accuracy") == ()
            assert store.offsets(ref) == {}

    def test_the_curves_and_the_latest_values_of_a_job_come_at_once(
        self, store: Store, job: Job
    ) -> None:
        trials = [store.create_trial(make_trial(job, number), note=None) for number in (1, 2, 3)]
        for trial in trials[:2]:
            reports = [make_report(trial.number + k / 10) for k in range(trial.number + 1)]
            store.record(trial.ref, reports, source="report")
        store.record(trials[2].ref, [make_report(1.0, metric="loss")], source="report")
        curves = store.curves(job.id, "accuracy")
        assert list(curves) == [trials[0].ref, trials[1].ref]
        assert curves[trials[1].ref] == store.curve(trials[1].ref, "accuracy")
        latest = store.latest(job.id, "accuracy")
        assert {ref.trial: stored.measurement.value for ref, stored in latest.items()} == {
            1: 1.1,
            2: 2.2,
        }
        assert latest[trials[1].ref].seq == 3

    def test_sixteen_threads_record_at_once_and_nothing_is_lost(
        self, store: Store, job: Job
    ) -> None:
        trials = [store.create_trial(make_trial(job, number), note=None) for number in range(1, 5)]

        def record(index: int) -> int:
            ref = trials[index % 4].ref
            return sum(
                store.record(ref, [make_report(index, step=k, key=f"{index}.{k}")], source="http")
                for k in range(25)
            )

        assert in_threads(16, record) == [25] * 16
        for trial in trials:
            curve = store.curve(trial.ref, "accuracy")
            assert [stored.seq for stored in curve] == list(range(1, 101))
            assert len({stored.measurement.key for stored in curve}) == 100

    # Events

    def test_events_of_many_threads_are_numbered_without_gaps(self, store: Store, job: Job) -> None:
        numbers = in_threads(
            8, lambda k: store.append_event(job.id, Noted(message=str(k), trial=k))
        )
        assert sorted(map(str, numbers)) == [str(number) for number in range(2, 10)]
        noted = {event for event in events_of(store, job) if isinstance(event, Noted)}
        assert noted == {Noted(message=str(k), trial=k) for k in range(8)}

    def test_events_are_read_in_pages_with_the_time_of_the_clock(
        self, store: Store, job: Job, clock: SettableClock
    ) -> None:
        for number in (2, 3, 4):
            clock.time = float(number)
            assert store.append_event(job.id, Noted(message=f"event {number}")) == number
        page = store.events(job.id, after=1, limit=2)
        assert page == ((2, 2.0, Noted(message="event 2")), (3, 3.0, Noted(message="event 3")))
        assert store.events(job.id, after=4) == ()

    def test_each_job_counts_its_own_events(self, store: Store, job: Job) -> None:
        other = store.create_job(make_spec(), name="other")
        store.append_event(job.id, Noted(message="one"))
        assert store.append_event(other.id, Noted(message="two")) == 2
        assert events_of(store, other)[-1] == Noted(message="two")

    # Studies

    def test_labels_that_are_set_stay_whatever_else_changes(self, store: Store, job: Job) -> None:
        assert job.labels is None
        labelled = store.set_labels(job.id, {"team": "vision"})
        assert labelled.labels == {"team": "vision"}
        # A change that began from the job as it was before must not bring old labels back.
        store.change_job(advance_job(job, JobState.RUNNING, at=2.0))
        assert store.job("digits").labels == {"team": "vision"}
        assert store.set_labels(job.id, {}).labels == {}
        notes = [event.message for event in events_of(store, job) if isinstance(event, Noted)]
        assert notes == ["labels: team=vision", "labels: none"]

    def test_tags_stay_whatever_else_changes_and_say_so_once(self, store: Store, job: Job) -> None:
        trial = store.create_trial(make_trial(job, 1), note=None)
        assert trial.tags == ()
        tagged = store.change_tags(job.id, 1, add=["star", "baseline", "star"])
        assert tagged.tags == ("star", "baseline")
        # A change that began from the trial as it was before must not take them off.
        store.change_trial(advance_trial(trial, TrialState.RUNNING, at=2.0))
        assert store.trial(job.id, 1).tags == ("star", "baseline")
        assert store.change_tags(job.id, 1, add=["star"], remove=["never"]).tags == tagged.tags
        assert store.change_tags(job.id, 1, remove=["star"]).tags == ("baseline",)
        assert [row.tags for row in store.trial_rows(job.id)] == [("baseline",)]
        notes = [event for event in events_of(store, job) if isinstance(event, Noted)]
        assert [(one.trial, one.message) for one in notes] == [
            (1, "tags: star, baseline"),
            (1, "tags: baseline"),
        ]
        with pytest.raises(NotFound, match="no trial 2"):
            store.change_tags(job.id, 2, add=["star"])

    def test_limits_are_changed_from_those_that_hold_and_stay(self, store: Store, job: Job) -> None:
        assert job.limits is None
        before = Ceilings(trials=10, parallel=2, failed=None)
        after = before.with_({"parallel": 4})
        change = limit(job, before, after)
        changed = store.change_limits(change)
        assert changed == store.job("digits")
        assert changed.limits == after
        assert events_of(store, job)[-1] == LimitsChanged(
            before={"parallel": 2}, after={"parallel": 4}
        )
        with pytest.raises(Conflict, match="the limits of digits or its state were changed"):
            store.change_limits(change)
        # A change that began from the job as it was before must not bring old limits back.
        store.change_job(advance_job(job, JobState.RUNNING, at=2.0))
        assert store.job("digits").limits == after

    def test_how_long_a_trial_was_running_is_kept(self, store: Store, trial: Trial) -> None:
        started = store.change_trial(advance_trial(trial, TrialState.RUNNING, at=2.0))
        lost = advance_trial(started, TrialState.QUEUED, at=9.0, left_at=5.0)
        assert store.change_trial(lost).active_s == 3.0
        assert store.trial(trial.job_id, 1).active_s == 3.0

    def test_who_runs_a_trial_is_kept(self, store: Store, trial: Trial) -> None:
        given = store.change_trial(advance_trial(trial, TrialState.RUNNING, at=2.0, client="w1"))
        assert given.client == "w1"
        assert store.trial(trial.job_id, 1) == given
        ended = store.change_trial(advance_trial(given, TrialState.SUCCEEDED, at=3.0))
        assert ended.client == "w1"

    def test_a_deleted_trial_is_gone_and_its_number_is_not_given_again(
        self, store: Store, job: Job, trial: Trial
    ) -> None:
        store.delete_trial(job.id, trial.number)
        assert store.trials(job.id) == ()
        assert store.trial_counts(job.id) == {}
        with pytest.raises(NotFound, match="job digits has no trial 1"):
            store.trial(job.id, 1)
        with pytest.raises(NotFound):
            store.delete_trial(job.id, 1)
        with pytest.raises(Conflict, match="already has a trial 1"):
            store.create_trial(make_trial(job), note=None)

    def test_operations_are_open_until_they_are_ended_once(self, store: Store, job: Job) -> None:
        asked = Operation(job_id=job.id, job=job.name, asked=SuggestTrials("w1", 2), created_at=1.0)
        first, second = (store.create_operation(asked) for _ in range(2))
        assert first == replace(asked, id=first.id)
        assert store.open_operations(job.id) == (first, second)
        done = replace(first, ended_at=4.0, trials=(1, 2), exhausted=True)
        assert store.end_operation(done) == done
        assert store.operation(first.id) == done
        assert store.open_operations(job.id) == (second,)
        with pytest.raises(Conflict, match="has ended already"):
            store.end_operation(replace(done, error="late"))
        check = replace(asked, asked=CheckStopping(3), ended_at=5.0, should_stop=True)
        made = store.create_operation(check)
        assert store.operation(made.id) == replace(check, id=made.id)

    def test_operations_go_with_their_job_and_their_numbers_are_not_given_again(
        self, store: Store, job: Job
    ) -> None:
        asked = Operation(job_id=job.id, job=job.name, asked=SuggestTrials("w1", 1), created_at=1.0)
        gone = store.create_operation(asked)
        store.delete_job(job.id)
        with pytest.raises(NotFound, match=f"there is no operation {gone.id}"):
            store.operation(gone.id)
        other = store.create_job(make_spec(), name="other")
        later = store.create_operation(replace(asked, job_id=other.id, job="other"))
        assert later.id > gone.id

    # Durability

    def test_a_store_that_is_opened_again_holds_everything(self, location: Location) -> None:
        clock = SettableClock()
        store = location.open(clock)
        job = store.create_job(make_spec(), name="digits")
        trial = store.create_trial(make_trial(job), note={"k": 1})
        store.record(trial.ref, [make_report(math.nan, key="0")], source="report", offset=20)
        before = (store.jobs(), store.trials(job.id), store.events(job.id), store.note(job.id))
        store.close()
        store = location.open(clock)
        assert before == (
            store.jobs(),
            store.trials(job.id),
            store.events(job.id),
            store.note(job.id),
        )
        assert store.spec(job.id) == make_spec()
        assert store.offsets(trial.ref) == {"report": 20}
        assert store.record(trial.ref, [make_report(math.nan, key="0")], source="report") == 0
        assert math.isnan(values_of(store, trial.ref)[0])
        store.close()
