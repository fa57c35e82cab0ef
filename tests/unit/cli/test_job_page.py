"""One job on one page."""

import pytest

from dowse import Discrete, Double, Integer, SearchSpace
from dowse.cli.job_page import parameter_line, space_lines, status_line
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


@pytest.mark.parametrize(
    ("dialect", "state", "reason", "line"),
    [
        ("native", "running", None, None),
        ("ai_platform", "succeeded", "trials_done", "AI Platform would show: SUCCEEDED"),
        ("azure_ml", "cancelled", "user", "Azure ML would show: Canceled"),
        ("openbayes", "running", None, "OpenBayes would show: 运行中 (running)"),
        ("openbayes", "cancelled", "user", "OpenBayes would show: 已取消 (cancelled)"),
        ("openbayes", "failed", "no_metric", "OpenBayes would show: 没有相应指标 (no such metric)"),
        (
            "openbayes",
            "failed",
            "too_many_failures",
            "OpenBayes would show: 执行出错 (execution error)",
        ),
        ("openbayes", "failed", "system_error", "OpenBayes would show: 系统错误 (system error)"),
        (
            "openbayes",
            "succeeded",
            "search_space_exhausted",
            "OpenBayes would show: 搜索空间用尽 (search space exhausted)",
        ),
        ("openbayes", "succeeded", "trials_done", "OpenBayes would show: 已完成 (completed)"),
    ],
)
def test_a_page_has_the_word_of_the_service_that_the_job_was_written_for(
    dialect: str, state: str, reason: str | None, line: str | None
) -> None:
    assert status_line({"state": state, "reason": reason}, dialect) == line
