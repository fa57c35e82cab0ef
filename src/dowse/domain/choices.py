"""Parameters that are one of a list of values: Discrete and Categorical."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dowse.domain.conditions import Condition
from dowse.domain.parameter_rules import (
    Value,
    check_name,
    checked_condition,
    checked_scale,
    checked_texts,
    checked_values,
    fits_float,
    is_number,
    refuse,
)
from dowse.domain.scales import Scale


@dataclass(frozen=True, slots=True)
class Discrete:
    """An ordered list of numbers, each as likely as the other; kept in ascending order.

    `texts` are the values as the document wrote them, in the order of `values`.
    """

    name: str
    choices: Sequence[int | float]
    scale: Scale | str | None = None
    texts: Sequence[str] | None = None
    when: Condition | str | None = None

    def __post_init__(self) -> None:
        check_name(self.name)
        object.__setattr__(self, "when", checked_condition(self.name, self.when))
        choices = checked_values(self.name, self.choices)
        for choice in choices:
            if not isinstance(choice, int | float) or isinstance(choice, bool):
                raise refuse(f"{self.name}.values", f"must hold numbers only, got {choice!r}")
            if not fits_float(choice) or not math.isfinite(choice):
                raise refuse(f"{self.name}.values", f"must be finite, got {choice!r}")
        texts = checked_texts(self.name, self.texts, len(choices))
        if len(set(choices)) != len(choices):
            twice = next(choice for choice in choices if choices.count(choice) > 1)
            raise refuse(f"{self.name}.values", f"must be unique, got {twice!r} twice")
        order = sorted(range(len(choices)), key=lambda index: float(choices[index]))
        object.__setattr__(self, "choices", tuple(choices[index] for index in order))
        if texts is not None:
            object.__setattr__(self, "texts", tuple(texts[index] for index in order))
        if self.scale is not None:
            low = float(self.choices[0])
            object.__setattr__(self, "scale", checked_scale(self.name, self.scale, low))

    @property
    def condition(self) -> Condition | None:
        """`when`, parsed."""
        return self.when  # type: ignore[return-value]

    @property
    def levels(self) -> int:
        return len(self.choices)

    def values(self) -> Iterator[int | float]:
        return iter(self.choices)

    def value_at(self, u: float) -> int | float:
        return self.choices[min(int(u * len(self.choices)), len(self.choices) - 1)]

    def snap(self, value: float) -> int | float:
        return min(self.choices, key=lambda choice: abs(choice - value))

    def unit(self, value: float) -> float:
        return (self.choices.index(self.snap(value)) + 0.5) / len(self.choices)

    def contains(self, value: object) -> bool:
        return is_number(value) and value in self.choices

    def text(self, value: Value) -> str:
        if self.texts is not None and is_number(value):
            return self.texts[self.choices.index(value)]
        return repr(value)

    def describe(self) -> str:
        return "one of " + ", ".join(self.text(choice) for choice in self.choices[:20])


@dataclass(frozen=True, slots=True)
class Categorical:
    """A set of labels without an order, each as likely as the other."""

    name: str
    choices: Sequence[Value]
    texts: Sequence[str] | None = None
    when: Condition | str | None = None

    def __post_init__(self) -> None:
        check_name(self.name)
        object.__setattr__(self, "when", checked_condition(self.name, self.when))
        choices = checked_values(self.name, self.choices)
        for choice in choices:
            if not isinstance(choice, str | bool | int | float):
                raise refuse(
                    f"{self.name}.values", f"must be text, a number or a boolean, got {choice!r}"
                )
            if isinstance(choice, float) and not math.isfinite(choice):
                raise refuse(f"{self.name}.values", f"must be finite, got {choice!r}")
        texts = checked_texts(self.name, self.texts, len(choices))
        labels = [_label(choice) for choice in choices]
        if len(set(labels)) != len(labels):
            twice = next(choice for choice in choices if labels.count(_label(choice)) > 1)
            raise refuse(f"{self.name}.values", f"must be unique, got {twice!r} twice")
        object.__setattr__(self, "choices", choices)
        object.__setattr__(self, "texts", texts)

    @property
    def condition(self) -> Condition | None:
        """`when`, parsed."""
        return self.when  # type: ignore[return-value]

    @property
    def levels(self) -> int:
        return len(self.choices)

    def values(self) -> Iterator[Value]:
        return iter(self.choices)

    def index(self, value: object) -> int:
        """The place of a label. Raises ValueError when it is not one of the choices."""
        for index, choice in enumerate(self.choices):
            if _label(choice) == _label(value):
                return index
        raise ValueError(f"{value!r} is not a choice of {self.name}")

    def value_at(self, u: float) -> Value:
        return self.choices[min(int(u * len(self.choices)), len(self.choices) - 1)]

    def unit(self, value: Value) -> float:
        return (self.index(value) + 0.5) / len(self.choices)

    def contains(self, value: object) -> bool:
        return any(_label(choice) == _label(value) for choice in self.choices)

    def text(self, value: Value) -> str:
        if self.texts is not None:
            return self.texts[self.index(value)]
        return str(value)

    def describe(self) -> str:
        return "one of " + ", ".join(repr(choice) for choice in self.choices[:20])


def _label(value: object) -> tuple[bool, object]:
    """Numbers are the same label when they are equal, but True, which equals 1, is another."""
    return isinstance(value, bool), value
