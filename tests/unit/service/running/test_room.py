"""Why a job stands still, in words."""

from dataclasses import replace

from dowse.domain.job import Intent
from dowse.domain.spec import Order, Resources
from dowse.domain.trial import Trial, TrialState
from dowse.ports import Slots
from dowse.service.running.planner import Room
from dowse.service.running.room import awaits_result, shortage
from dowse.service.running.views import JobView
from tests.unit.service.values import a_job, a_spec, a_trial, good

MACHINE = Slots(cpus_free=1.5, cpus_total=4, gpus_free=0, gpus_total=2)


def test_slots_that_others_hold_are_waited_for() -> None:
    assert shortage(Resources(cpus=2, gpus=1), MACHINE) == (
        "waiting for slots: each trial asks for 2 CPUs, of which 1.5 are free "
        "and 1 GPUs, of which 0 are free"
    )


def test_more_than_the_machine_has_is_named_as_such() -> None:
    assert shortage(Resources(cpus=1, gpus=3), MACHINE) == (
        "no trial can start: each asks for 3 GPUs, and there are 2 in all "
        "(resources of the job, setting gpus)"
    )


def test_what_asks_for_nothing_or_finds_it_free_waits_for_nothing() -> None:
    assert shortage(Resources(), MACHINE) is None
    assert shortage(Resources(cpus=1.5, gpus=0), MACHINE) is None


def a_view(*trials: Trial, order: Order = Order.LOGICAL) -> JobView:
    spec = replace(a_spec(parallel=2), order=order)
    return JobView(
        job=a_job(), submitted=spec, trials={one.number: one for one in trials}, note=None
    )


def test_a_slot_that_stays_free_in_the_logical_order_is_explained_once_for_each_trial() -> None:
    running, free = a_trial(1, TrialState.RUNNING), Room(trials=1)
    view = a_view(running, good(2))
    assert awaits_result(view, free) == (
        "a slot stays free: the suggestion of trial 3 waits for the result of trial 1 "
        "(order: logical)"
    )
    assert awaits_result(view, free) is None
    view.trials = {1: good(1), 2: a_trial(2, TrialState.RUNNING), 3: good(3)}
    assert "of trial 4 waits for the result of trial 2" in (awaits_result(view, free) or "")


def test_nothing_is_explained_where_no_slot_waits_for_a_result() -> None:
    running, free = a_trial(1, TrialState.RUNNING), Room(trials=1)
    assert awaits_result(a_view(running, good(2), order=Order.COMPLETION), free) is None
    assert awaits_result(a_view(running, good(2)), Room(trials=0)) is None
    assert awaits_result(a_view(running, a_trial(2)), free) is None
    assert awaits_result(a_view(good(1), a_trial(2, TrialState.RUNNING)), free) is None
    assert awaits_result(a_view(running, *map(good, range(2, 11))), free) is None
    pausing = a_view(running, good(2))
    pausing.job = replace(pausing.job, intent=Intent.PAUSE)
    assert awaits_result(pausing, free) is None
