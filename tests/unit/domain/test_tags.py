from __future__ import annotations

import pytest

from dowse.domain.tags import retagged
from dowse.errors import InvalidInput


def test_tags_come_in_the_order_of_their_coming_and_once() -> None:
    assert retagged(["b"], add=["a", "b", "좋음"], remove=[]) == ("b", "a", "좋음")
    assert retagged(["a", "b"], add=["c"], remove=["a", "c", "x"]) == ("b",)


@pytest.mark.parametrize("odd", ["", " a", "a,b", "a\nb", "x" * 65])
def test_what_no_filter_could_name_is_refused_with_its_place(odd: str) -> None:
    with pytest.raises(InvalidInput, match=r"add\[1\]: must be 1 to 64 letters without commas"):
        retagged([], add=["good", odd], remove=[])


def test_too_many_tags_are_refused_with_their_number() -> None:
    with pytest.raises(InvalidInput, match="at most 50 tags, these would be 51"):
        retagged([], add=[f"t{k}" for k in range(51)], remove=[])
