"""One job on one page."""

from dowse import Double, Integer
from dowse.cli.job_page import parameter_line


def test_a_page_tells_the_scale_of_a_parameter() -> None:
    assert parameter_line(Double("lr", 1e-5, 0.1, scale="log")) == (
        "lr: a number from 1e-05 to 0.1 on a log scale"
    )
    assert parameter_line(Integer("layers", 1, 6)) == "layers: a whole number from 1 to 6"
