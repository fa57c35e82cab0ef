from __future__ import annotations

import pytest

from dowse.errors import Unavailable
from dowse.executors.slots import Share, SlotTable
from dowse.ports import Slots
from tests.unit.executors.attempts import ref


def test_an_attempt_that_asks_for_nothing_holds_nothing() -> None:
    table = SlotTable(cpus=2, gpu_ids=["0"])
    assert table.take(ref(1), cpus=None, gpus=None) == Share(cpus=0.0, gpu_ids=None)
    assert table.slots() == Slots(cpus_free=2, cpus_total=2, gpus_free=1, gpus_total=1)


def test_no_gpu_is_given_twice_and_a_released_one_is_given_again() -> None:
    table = SlotTable(cpus=8, gpu_ids=["0", "1", "GPU-a"])
    assert table.take(ref(1), cpus=None, gpus=1).gpu_ids == ("0",)
    assert table.take(ref(2), cpus=None, gpus=2).gpu_ids == ("1", "GPU-a")
    assert not table.fits(cpus=None, gpus=1)
    table.release(ref(1))
    assert table.take(ref(3), cpus=None, gpus=1).gpu_ids == ("0",)


def test_to_ask_for_no_gpu_is_to_see_none() -> None:
    assert SlotTable(cpus=1, gpu_ids=["0"]).take(ref(), cpus=None, gpus=0).gpu_ids == ()


def test_ten_tenths_of_a_cpu_fit_into_one() -> None:
    table = SlotTable(cpus=1, gpu_ids=[])
    for trial in range(1, 11):
        table.take(ref(trial), cpus=0.1, gpus=None)
    assert not table.fits(cpus=0.1, gpus=None)
    assert table.slots().cpus_free == pytest.approx(0, abs=1e-12)


def test_what_does_not_fit_is_refused_with_the_figures() -> None:
    table = SlotTable(cpus=4, gpu_ids=["0", "1"])
    table.take(ref(1), cpus=3, gpus=1)
    with pytest.raises(Unavailable) as refused:
        table.take(ref(2), cpus=2, gpus=2)
    assert str(refused.value) == (
        "digits/2/1 asks for cpus=2, gpus=2; free are 1 of 4 CPUs and 1 of 2 GPUs"
    )
    assert table.slots().gpus_free == 1


def test_restored_shares_count_even_when_there_is_less_now() -> None:
    table = SlotTable(cpus=2, gpu_ids=["0"])
    table.restore(ref(1), Share(cpus=4, gpu_ids=("0", "3")))
    assert table.slots() == Slots(cpus_free=0, cpus_total=2, gpus_free=0, gpus_total=1)
    table.release(ref(1))
    table.release(ref(1))
    assert table.slots() == Slots(cpus_free=2, cpus_total=2, gpus_free=1, gpus_total=1)
