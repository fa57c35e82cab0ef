from __future__ import annotations

import pytest

from dowse.runtime.order import Order


@pytest.mark.parametrize("timeout_s", [None, 0.1, 7200.0])
@pytest.mark.parametrize("names", [[], ["PATH"], ["A B", "ü"]])
def test_an_order_survives_its_words(timeout_s: float | None, names: list[str]) -> None:
    order = Order(
        directory="/a b",
        working_directory="/c",
        newer_attempt="/d.2",
        trial=3,
        attempt=2,
        timeout_s=timeout_s,
        grace_s=0.1,
        environment_names=names,
        argv=["echo", "", "=", "-c", "ü"],
    )
    again = Order.parse(order.words())
    assert all(getattr(again, name) == getattr(order, name) for name in Order.__slots__)
