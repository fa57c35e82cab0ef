"""Studies on the real store, with a suggester that answers when it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from dowse.dialects.vizier.dialect import read_study
from dowse.domain.job import JobState
from dowse.domain.operations import Operation, SuggestTrials
from dowse.domain.reasons import Reason
from dowse.domain.trial import TrialState
from dowse.errors import InvalidInput, NotFound, Refused
from dowse.service.closing import cancel_study
from dowse.service.studies import studies as module
from dowse.service.studies.studies import Studies
from dowse.service.studies.trials import Report
from dowse.service.suggesting import Answer, Question
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock, in_threads, make_spec

CONFIG: dict[str, Any] = {
    "metrics": [{"metric": "loss", "goal": "MINIMIZE"}],
    "parameters": [
        {
            "parameter": "x",
            "type": "DOUBLE",
            "doubleValueSpec": {"minValue": 0, "maxValue": 1000},
        }
    ],
}


class Slow:
    """A suggester that answers with 1, 2, 3, … once `answer` is called."""

    def __init__(self, on_answer: Callable[[], None]) -> None:
        self._on_answer = on_answer
        self.questions: list[Question] = []
        self._answers: list[Answer] = []
        self._next = 0.0

    def ask(self, question: Question) -> None:
        self.questions.append(question)

    def poll(self) -> tuple[Answer, ...]:
        found, self._answers = tuple(self._answers), []
        return found

    def close(self) -> None:
        self.questions.clear()

    def answer(self, count: int | None = None, **parts: Any) -> None:
        question = self.questions.pop(0)
        suggestions = []
        for _ in range(question.count if count is None else count):
            self._next += 1.0
            suggestions.append(({"x": self._next}, {"design": True}))
        self._answers.append(
            Answer(
                job_id=question.job_id,
                known_event=question.known_event,
                asked=question.count,
                suggestions=tuple(suggestions),
                **parts,
            )
        )
        self._on_answer()


class Prompt(Slow):
    """One that answers at once, from a thread of its own as the real one does."""

    def ask(self, question: Question) -> None:
        super().ask(question)
        threading.Thread(target=self.answer).start()


class World:
    """A study `s` and what surrounds it; `restart` is another owner with the same store."""

    def __init__(self, folder: Path) -> None:
        self.clock = SettableClock()
        self.store = SqliteStore(folder / "dowse.db", clock=self.clock)
        self.restart()
        self.studies.create(read_study({"studyConfig": CONFIG}).spec, "s")

    def restart(self) -> None:
        self.suggesters: list[Slow] = []
        self.studies = Studies(store=self.store, clock=self.clock, make_suggesting=self._make)

    def _make(self, on_answer: Callable[[], None]) -> Slow:
        self.suggesters.append(Slow(on_answer))
        return self.suggesters[-1]

    @property
    def suggester(self) -> Slow:
        return self.suggesters[-1]

    def ask(self, client: str, count: int = 1) -> Operation:
        return self.studies.suggest("s", SuggestTrials(client, count))

    def given(self, client: str, count: int = 1) -> tuple[int, ...]:
        """Ask, let the suggester answer if it is asked, and say which trials came."""
        operation = self.ask(client, count)
        if not operation.is_done:
            self.suggester.answer()
        found = self.studies.operation(operation.id)
        assert found.is_done
        return found.trials


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(module, "WAIT_S", 0.0)
    world = World(tmp_path)
    yield world
    world.studies.close()
    world.store.close()


def test_a_client_gets_its_open_trial_again_until_it_completes_it(world: World) -> None:
    assert world.given("a") == (1,)
    assert world.given("a") == (1,)
    assert world.given("b") == (2,)
    world.studies.complete("s", 1, Report(values={"loss": 0.5}))
    assert world.given("a") == (3,)


def test_no_suggester_is_started_before_somebody_asks(world: World) -> None:
    assert world.suggesters == []
    world.studies.create_trial("s", {"x": 1.0}, result=None)
    assert world.given("a") == (1,)
    assert world.suggesters == []


def test_a_client_that_asks_for_more_gets_its_open_trials_and_new_ones(world: World) -> None:
    assert world.given("a", 2) == (1, 2)
    assert world.given("a", 3) == (1, 2, 3)
    assert world.given("a", 1) == (1,)


def test_an_operation_is_open_while_the_suggester_thinks(world: World) -> None:
    asked = world.ask("a")
    assert (asked.is_done, asked.trials) == (False, ())
    world.suggester.answer()
    done = world.studies.operation(asked.id)
    assert (done.is_done, done.trials) == (True, (1,))


def test_two_questions_of_one_client_at_once_have_one_answer(world: World) -> None:
    first, second = world.ask("a"), world.ask("a")
    assert [question.count for question in world.suggester.questions] == [1]
    world.suggester.answer()
    assert world.studies.operation(first.id).trials == (1,)
    assert world.studies.operation(second.id).trials == (1,)
    assert len(world.studies.trials("s")[0]) == 1


def test_the_questions_of_several_clients_are_answered_together(world: World) -> None:
    first = world.ask("a")
    others = [world.ask("b", 2), world.ask("c")]
    world.suggester.answer()
    (question,) = world.suggester.questions
    assert question.count == 3
    world.suggester.answer()
    assert world.studies.operation(first.id).trials == (1,)
    assert [world.studies.operation(one.id).trials for one in others] == [(2, 3), (4,)]


def test_a_server_that_dies_before_the_answer_loses_and_doubles_nothing(world: World) -> None:
    asked = world.ask("a", 2)
    world.restart()
    again = world.studies.operation(asked.id)
    assert not again.is_done
    world.suggester.answer()
    assert world.studies.operation(asked.id).trials == (1, 2)
    assert world.given("a", 2) == (1, 2)
    assert len(world.studies.trials("s")[0]) == 2


def test_trials_that_were_made_but_not_given_before_a_crash_are_given_next(world: World) -> None:
    # As if the server had died between making the trials and giving them away.
    world.studies.create_trial("s", {"x": 7.0}, result=None)
    world.studies.create_trial("s", {"x": 8.0}, result=None)
    world.restart()
    assert world.given("a") == (1,)
    assert world.given("b") == (2,)
    assert world.suggesters == []


def test_a_suggester_that_fails_says_so_in_the_operation(world: World) -> None:
    asked = world.ask("a")
    world.suggester.answer(0, error="the model broke")
    failed = world.studies.operation(asked.id)
    assert (failed.is_done, failed.error, failed.trials) == (True, "the model broke", ())
    assert world.given("a") == (1,)


def test_an_exhausted_space_gives_what_is_left_and_then_completes_the_study(world: World) -> None:
    asked = world.ask("a", 5)
    world.suggester.answer(2, exhausted=True)
    done = world.studies.operation(asked.id)
    assert (done.trials, done.exhausted) == ((1, 2), True)
    assert world.store.job("s").state is JobState.RUNNING
    asked = world.ask("b")
    world.suggester.answer(0, exhausted=True)
    assert world.studies.operation(asked.id).trials == ()
    job = world.store.job("s")
    assert (job.state, job.reason) == (JobState.SUCCEEDED, Reason.SEARCH_SPACE_EXHAUSTED)
    # Its clients complete what they have; nobody gets anything new.
    world.studies.complete("s", 1, Report(values={"loss": 1.0}))
    assert world.given("a") == (2,)
    assert world.given("c") == ()


def test_the_suggester_knows_results_and_what_is_pending(world: World) -> None:
    world.given("a", 2)
    world.studies.complete("s", 1, Report(values={"loss": 0.25}, step=9))
    world.ask("a", 2)
    history = world.suggester.questions[0].history
    assert [(one.number, one.value) for one in history.observations] == [(1, 0.25)]
    assert history.pending == ({"x": 2.0},)
    assert history.index == 2


def test_measurements_are_kept_in_order_with_the_time_since_the_beginning(world: World) -> None:
    world.clock.time = 100.0
    world.given("a")
    world.clock.time = 103.5
    world.studies.report("s", 1, Report(step=1, values={"loss": 2.0}))
    world.studies.report("s", 1, Report(step=1, elapsed_s=4.25, values={"loss": 1.0}))
    _, reports = world.studies.trial("s", 1)
    assert [(one.step, one.elapsed_s) for one in reports.running] == [(1, 3.5), (1, 4.25)]
    with pytest.raises(InvalidInput, match="must come after the last one, which is of stepCount 1"):
        world.studies.report("s", 1, Report(step=1, elapsed_s=4.0, values={"loss": 1.0}))


def test_without_a_final_measurement_the_last_one_counts(world: World) -> None:
    world.given("a")
    for step, loss in enumerate((3.0, 1.0, 2.0)):
        world.studies.report("s", 1, Report(step=step, elapsed_s=step, values={"loss": loss}))
    trial = world.studies.complete("s", 1, None)
    assert (trial.state, trial.objective, trial.step) == (TrialState.SUCCEEDED, 2.0, 2)
    assert world.studies.trial("s", 1)[1].final == Report(step=2, elapsed_s=2, values={"loss": 2.0})


def test_a_trial_without_any_measurement_cannot_be_completed(world: World) -> None:
    world.given("a")
    with pytest.raises(Refused, match="trial 1 of s has no measurement of 'loss'"):
        world.studies.complete("s", 1, None)
    assert world.studies.trial("s", 1)[0].state is TrialState.RUNNING


def test_a_result_that_is_no_number_makes_the_trial_infeasible(world: World) -> None:
    world.given("a")
    trial = world.studies.complete("s", 1, Report(values={"loss": float("nan")}))
    assert (trial.state, trial.reason) == (TrialState.FAILED, Reason.INFEASIBLE)
    assert trial.message == "reported no finite 'loss', only nan"


def test_a_result_from_elsewhere_may_lie_outside_the_ranges_and_a_request_may_not(
    world: World,
) -> None:
    known = world.studies.create_trial("s", {"x": 5e3}, result=Report(values={"loss": 1.0}))
    assert (known.state, known.objective) == (TrialState.SUCCEEDED, 1.0)
    with pytest.raises(InvalidInput, match=r"x: must be .*5000"):
        world.studies.create_trial("s", {"x": 5e3}, result=None)
    with pytest.raises(InvalidInput, match="y: is not a parameter; there are x"):
        world.studies.create_trial("s", {"x": 1.0, "y": 2.0}, result=None)


def test_a_job_that_is_run_here_is_no_study(world: World) -> None:
    world.store.create_job(make_spec(), name="job")
    with pytest.raises(NotFound, match="job is a job and no study"):
        world.studies.study("job")


def test_a_cancelled_study_ends_its_trials_and_gives_nothing_more(world: World) -> None:
    world.given("a")
    cancelled = cancel_study(world.store, world.store.job("s"), at=5.0, reason=Reason.USER)
    assert (cancelled.state, cancelled.reason) == (JobState.CANCELLED, Reason.USER)
    assert world.studies.trial("s", 1)[0].state is TrialState.CANCELLED
    assert world.given("a") == ()


def test_an_answer_for_a_study_that_was_deleted_meanwhile_is_dropped(world: World) -> None:
    world.ask("a")
    world.studies.delete("s")
    world.suggester.answer()
    with pytest.raises(NotFound):
        world.studies.study("s")


def test_a_refused_completion_leaves_a_trial_that_nobody_runs_as_it_was(world: World) -> None:
    made = world.studies.create_trial("s", {"x": 1.0}, result=None)
    with pytest.raises(InvalidInput, match="acc: is not a metric of the study; there are loss"):
        world.studies.complete("s", made.number, Report(values={"acc": 1.0}))
    assert world.studies.trial("s", made.number)[0].state is TrialState.QUEUED


def test_the_suggester_is_told_every_objective(world: World) -> None:
    metrics = [*CONFIG["metrics"], {"metric": "size", "goal": "MINIMIZE"}]
    spec = read_study({"studyConfig": {**CONFIG, "metrics": metrics}}).spec
    world.studies.create(spec, "two")
    world.studies.create_trial("two", {"x": 1.0}, result=Report(values={"loss": 2.0, "size": 3.0}))
    with pytest.raises(InvalidInput, match="must hold a value of 'size', which is optimised"):
        world.studies.create_trial("two", {"x": 2.0}, result=Report(values={"loss": 2.0}))
    world.studies.suggest("two", SuggestTrials("a", 1))
    (known,) = world.suggester.questions[0].history.observations
    assert (known.value, known.metrics) == (2.0, {"size": 3.0})


def test_many_clients_at_once_never_share_a_trial(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    studies = Studies(store=store, clock=SettableClock(), make_suggesting=Prompt)
    studies.create(read_study({"studyConfig": CONFIG}).spec, "s")

    def work(client: int) -> list[int]:
        done = []
        for _ in range(8):
            operation = studies.suggest("s", SuggestTrials(f"c{client}", 1))
            while not operation.is_done:
                operation = studies.operation(operation.id)
            (number,) = operation.trials
            studies.report("s", number, Report(step=1, values={"loss": 2.0}))
            studies.complete("s", number, Report(step=2, values={"loss": 1.0}))
            done.append(number)
        return done

    numbers = [number for done in in_threads(4, work) for number in cast("list[int]", done)]
    trials, _ = studies.trials("s")
    assert sorted(numbers) == list(range(1, 33)) == [trial.number for trial in trials]
    assert {trial.state for trial in trials} == {TrialState.SUCCEEDED}
    studies.close()
    store.close()
