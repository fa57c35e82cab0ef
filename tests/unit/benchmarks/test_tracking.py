import pytest

from benchmarks.service.tracking import rows_of


def test_the_ratio_is_that_of_the_medians_and_is_held_to_a_half() -> None:
    times = {"dowse": [0.003, 0.001, 0.002], "mlflow": [0.010, 0.004, 0.005]}
    rates = {"dowse": [100.0, 200.0, 300.0], "mlflow": [10.0, 20.0, 30.0]}
    ratio, median, late, rate = rows_of(times, rates)
    assert ratio.value == pytest.approx(0.4)
    assert ratio.holds is True
    assert median.value == pytest.approx(2.0)
    assert median.peer == "MLflow's server 5"
    assert late.value == pytest.approx(2.0)
    assert (rate.value, rate.peer) == (200.0, "MLflow's server 20")
    slower = rows_of({**times, "dowse": [0.0026]}, rates)
    assert slower[0].holds is False
