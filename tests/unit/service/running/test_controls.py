from dataclasses import replace
from pathlib import Path

from dowse.domain.events import ControlChosen, StopDecided
from dowse.domain.spec import JobSpec, StoppingSpec
from dowse.service.running.controls import is_control, let_run
from dowse.service.running.views import JobView, load_view
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock
from tests.unit.service.values import a_spec

VERDICT = StopDecided(
    trial=3, attempt=1, rule="median", message="too poor", numbers={"best": 0.5}, report=7
)


def ruled(rule: str, controls: float | None = None, seed: int = 0) -> JobSpec:
    return replace(a_spec(), stopping=StoppingSpec(rule=rule, controls=controls), seed=seed)


def controls_of(spec: JobSpec, trials: int = 2000) -> list[int]:
    return [n for n in range(1, trials + 1) if is_control(spec, n)]


def test_explicit_policies_have_no_controls_and_the_automatic_one_has_a_few() -> None:
    assert [controls_of(ruled(rule)) for rule in ("bandit", "median", "truncation")] == [[]] * 3
    assert controls_of(a_spec()) == []
    assert 60 <= len(controls_of(ruled("auto"))) <= 140
    assert controls_of(ruled("auto", controls=0.0)) == []
    assert len(controls_of(ruled("median", controls=1.0))) == 2000


def test_jobs_of_one_seed_share_controls_only_where_they_search_the_same() -> None:
    spec = ruled("auto", 0.5)
    again = replace(spec, limits=replace(spec.limits, trials=7))
    assert controls_of(again) == controls_of(spec)
    other = replace(spec, objectives=(replace(spec.objective, metric="another"),))
    assert 350 < len(set(controls_of(spec)) & set(controls_of(other))) < 650


def test_the_draw_is_that_of_the_seed_and_grows_with_the_share() -> None:
    few, many = ruled("auto", 0.1, seed=5), ruled("auto", 0.3, seed=5)
    assert controls_of(few) == controls_of(few)
    assert set(controls_of(few)) < set(controls_of(many))
    assert controls_of(few) != controls_of(ruled("auto", 0.1, seed=6))


def test_a_control_is_recorded_once_whoever_looks(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    job = store.create_job(ruled("median", controls=1.0), name="digits")
    view: JobView = load_view(store, job)
    assert let_run(store, view, VERDICT)
    assert view.controls == {3}
    assert let_run(store, load_view(store, job), replace(VERDICT, attempt=2, report=9))
    found = [event for _, _, event in store.events(job.id) if isinstance(event, ControlChosen)]
    assert found == [
        ControlChosen(
            trial=3, attempt=1, rule="median", message="too poor", numbers={"best": 0.5}, report=7
        )
    ]
    store.close()


def test_a_pause_condemns_nobody(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    job = store.create_job(ruled("asha", controls=1.0), name="digits")
    assert not let_run(store, load_view(store, job), replace(VERDICT, pause=True))
    assert store.last_event(job.id) == 1
    store.close()


def test_a_condemned_trial_that_is_no_control_leaves_nothing_behind(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    job = store.create_job(ruled("median"), name="digits")
    view = load_view(store, job)
    assert not let_run(store, view, VERDICT)
    assert not view.controls
    store.close()


def test_who_was_a_control_stays_one_though_the_draw_has_changed(tmp_path: Path) -> None:
    """An earlier version drew from other things; its logs are read, and nobody is stopped late."""
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    spec = ruled("median", controls=1e-9)
    job = store.create_job(spec, name="digits")
    assert not is_control(spec, 3)
    was = ControlChosen(trial=3, attempt=1, rule="median", message="too poor", numbers={}, report=7)
    last = store.append_event(job.id, was)
    view = load_view(store, job)
    assert not let_run(store, view, replace(VERDICT, trial=4))
    assert let_run(store, view, VERDICT)
    assert store.last_event(job.id) == last
    store.close()
