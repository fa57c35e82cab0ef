"""The logical order: the same trials, however many run at once, however long, whatever crashes."""

import contextlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest

from dowse.domain.ceilings import Ceilings
from dowse.domain.history import History
from dowse.domain.job import JobState
from dowse.domain.lifecycle import limit
from dowse.domain.metrics import Goal, Objective
from dowse.domain.parameters import Double
from dowse.domain.space import SearchSpace
from dowse.domain.spec import (
    AlgorithmSpec,
    Argv,
    CodeSpec,
    FailurePolicy,
    JobSpec,
    LaunchSpec,
    Limits,
    Order,
    Resources,
)
from dowse.domain.trial import Trial
from dowse.errors import Unavailable
from dowse.ports import Executor, Launch, Store
from dowse.service.running.loop import Loop
from dowse.service.running.workplace import Workplace
from dowse.service.suggesting import Question, Suggesting
from dowse.store.sqlite import SqliteStore
from tests.simulation.faults import Disturbed, Faults, Rates, SimulatedCrash
from tests.simulation.owner import FakeExecutor, FakeSuggesting, FakeWorkplace
from tests.simulation.world import METRIC, FakeClock, Kind, Process, Program, World

pytestmark = pytest.mark.simulation

W, TRIALS = 4, 14
NAME = "job"
TURNS = 4000


def a_spec(order: Order) -> JobSpec:
    return JobSpec(
        space=SearchSpace([Double("x", 0.0, 1.0), Double("y", 0.0, 1.0)]),
        objectives=(Objective(metric=METRIC, goal=Goal.MINIMIZE),),
        limits=Limits(trials=TRIALS, parallel=W, retries=100),
        launch=LaunchSpec(
            program=Argv(("train",)), code=CodeSpec(root="/code"), resources=Resources(cpus=1.0)
        ),
        algorithm=AlgorithmSpec(name="bayesian"),
        failures=FailurePolicy.IGNORE,
        order=order,
        seed=3,
    )


class Programs(World):
    """A result follows from the parameters; how long it takes, and what is lost, from the seed."""

    def start(self, launch: Launch) -> None:
        super().start(launch)
        ref, rng = launch.attempt, Random(f"{self.seed}/{launch.attempt}")
        x, y = self.store.trial(self.store.job(ref.job).id, ref.trial).parameters.values()
        assert isinstance(x, float)
        assert isinstance(y, float)
        kind = Kind.FAILING if x > 0.9 else Kind.GOOD
        duration = rng.choice([0.5, 3.0, 20.0, 60.0])
        program = Program(
            kind=Kind.LOST if rng.random() < self.trouble else kind,
            duration_s=duration,
            reports=((duration / 2, METRIC, (x - 0.3) ** 2 + (y - 0.6) ** 2),),
            ignores_term_s=0.0,
            told_after_s=rng.choice([0.0, 1.0]),
        )
        self.processes[ref] = Process(launch, program, self.clock.time)


class Machine(FakeExecutor):
    """An executor of so many slots."""

    def __init__(self, world: World, rng: Random, slots: int) -> None:
        super().__init__(world, rng)
        self._free = slots

    def fits(self, *, cpus: float | None, gpus: int | None) -> bool:
        return len(self._watched) < self._free


class Listening(FakeSuggesting):
    """Keeps what it was asked."""

    def __init__(self, world: World, rng: Random, questions: list[Question]) -> None:
        super().__init__(world, rng, errors=0.0)
        self._questions = questions

    def ask(self, question: Question) -> None:
        self._questions.append(question)
        super().ask(question)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    trials: tuple[Trial, ...]
    questions: tuple[Question, ...]
    crashes: int
    attempts: int
    took_s: float
    notes: tuple[str, ...]

    @property
    def suggestions(self) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        return [(trial.parameters, trial.why) for trial in self.trials]


def carried_out(
    folder: Path,
    *,
    seed: int,
    slots: int,
    parallel: int = W,
    troubled: bool = True,
    order: Order = Order.LOGICAL,
) -> Ran:
    """The job on a machine of `slots`, its `parallel` edited as soon as it is submitted."""
    rng, clock = Random(seed), FakeClock()
    store = SqliteStore(folder / f"{seed}-{slots}-{parallel}-{order.value}.db", clock=clock)
    with contextlib.closing(store), quiet():
        job = store.create_job(a_spec(order), name=NAME)
        if parallel != W:
            after = Ceilings(trials=TRIALS, parallel=parallel, failed=None)
            store.change_limits(limit(job, Ceilings.of(a_spec(order).limits), after))
        world = Programs(clock, store, seed, trouble=0.2 if troubled else 0.0)
        world.parallel[NAME] = parallel
        rates = Rates(crash=0.003 * troubled, unavailable=0.01 * troubled, local=0.0, people=0.0)
        faults = Faults(rng, rates, clock, lambda: None)
        questions: list[Question] = []
        loop: Loop | None = None
        start, crashes = clock.time, 0
        for _ in range(TURNS):
            try:
                loop = loop or new_owner(world, store, faults, slots, questions)
                loop.turn()
            except Unavailable:
                pass
            except SimulatedCrash:
                if faults.broken is not None:
                    raise faults.broken from None
                loop, crashes = None, crashes + 1
            if store.job(NAME).state.is_final:
                break
            clock.time += 0.5
        assert store.job(NAME).state is JobState.SUCCEEDED
        return Ran(
            trials=tuple(store.trials(job.id)),
            questions=tuple(questions),
            crashes=crashes,
            attempts=sum(trial.attempt for trial in store.trials(job.id)),
            took_s=clock.time - start,
            notes=tuple(
                message
                for _, _, event in store.events(job.id, limit=10_000)
                if (message := getattr(event, "message", None))
            ),
        )


def new_owner(
    world: World, store: Store, faults: Faults, slots: int, questions: list[Question]
) -> Loop:
    rng = Random(faults.rng.random())
    executor, workplace = Machine(world, rng, slots), FakeWorkplace(world, rng)
    suggesting = Listening(world, rng, questions)
    return Loop(
        store=cast(Store, Disturbed(store, "store", faults)),
        executor=cast(Executor, Disturbed(executor, "executor", faults)),
        workplace=cast(Workplace, Disturbed(workplace, "workplace", faults)),
        suggesting=cast(Suggesting, Disturbed(suggesting, "suggesting", faults)),
        clock=world.clock,
    )


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def seen(history: History) -> list[int]:
    return [one.number for one in history.observations]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return carried_out(tmp_path_factory.mktemp("plain"), seed=0, slots=W, troubled=False)


@pytest.mark.parametrize(("seed", "slots"), [(1, 1), (2, 2), (3, 4), (4, 4)])
def test_the_trials_are_equal_with_any_slots_durations_and_crashes(
    plain: Ran, tmp_path: Path, seed: int, slots: int
) -> None:
    ran = carried_out(tmp_path, seed=seed, slots=slots)
    assert ran.crashes > 0
    assert ran.attempts > TRIALS
    assert len(ran.trials) == TRIALS
    assert ran.suggestions == plain.suggestions
    assert [one.objective for one in ran.trials] == [one.objective for one in plain.trials]


@pytest.mark.parametrize("parallel", [1, 8])
def test_an_edit_of_parallel_changes_no_trial(plain: Ran, tmp_path: Path, parallel: int) -> None:
    ran = carried_out(tmp_path, seed=5, slots=8, parallel=parallel, troubled=False)
    assert ran.suggestions == plain.suggestions


def test_each_suggestion_sees_the_results_that_are_its_own_and_no_others(
    plain: Ran, tmp_path: Path
) -> None:
    for ran in (plain, carried_out(tmp_path, seed=1, slots=1)):
        for question in ran.questions:
            number = question.history.index + 1
            assert question.count == 1
            assert seen(question.history) == list(range(1, number - W + 1))
            rest = ran.trials[max(number - W, 0) : number - 1]
            assert list(question.history.pending) == [one.parameters for one in rest]
        assert {one.history.index for one in ran.questions} == set(range(TRIALS))


def test_the_order_of_completion_gives_other_trials_with_fewer_slots(tmp_path: Path) -> None:
    many = carried_out(tmp_path, seed=6, slots=4, troubled=False, order=Order.COMPLETION)
    one = carried_out(tmp_path, seed=6, slots=1, troubled=False, order=Order.COMPLETION)
    assert many.suggestions != one.suggestions


def test_the_events_say_for_which_trial_a_slot_is_kept_free(plain: Ran) -> None:
    told = [note for note in plain.notes if note.startswith("a slot stays free")]
    assert told
    assert len(told) == len(set(told))
    assert any("waits for the result of trial" in note for note in told)
