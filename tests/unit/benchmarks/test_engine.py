"""The engine's harness: tasks, traces, scores, records. The figures themselves are not tested."""

import json
import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks.engine import (
    cost,
    data,
    drivers,
    environments,
    field,
    runs,
    scoring,
    secondary,
    tasks,
    transfer,
)
from benchmarks.engine.__main__ import main
from benchmarks.engine.runs import Run, Trace

CONTINUOUS = ("branin", *tasks.SYNTHETIC)
OPTIMA = {
    "branin": [math.pi, 2.275],
    "hartmann6": [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573],
    "ackley10": [0.0] * 10,
    "levy4": [1.0] * 4,
    "rosenbrock6": [1.0] * 6,
    "styblinski5": [-2.903534] * 5,
}


@pytest.fixture(autouse=True)
def without_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(data.ENVIRONMENT, str(tmp_path))
    monkeypatch.setattr(runs, "CACHE", tmp_path / "runs.jsonl")


def trace(task: str, gaps: Sequence[float], seed: int = 0, optimizer: str = "ax") -> Trace:
    run = Run(optimizer=optimizer, task=task, seed=seed, trials=len(gaps))
    return Trace(run=run, gaps=tuple(gaps), cpu_s=0.5)


# -- tasks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPTIMA)
def test_a_classical_function_has_its_best_value_at_its_optimum(name: str) -> None:
    task = tasks.get(name)
    optimum = dict(zip(task.space.names, OPTIMA[name], strict=True))
    assert task.true(optimum) == pytest.approx(task.best, abs=1e-5)


@pytest.mark.parametrize("name", [*CONTINUOUS, "mixedhp", "training", "hartmann6_in_40"])
def test_no_configuration_is_better_than_the_best_known(name: str) -> None:
    task, rng = tasks.get(name), np.random.default_rng(0)
    for u in rng.random((200, len(task.space.parameters))):
        assert task.true(task.space.at(u.tolist())) >= task.best


def test_noise_has_the_deviation_that_the_name_says() -> None:
    task, rng = tasks.get("hartmann6~0.1"), np.random.default_rng(0)
    configuration = task.space.at([0.5] * 6)
    seen = [task.observe(configuration, rng) for _ in range(500)]
    assert np.std(seen) == pytest.approx(0.1, rel=0.15)
    assert np.mean(seen) == pytest.approx(task.true(configuration), abs=0.02)


def test_a_shift_moves_the_optimum_and_stays_in_the_box() -> None:
    plain, moved = tasks.get("levy4"), tasks.get("levy4@3")
    assert moved.true(dict.fromkeys(plain.space.names, 1.0)) > 0.1
    for u in np.random.default_rng(0).random((100, 4)):
        assert moved.true(moved.space.at(u.tolist())) >= plain.best
    assert tasks.get("levy4@4").true(plain.space.at([0.5] * 4)) != moved.true(
        plain.space.at([0.5] * 4)
    )


def test_without_data_only_the_synthetic_tasks_run() -> None:
    assert tasks.runnable(tasks.CORE) == ("branin", "hartmann6", "ackley10", "mixedhp")
    with pytest.raises(FileNotFoundError, match="set BENCHMARK_DATA or --data to a folder"):
        tasks.get("hpobench_australian")


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(KeyError, match="sphere"):
        tasks.get("sphere")


# -- scores --------------------------------------------------------------------------------------


@pytest.fixture
def medians(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"a": [4.0, 2.0], "b": [1.0, 1.0]}
    monkeypatch.setattr(scoring, "medians", lambda: known)


@pytest.mark.usefixtures("medians")
def test_a_score_is_a_share_of_random_search_between_zero_and_two() -> None:
    assert scoring.scores([trace("a", [4.0, 1.0])], 1) == [1.0]
    assert scoring.scores([trace("a", [4.0, 1.0])], 2) == [0.5]
    assert scoring.scores([trace("a", [99.0, -0.5])], 1) == [2.0]
    assert scoring.scores([trace("a", [99.0, -0.5])], 2) == [0.0]


@pytest.mark.usefixtures("medians")
def test_the_mean_goes_over_seeds_first_and_then_over_tasks() -> None:
    found = {"a": [trace("a", [4.0]), trace("a", [2.0], seed=1)], "b": [trace("b", [0.0])]}
    assert scoring.mean_score(found, 1) == pytest.approx((0.75 + 0.0) / 2)


@pytest.mark.usefixtures("medians")
def test_ranks_are_meant_over_common_tasks_and_ties_share_theirs() -> None:
    contest = {
        "one": {"a": [trace("a", [1.0])], "b": [trace("b", [0.5])]},
        "two": {"a": [trace("a", [2.0])], "b": [trace("b", [0.5])]},
        "three": {"a": [trace("a", [3.0])], "b": [trace("b", [0.9])]},
    }
    assert scoring.mean_ranks(contest, 1) == {"one": 1.25, "two": 1.75, "three": 3.0}


def test_every_open_task_has_its_medians_and_they_never_grow() -> None:
    for task in tasks.OPEN:
        medians = scoring.medians()[task]
        assert len(medians) == scoring.LONGEST
        assert medians[0] > medians[-1] >= 0.0


def test_measured_medians_are_those_of_random_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "_SEEDS", 20)
    (gaps,) = scoring.measure_medians(["branin"]).values()
    assert gaps[0] == pytest.approx(scoring.medians()["branin"][0], rel=1.0)
    assert all(later <= sooner for sooner, later in pairwise(gaps))


# -- runs ----------------------------------------------------------------------------------------


def test_a_trace_is_the_gap_of_the_configuration_that_looks_best() -> None:
    made = runs.perform(Run(optimizer="dowse", task="branin", seed=0, trials=9, batch=4))
    assert len(made.gaps) == 9
    assert list(made.gaps) == sorted(made.gaps, reverse=True)  # Without noise it never gets worse.
    assert made.pick is not None
    assert made.pick >= made.gaps[-1] * (1 - 1e-6)  # Gaps are rounded.
    assert made.cpu_s > 0.0


def test_a_run_that_was_made_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [Run(optimizer="dowse", task="branin", seed=seed, trials=3) for seed in (0, 1)]
    first = runs.traces(wanted[:1])
    with runs.CACHE.open("a") as file:
        file.write('{"run": {"optimizer": "dow')  # The line that an interruption cut short.
        file.write("\n")
    performed: list[Run] = []
    real = runs.perform

    def counted(run: Run) -> Trace:
        performed.append(run)
        return real(run)

    monkeypatch.setattr(runs, "perform", counted)
    both = runs.traces(wanted)
    assert performed == wanted[1:]
    assert both[wanted[0]].gaps == list(first[wanted[0]].gaps)


def test_runs_of_other_code_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [Run(optimizer="dowse", task="branin", seed=0, trials=2)]
    runs.traces(wanted)
    monkeypatch.setattr(runs, "fingerprint", lambda optimizer: "changed")
    stored = json.loads(runs.CACHE.read_text())
    runs.traces(wanted)
    again = [json.loads(line) for line in runs.CACHE.read_text().splitlines()]
    assert [each["fingerprint"] for each in again] == [stored["fingerprint"], "changed"]


# -- records -------------------------------------------------------------------------------------


def test_a_recorded_run_comes_back_as_it_was(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(field, "RECORDED", tmp_path / "peers.json")
    field.recorded.cache_clear()
    made = trace("branin", [5.0, 5.0, 2.5, 2.5, 2.75, 0.0, 0.0])
    field.record("ax", [made], "1.3.1", {"cpu": "x"})
    field.record("ax", [trace("branin", [3.0], seed=1)], "1.3.1", {"cpu": "x"})
    assert [each.gaps for each in field.recorded()["ax"]] == [list(made.gaps), [3.0]]
    assert field.recorded()["ax"][0].run == made.run
    field.recorded.cache_clear()


def test_a_longer_run_takes_the_place_of_a_shorter_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(field, "RECORDED", tmp_path / "peers.json")
    field.recorded.cache_clear()
    for gaps in ([4.0, 3.0], [5.0, 2.0, 1.0], [9.0]):
        field.record("ax", [trace("branin", gaps)], "1.3.1", {})
    assert [each.gaps for each in field.recorded()["ax"]] == [[5.0, 2.0, 1.0]]
    field.recorded.cache_clear()


def test_the_committed_record_names_known_peers_and_tasks() -> None:
    field.recorded.cache_clear()
    for peer, made in field.recorded().items():
        assert peer in drivers.PEERS
        for each in made:
            assert each.run.task.partition("@")[0] in (*tasks.OPEN, *secondary.FUNCTIONS)
            assert len(each.gaps) == each.run.trials


def test_every_peer_has_pinned_requirements_and_an_adapter() -> None:
    for peer, (environment, _) in drivers.PEERS.items():
        pins = environments.requirements(environment)
        assert pins.with_name("adapter.py").exists()
        assert drivers.version(peer)[0].isdigit()
        for line in pins.read_text().splitlines():
            assert line.count("==") == 1, line
            assert "+" not in line, f"{line}: a local version is one index's own"


# -- the command ---------------------------------------------------------------------------------


def test_a_part_is_printed_and_not_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(secondary, "_GOALS", {"branin": (1.0, 1.0, 1.0)})
    monkeypatch.setattr(secondary, "_AT", (1, 2, 3))
    monkeypatch.setattr(secondary, "_hard", lambda options: [])
    monkeypatch.setattr(secondary, "_solved", lambda own, seeds: [])
    kept = Path(drivers.__file__).parents[1] / "results" / "engine.json"
    before = kept.read_bytes() if kept.exists() else None
    assert main(["--only", "secondary", "--seeds", "1", "--recorded"]) == 0
    said = capsys.readouterr()
    assert "branin, median regret at 3 (1 seeds)" in said.out
    assert "without benchmark data only the synthetic tasks run" in said.err
    assert (kept.read_bytes() if kept.exists() else None) == before


# -- transfer ------------------------------------------------------------------------------------


def test_a_shifted_task_is_another_one_in_another_unit() -> None:
    task = tasks.get("mixedhp")
    observe = transfer.shifted(task, np.random.default_rng(0))
    for u in np.random.default_rng(1).random((20, len(task.space.parameters))):
        configuration = task.space.at(u.tolist())
        assert observe(configuration) >= 3.0 * task.best + 5.0
        assert observe(configuration) != pytest.approx(3.0 * task.true(configuration) + 5.0)


def test_a_shifted_optimum_lies_near_the_true_one() -> None:
    task = tasks.get("branin")
    optimum = dict(zip(task.space.names, OPTIMA["branin"], strict=True))
    for seed in range(5):
        observe = transfer.shifted(task, np.random.default_rng(seed))
        # Its curvature times the square of the largest shift of each of its two parameters.
        assert 3.0 * task.best + 5.0 <= observe(optimum) < 3.0 * (task.best + 12.0) + 5.0


def test_a_case_gives_a_gap_for_every_trial_and_none_rises(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    transfer._studied.cache_clear()
    monkeypatch.setattr(transfer, "_EARLIER", 6)
    monkeypatch.setattr(transfer, "_TRIALS", 5)
    cold, *taught = (
        transfer.perform(transfer.Case(target="branin", source=None, kind=kind, seed=0))
        for kind in transfer.KINDS
    )
    for gaps in (cold, *taught):
        assert len(gaps) == 5
        assert all(0.0 <= b <= a for a, b in pairwise(gaps))
    assert all(gaps[0] != cold[0] for gaps in taught)


# -- cost ----------------------------------------------------------------------------------------


def test_the_memory_of_a_process_is_its_own_and_not_that_of_the_one_that_started_it() -> None:
    held = b"x" * (200 << 20)
    program = "from benchmarks.engine import cost; print(cost.peak_memory())"
    assert 10 << 20 < cost._best_of(program, times=1) < len(held)
    assert cost.peak_memory() > len(held)
