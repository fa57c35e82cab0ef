"""One job on one page."""

from dowse import Discrete, Double, Integer, SearchSpace
from dowse.cli.job_page import parameter_line, space_lines
from dowse.domain.constraints import parse


def test_a_page_tells_the_scale_of_a_parameter() -> None:
    assert parameter_line(Double("lr", 1e-5, 0.1, scale="log")) == (
        "lr: a number from 1e-05 to 0.1 on a log scale"
    )
    assert parameter_line(Integer("layers", 1, 6)) == "layers: a whole number from 1 to 6"
    assert parameter_line(Discrete("heads", [1, 2, 8], scale="log")) == (
        "heads: one of 1, 2, 8 on a log scale"
    )


def test_a_list_without_a_scale_tells_none() -> None:
    assert parameter_line(Discrete("heads", [2, 4, 8])) == "heads: one of 2, 4, 8"


def test_a_page_shows_a_constraint_as_it_was_written() -> None:
    space = SearchSpace(
        [Discrete("heads", [2, 4]), Integer("hidden", 1, 8)],
        constraints=[parse("hidden % heads == 0")],
    )
    assert space_lines(space) == [
        "heads: one of 2, 4",
        "hidden: a whole number from 1 to 8",
        "hidden % heads == 0",
    ]
