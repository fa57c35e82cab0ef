"""The search space: ordered, named, conditional, constrained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.constraints import Constraint
from dowse.domain.constraints import parse as parse_constraint
from dowse.domain.kinds import check
from dowse.domain.parameter_rules import refuse
from dowse.domain.parameters import Categorical, Discrete, Parameter, Value
from dowse.errors import InvalidInput, Problem

Assignment: TypeAlias = Mapping[str, Value]
"""A value for every active parameter, and for no other."""

Key: TypeAlias = tuple[tuple[str, str, Value], ...]
"""A configuration as something to compare and hash."""

MAX_PARAMETERS = 1_000


@dataclass(frozen=True, slots=True)
class SearchSpace:
    """Parameters in document order, and the relations that every assignment keeps.

    Conditions form a forest: a parent is a parameter of the same space, never a descendant.
    Raises InvalidInput with every problem of the whole space at once.
    """

    parameters: Sequence[Parameter]
    constraints: Sequence[Constraint | str] = ()

    def __post_init__(self) -> None:
        _check_kinds(self.parameters, self.constraints)
        object.__setattr__(self, "parameters", tuple(self.parameters))
        problems = [*_name_problems(self.parameters), *_condition_problems(self.parameters)]
        relations: list[Constraint] = []
        for index, text in enumerate(self.constraints):
            path = f"constraints[{index}]"
            try:
                relation = parse_constraint(text) if isinstance(text, str) else text
            except InvalidInput as error:
                problems += [replace(problem, path=path) for problem in error.problems]
                continue
            problems += [replace(p, path=path) for p in check(relation, self.parameters)]
            relations.append(relation)
        object.__setattr__(self, "constraints", tuple(relations))
        if problems:
            raise InvalidInput(problems)

    @property
    def relations(self) -> tuple[Constraint, ...]:
        """The constraints, parsed."""
        return self.constraints  # type: ignore[return-value]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters)

    def __getitem__(self, name: str) -> Parameter:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise KeyError(name)

    def in_dependency_order(self) -> tuple[Parameter, ...]:
        """Every parent before its children; otherwise as in the document."""
        done: dict[str, Parameter] = {}
        waiting = list(self.parameters)
        while waiting:
            ready = [p for p in waiting if p.condition is None or p.condition.parent in done]
            done.update((parameter.name, parameter) for parameter in ready)
            waiting = [parameter for parameter in waiting if parameter.name not in done]
        return tuple(done.values())

    def assemble(self, choose: Callable[[Parameter], Value]) -> dict[str, Value]:
        """An assignment made by asking for the value of each active parameter, parents first.

        The result is in document order. Constraints are not looked at.
        """
        chosen: dict[str, Value] = {}
        for parameter in self.in_dependency_order():
            if is_active(parameter, chosen):
                chosen[parameter.name] = choose(parameter)
        return {name: chosen[name] for name in self.names if name in chosen}

    def at(self, units: Sequence[float]) -> dict[str, Value]:
        """The assignment at a point of the unit cube; one coordinate for each parameter."""
        place = {name: index for index, name in enumerate(self.names)}
        return self.assemble(lambda parameter: parameter.value_at(units[place[parameter.name]]))

    def violated(self, assignment: Assignment) -> Constraint | None:
        """The first constraint that does not hold. One that names an inactive parameter holds."""
        for relation in self.relations:
            if not relation.holds(assignment):
                return relation
        return None

    def feasible(self, assignment: Assignment) -> bool:
        return self.violated(assignment) is None

    def problems(self, assignment: Mapping[str, Any]) -> tuple[Problem, ...]:
        """Everything that keeps a mapping from being an assignment of this space."""
        found = [
            Problem(path=name, message=f"is not a parameter; there are {', '.join(self.names)}")
            for name in assignment
            if name not in self.names
        ]
        for parameter in self.in_dependency_order():
            name = parameter.name
            if not is_active(parameter, assignment):
                if name in assignment:
                    found.append(
                        Problem(path=name, message=f"is only active when {parameter.condition}")
                    )
            elif name not in assignment:
                found.append(Problem(path=name, message="is missing"))
            elif not parameter.contains(assignment[name]):
                message = f"must be {parameter.describe()}, got {assignment[name]!r}"
                found.append(Problem(path=name, message=message))
        if not found and (relation := self.violated(assignment)) is not None:
            found.append(Problem(path="constraints", message=relation.explain(assignment)))
        return tuple(found)

    def validate(self, assignment: Mapping[str, Any]) -> None:
        """Raises InvalidInput unless `assignment` lies in this space."""
        if problems := self.problems(assignment):
            raise InvalidInput(problems)

    def key(self, assignment: Assignment) -> Key:
        """Equal for equal configurations: numbers by value, labels by kind and value."""
        return tuple(
            (name, _kind(assignment[name]), _normal(assignment[name]))
            for name in self.names
            if name in assignment
        )

    @property
    def is_finite(self) -> bool:
        return all(parameter.levels is not None for parameter in self.parameters)


def is_active(parameter: Parameter, values: Mapping[str, Any]) -> bool:
    """Whether the parameter takes part, given its parent's value (an absent parent is inactive)."""
    condition = parameter.condition
    if condition is None:
        return True
    if condition.parent not in values:
        return False
    try:
        return condition.holds(values[condition.parent])
    except TypeError:
        return False


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "text" if isinstance(value, str) else "number"


def _normal(value: Value) -> Value:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _check_kinds(parameters: object, constraints: object) -> None:
    """Refuse what a program gave in the place of a parameter or a relation."""
    for index, parameter in enumerate(_listed("parameters", parameters)):
        if not isinstance(parameter, Parameter):
            message = f"must be a parameter such as Double('lr', 0.1, 1.0), got {parameter!r}"
            raise refuse(f"parameters[{index}]", message)
    for index, relation in enumerate(_listed("constraints", constraints)):
        if not isinstance(relation, Constraint | str):
            message = f"must be a relation such as 'low < high', got {relation!r}"
            raise refuse(f"constraints[{index}]", message)


def _listed(path: str, given: object) -> Sequence[object]:
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise refuse(path, f"must be a list, got {given!r}")
    return given


def _name_problems(parameters: Sequence[Parameter]) -> Iterable[Problem]:
    if not parameters:
        yield Problem(path="parameters", message="must hold at least one parameter, got none")
    if len(parameters) > MAX_PARAMETERS:
        yield Problem(
            path="parameters",
            message=f"must hold at most {MAX_PARAMETERS} parameters, got {len(parameters)}",
        )
    seen: set[str] = set()
    for parameter in parameters:
        if parameter.name in seen:
            yield Problem(path=parameter.name, message="is the name of two parameters")
        seen.add(parameter.name)


def _condition_problems(parameters: Sequence[Parameter]) -> Iterable[Problem]:
    known = {parameter.name: parameter for parameter in parameters}
    for parameter in parameters:
        condition = parameter.condition
        if condition is None:
            continue
        path = f"{parameter.name}.when"
        parent = known.get(condition.parent)
        if parent is None:
            names = ", ".join(name for name in known if name != parameter.name)
            message = f"names {condition.parent!r}, which is not a parameter; there are {names}"
            yield Problem(path=path, message=message)
        elif _leads_back(parameter, known):
            yield Problem(path=path, message=f"leads back to {parameter.name} itself")
        else:
            yield from _value_problems(path, condition, parent)


def _leads_back(start: Parameter, known: Mapping[str, Parameter]) -> bool:
    seen = set()
    current: Parameter | None = start
    while current is not None and current.condition is not None:
        if current.name in seen:
            return True
        seen.add(current.name)
        current = known.get(current.condition.parent)
    return False


def _value_problems(path: str, condition: Condition, parent: Parameter) -> Iterable[Problem]:
    """Equality must name a value that the parent can take; order needs numbers on both sides."""
    ordered = condition.comparison not in (
        Comparison.EQUAL,
        Comparison.NOT_EQUAL,
        Comparison.IN,
        Comparison.NOT_IN,
    )
    for value in condition.values:
        if ordered:
            if isinstance(parent, Categorical) or isinstance(value, str | bool):
                message = f"compares {parent.name} by order, which needs numbers: {condition}"
                yield Problem(path=path, message=message)
        elif not _can_take(parent, value):
            message = f"needs {value!r}, but {parent.name} is {parent.describe()}"
            yield Problem(path=path, message=message)


def _can_take(parent: Parameter, value: Value) -> bool:
    if isinstance(parent, Categorical | Discrete):
        return parent.contains(value)
    if isinstance(value, float) and value.is_integer():
        return parent.contains(value) or parent.contains(int(value))
    return parent.contains(value)
