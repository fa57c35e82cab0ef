"""What can be known to be wrong with the names under which a program gets its values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from dowse.domain.activity import exclude_each_other
from dowse.domain.parameter_rules import check_name
from dowse.domain.spec import DataInput, JobSpec
from dowse.errors import InvalidInput, Problem
from dowse.runtime.launch import is_reserved, variable_name

_DATA_NAME = re.compile(r"\w[\w-]*")
_PREFIX = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def passing_problems(spec: JobSpec) -> Iterator[Problem]:
    yield from _constant_problems(spec)
    yield from _renaming_problems(spec)
    yield from _composed_problems(spec)
    yield from _file_problems(spec)
    yield from _prefix_problems(spec)
    yield from _data_problems(spec)
    yield from _variable_clashes(spec)


def _constant_problems(spec: JobSpec) -> Iterator[Problem]:
    for name, literal in spec.launch.passing.constants.items():
        path = f"constants.{name}"
        if message := _odd_name(name):
            yield Problem(path=path, message=message)
        if "\0" in literal.text:
            message = f"holds {literal.text!r}, and no command can carry a zero byte"
            yield Problem(path=path, message=message)


def _odd_name(name: str) -> str | None:
    try:
        check_name(name)
    except InvalidInput as error:
        return error.problems[0].message
    return None


def _renaming_problems(spec: JobSpec) -> Iterator[Problem]:
    passing, space = spec.launch.passing, spec.space
    for own, given in passing.names.items():
        if own not in space.names:
            message = f"is not a parameter; there are {', '.join(space.names)}"
            yield Problem(path=f"names.{own}", message=message)
        elif odd := _odd_name(given):
            yield Problem(path=f"names.{own}", message=odd)
    for one, other in combinations(space.parameters, 2):
        shared = passing.name_of(one.name)
        if shared != passing.name_of(other.name) or exclude_each_other(space, one, other):
            continue
        yield Problem(
            path=f"names.{other.name if other.name in passing.names else one.name}",
            message=f"{one.name} and {other.name} can be active together, and the program would "
            f"get both as {shared!r}; only parameters that exclude each other may share a name",
        )


def _composed_problems(spec: JobSpec) -> Iterator[Problem]:
    parents = {
        parameter.condition.parent for parameter in spec.space.parameters if parameter.condition
    }
    for index, name in enumerate(spec.launch.passing.composed):
        if name not in parents:
            known = ", ".join(sorted(parents)) or "none"
            message = f"must be a parameter that opens others ({known}), got {name!r}"
            yield Problem(path=f"composed[{index}]", message=message)


def _file_problems(spec: JobSpec) -> Iterator[Problem]:
    name = spec.launch.passing.file
    if name is not None and (name in ("", ".", "..") or "/" in name or "\0" in name):
        message = f"must be the name of a file in the working directory, got {name!r}"
        yield Problem(path="parameters_file", message=message)


def _prefix_problems(spec: JobSpec) -> Iterator[Problem]:
    for index, prefix in enumerate(spec.launch.passing.variable_prefixes):
        path = f"variable_prefixes[{index}]"
        if not _PREFIX.fullmatch(prefix):
            message = f"must be letters, digits and '_', such as TUNED_, got {prefix!r}"
            yield Problem(path=path, message=message)
        elif is_reserved(prefix):
            message = f"begins the names of Dowse's own variables; choose another, got {prefix!r}"
            yield Problem(path=path, message=message)


def _data_problems(spec: JobSpec) -> Iterator[Problem]:
    for kind, table in (("inputs", spec.launch.inputs), ("outputs", spec.launch.outputs)):
        for name in table:
            if not _DATA_NAME.fullmatch(name):
                message = f"must be named by letters, digits, '_' or '-', got {name!r}"
                yield Problem(path=f"{kind}.{name}", message=message)
    for name, item in spec.launch.inputs.items():
        text = item.path if isinstance(item, DataInput) else item.text
        if "\0" in text:
            message = f"holds {text!r}, and no command can carry a zero byte"
            yield Problem(path=f"inputs.{name}", message=message)


def _variable_clashes(spec: JobSpec) -> Iterator[Problem]:
    """Different names that one variable of the environment would stand for."""
    passing = spec.launch.passing
    tables = {
        "PARAM": {
            **{name: f"constants.{name}" for name in passing.constants},
            **{passing.name_of(name): f"parameters.{name}" for name in spec.space.names},
        },
        "INPUT": {name: f"inputs.{name}" for name in spec.launch.inputs},
        "OUTPUT": {name: f"outputs.{name}" for name in spec.launch.outputs},
    }
    for kind, table in tables.items():
        seen: dict[str, str] = {}
        for name, path in table.items():
            variable = variable_name(name, kind)
            if variable in seen:
                yield Problem(
                    path=path,
                    message=f"and {seen[variable]} would both be {variable} in the environment; "
                    "rename one",
                )
            seen.setdefault(variable, name)
