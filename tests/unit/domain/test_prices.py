from dataclasses import replace

import pytest

from dowse.domain.prices import Cost, Price, Prices, cost_problem, running_time_s
from dowse.domain.spec import JobSpec, Resources
from dowse.domain.trial import TrialState
from tests.unit.service.values import a_spec, a_trial


def on(machine: str, spec: JobSpec) -> JobSpec:
    resources = Resources(machine=machine)
    return replace(spec, launch=replace(spec.launch, resources=resources))


def test_the_list_says_what_google_says() -> None:
    standard = Prices().of("STANDARD_1")
    assert standard is not None
    assert standard.ml_units == 4.0571
    assert standard.per_hour == pytest.approx(1.988, abs=0.001)


def test_half_an_hour_costs_half() -> None:
    assert Price(per_hour=0.8, ml_units=1.6).of(1800.0) == Cost(amount=0.4, ml_units=0.8)
    assert Price(per_hour=0.8).of(3600.0) == Cost(amount=0.8)


def test_a_machine_without_a_price_of_its_own_has_that_of_any_other() -> None:
    prices = Prices(table={"gpu": Price(per_hour=2.0), "*": Price(per_hour=0.5)})
    assert prices.of("gpu") == Price(per_hour=2.0)
    assert prices.of("cpu") == prices.of(None) == Price(per_hour=0.5)
    assert Prices(table={}).of("gpu") is None


def test_trials_cost_while_they_run_and_not_while_they_wait() -> None:
    running = a_trial(1, TrialState.RUNNING, started_at=10.0, active_s=5.0)
    paused = a_trial(2, TrialState.PAUSED, started_at=3.0, active_s=4.0)
    ended = a_trial(3, TrialState.STOPPED, started_at=1.0, ended_at=9.0, active_s=8.0)
    assert running_time_s([running, paused, ended], now=12.0) == 7.0 + 4.0 + 8.0


def test_a_cost_limit_without_a_price_would_never_hold() -> None:
    free = Prices(table={"box": Price(per_hour=0.0)})
    problems = [
        cost_problem(a_spec(cost=5.0), Prices()),
        cost_problem(on("standard_gpus", a_spec(cost=5.0)), Prices()),
        cost_problem(on("box", a_spec(cost=5.0)), free),
    ]
    assert [str(problem) for problem in problems] == [
        "limits.cost: no price is known: name the machine under resources.machine, or give every "
        "one a price, such as DOWSE_PRICES='*=0.50'",
        "limits.cost: no price is known of the machine 'standard_gpus' (did you mean "
        "standard_gpu?); give it one, such as DOWSE_PRICES='standard_gpus=0.50'",
        "limits.cost: an hour of its machine costs nothing, so this limit would never be reached",
    ]
    assert cost_problem(on("standard_gpu", a_spec(cost=5.0)), Prices()) is None
    assert cost_problem(a_spec(), Prices()) is None
