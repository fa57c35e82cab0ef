"""What dialects share in building a search space: domain errors find their place in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from dowse.dialects.reader import Field, Places
from dowse.domain import feasibility
from dowse.domain.constraints import parse as parse_constraint
from dowse.domain.parameters import Discrete, Parameter
from dowse.domain.scales import Scale
from dowse.domain.space import SearchSpace
from dowse.errors import InvalidInput

T = TypeVar("T")


def built(make: Callable[[], T], places: Places, fallback: Field) -> T | None:
    """A domain value, or None with its complaints in the log."""
    try:
        return make()
    except InvalidInput as error:
        places.report(error.problems, fallback)
        return None


def checked_names(names: Iterable[Field | None]) -> None:
    """Report every name that was given before, with the line of the first."""
    first: dict[str, Field] = {}
    for field in names:
        text = field.text() if field else None
        if field is None or text is None:
            continue
        earlier = first.setdefault(text, field)
        if earlier is not field:
            place = earlier.node.location
            where = f" on line {place.line}" if place else ""
            field.error(f"is the name of two parameters: {text!r} was given before{where}")


def discrete(field: Field, name: str, scale: Scale | None, places: Places) -> Discrete | None:
    """A list of numbers, kept as written; one out of order is sorted with a warning."""
    items = field.items("a list of numbers")
    if items is None:
        return None
    numbers = [item.finite() for item in items]
    texts = [item.text() or "" for item in items]
    choices = [number for number in numbers if number is not None]
    if len(choices) != len(items):
        return None
    if choices != sorted(choices):
        field.warn("is not in ascending order; the values were sorted")
    if len(choices) == 1:
        field.warn(f"holds one value: {name} is always {texts[0]}")
    # `1_000` is how a person writes a number, and few programs read it.
    spelled = [
        repr(number) if "_" in text else text.strip()
        for number, text in zip(choices, texts, strict=True)
    ]
    verbatim = None if spelled == [repr(number) for number in choices] else spelled
    return built(lambda: Discrete(name, choices, scale, verbatim), places, field)


def space(
    parameters: Sequence[Parameter],
    constraints: Sequence[tuple[str, Field]],
    places: Places,
    fallback: Field,
) -> SearchSpace | None:
    """The whole space, checked for contradiction. Parameters with errors must not be left out."""
    for index, (_, field) in enumerate(constraints):
        places.put(f"constraints[{index}]", field)
    made = built(
        lambda: SearchSpace(parameters, [text for text, _ in constraints]), places, fallback
    )
    if made is not None:
        places.report(feasibility.problems(made), fallback)
    return made


def check_constraints(constraints: Iterable[tuple[str, Field]], places: Places) -> None:
    """Report what is wrong with constraints by themselves, when there is no space to ask."""
    for text, field in constraints:
        built(lambda text=text: parse_constraint(text), places, field)  # type: ignore[misc]
