"""Why a job stands still, in words."""

from dowse.domain.spec import Resources
from dowse.ports import Slots
from dowse.service.room import shortage

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
