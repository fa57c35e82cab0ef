"""When a parameter is active: a comparison of one parent with a constant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dowse.domain.tokens import written

Constant = bool | int | float | str


class Comparison(Enum):
    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    IN = "in"
    NOT_IN = "not in"


@dataclass(frozen=True, slots=True)
class Condition:
    """`parent comparison values`, for example `optimizer in ("sgd", "momentum")`.

    `values` holds one constant, or any number of them for IN and NOT_IN.
    """

    parent: str
    comparison: Comparison
    values: tuple[Constant, ...]

    def __post_init__(self) -> None:
        many = self.comparison in (Comparison.IN, Comparison.NOT_IN)
        if not self.values or (len(self.values) != 1 and not many):
            raise ValueError(f"{self.comparison.value} takes one value, got {self.values!r}")

    def holds(self, value: Constant) -> bool:
        """Whether `value` of the parent makes the parameter active.

        Raises TypeError when text is ordered against a number; the search space refuses such
        conditions before any value exists.
        """
        match self.comparison:
            case Comparison.EQUAL | Comparison.IN:
                return value in self.values
            case Comparison.NOT_EQUAL | Comparison.NOT_IN:
                return value not in self.values
        (bound,) = self.values
        if isinstance(value, str) or isinstance(bound, str):
            raise TypeError(f"{value!r} {self.comparison.value} {bound!r} compares text by order")
        match self.comparison:
            case Comparison.LESS:
                return value < bound
            case Comparison.LESS_OR_EQUAL:
                return value <= bound
            case Comparison.GREATER:
                return value > bound
            case _:
                return value >= bound

    def __str__(self) -> str:
        parent = written(self.parent)
        if self.comparison in (Comparison.IN, Comparison.NOT_IN):
            inside = ", ".join(_quoted(value) for value in self.values)
            return f"{parent} {self.comparison.value} [{inside}]"
        return f"{parent} {self.comparison.value} {_quoted(self.values[0])}"


def _quoted(value: Constant) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return repr(value)
