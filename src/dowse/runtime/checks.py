"""What can be known to be wrong with a launch before any trial is started."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dowse.domain.parameters import Parameter
from dowse.domain.spec import Argv, JobSpec, PythonModule, Shell
from dowse.errors import Problem, Severity
from dowse.runtime.launch import is_reserved, places, scheme_of, variable_name


def problems(spec: JobSpec) -> tuple[Problem, ...]:
    """Errors and warnings about the command, environment and sources of the metric."""
    return (
        *_program_problems(spec),
        *_name_clashes(spec),
        *_value_problems(spec),
        *_environment_problems(spec),
        *_pattern_problems(spec),
        *_event_directory_problems(spec),
    )


def _program_problems(spec: JobSpec) -> Iterator[Problem]:
    program = spec.launch.program
    match program:
        case Argv():
            yield from _word_problems(spec, program)
        case Shell():
            yield from _shell_problems(spec, program)
        case PythonModule():
            if not re.fullmatch(r"\w+(\.\w+)*", program.module):
                yield Problem(
                    path="module",
                    message=f"must be the dotted name of a module, got {program.module!r}",
                )


def _word_problems(spec: JobSpec, program: Argv) -> Iterator[Problem]:
    if not program.words or not program.words[0]:
        yield Problem(path="command", message="must name a program, got nothing")
    for word in program.words:
        for name in places(word):
            if name not in spec.space.names:
                yield Problem(
                    path="command",
                    message=f"${{{name}}} is not a parameter; there are "
                    f"{', '.join(spec.space.names)}. For the text itself write $${{{name}}}",
                )
                continue
            parameter = spec.space[name]
            if parameter.when is not None:
                yield Problem(
                    path="command",
                    message=f"${{{name}}} has no value unless {parameter.when}; leave it out, "
                    f"and --{name}=value is appended whenever it is active",
                )
            if word == f"${{{name}}}" and (text := _option_like(parameter)):
                yield Problem(
                    path="command",
                    message=f"{word} alone becomes the option {text!r}; write --{name}={word}",
                    severity=Severity.WARNING,
                )


def _option_like(parameter: Parameter) -> str | None:
    texts = _listed_texts(parameter)
    return next((text for text in texts if re.match(r"-[^\d.]", text)), None)


def _shell_problems(spec: JobSpec, program: Shell) -> Iterator[Problem]:
    if not program.text.strip():
        yield Problem(path="command", message="must hold a command, got nothing")
    for name in spec.space.names:
        if f"${{{name}}}" in program.text and name not in spec.launch.env:
            yield Problem(
                path="command",
                message=f"${{{name}}} is an empty variable of the shell; "
                f'write "${variable_name(name)}"',
            )


def _name_clashes(spec: JobSpec) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name in spec.space.names:
        variable = variable_name(name)
        if variable in seen:
            yield Problem(
                path=f"parameters.{name}",
                message=f"and {seen[variable]} would both be {variable} in the environment; "
                "rename one",
            )
        seen.setdefault(variable, name)


def _value_problems(spec: JobSpec) -> Iterator[Problem]:
    for parameter in spec.space.parameters:
        for text in _listed_texts(parameter):
            if "\0" in text:
                message = f"holds {text!r}, and no command can carry a zero byte"
                yield Problem(path=f"parameters.{parameter.name}.values", message=message)


def _listed_texts(parameter: Parameter) -> list[str]:
    choices = getattr(parameter, "choices", ())
    return [parameter.text(choice) for choice in choices]


def _environment_problems(spec: JobSpec) -> Iterator[Problem]:
    for name, value in spec.launch.env.items():
        if is_reserved(name):
            message = "is set by Dowse for every trial and cannot be given"
            yield Problem(path=f"env.{name}", message=message)
        elif not name or "=" in name or "\0" in name + value:
            message = "must be a name without '=' and a value without zero bytes"
            yield Problem(path=f"env.{name}", message=f"{message}, got {name!r}")


def _pattern_problems(spec: JobSpec) -> Iterator[Problem]:
    pattern = spec.launch.stdout_pattern
    if pattern is None:
        return
    path = "metric.stdout"
    try:
        groups = re.compile(pattern).groupindex
    except re.error as error:
        yield Problem(path=path, message=f"must be a regular expression, got {pattern!r}: {error}")
        return
    if "value" not in groups:
        message = f"must hold the group (?P<value>…), got {pattern!r}"
        yield Problem(path=path, message=message)
    for name in groups.keys() - {"value", "metric", "step"}:
        message = f"knows the groups value, metric and step, got {name!r}"
        yield Problem(path=path, message=message)


def _event_directory_problems(spec: JobSpec) -> Iterator[Problem]:
    for index, folder in enumerate(spec.launch.event_dirs):
        path = f"event_dirs[{index}]"
        if "${trial}" not in folder:
            yield Problem(
                path=path,
                message=f"must hold ${{trial}}, for otherwise every trial would be credited "
                f"with all metrics, got {folder!r}",
            )
        if scheme := scheme_of(folder):
            message = f"must be a directory of this machine, got {scheme}://"
            yield Problem(path=path, message=message)
