import math
from typing import Any

import pytest

from dowse.domain import told
from dowse.errors import InvalidInput


def test_a_bare_number_will_do_where_there_is_one_metric() -> None:
    assert told.values(["loss"], 3) == {"loss": 3.0}
    assert told.values(["loss"], {"loss": 10**400}) == {"loss": math.inf}


def test_values_come_in_the_order_of_the_metrics() -> None:
    assert list(told.values(["a", "b"], {"b": 1, "a": 2}).items()) == [("a", 2.0), ("b", 1.0)]


def test_everything_that_is_wrong_is_named_at_once() -> None:
    given: Any = {"loss": 1.0, "los": 2.0, 3: 4.0}
    with pytest.raises(InvalidInput) as refused:
        told.values(["loss", "time", "size"], given)
    assert [problem.path for problem in refused.value.problems] == ["los", "3", "time", "size"]
    assert "did you mean 'loss'?" in str(refused.value)


@pytest.mark.parametrize("value", ["1", True, None, [1.0]])
def test_what_is_no_number_is_refused_under_its_metric(value: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        told.values(["loss", "time"], {"loss": value, "time": 1.0})
    assert str(refused.value) == f"loss: must be a number, got {value!r}"
