"""What can be known to be wrong with a launch before any trial is started."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator
from itertools import pairwise

from dowse.domain.activity import one_is_active
from dowse.domain.parameters import Parameter
from dowse.domain.spec import Argv, DataInput, External, JobSpec, PythonModule, Shell
from dowse.errors import Problem, Severity
from dowse.runtime.launch import is_reserved, variable_name, variable_of_place
from dowse.runtime.passing_checks import passing_problems
from dowse.runtime.values import local_path, places, scheme_of

_SHELLS = re.compile(r"(?:.*/)?(?:ba|da|k|z|a)?sh")
_COMMAND_OPTION = re.compile(r"-[a-z]*c")


def problems(spec: JobSpec) -> tuple[Problem, ...]:
    """Errors and warnings about the command, environment and sources of the metric."""
    return (
        *_program_problems(spec),
        *passing_problems(spec),
        *_value_problems(spec),
        *_environment_problems(spec),
        *_pattern_problems(spec),
        *_event_directory_problems(spec),
        *_resource_problems(spec),
        *_folder_problems(spec),
    )


def _program_problems(spec: JobSpec) -> Iterator[Problem]:
    program = spec.launch.program
    match program:
        case Argv():
            yield from _word_problems(spec, program)
        case Shell():
            yield from _shell_problems(spec, program)
        case External():
            return
        case PythonModule():
            if not re.fullmatch(r"\w+(\.\w+)*", program.module):
                yield Problem(
                    path="module",
                    message=f"must be the dotted name of a module, got {program.module!r}",
                )


def _word_problems(spec: JobSpec, program: Argv) -> Iterator[Problem]:
    if not program.words or not program.words[0]:
        yield Problem(path="command", message="must name a program, got nothing")
    known = _known_places(spec)
    for word in program.words:
        for name in places(word):
            if name not in known:
                yield Problem(
                    path="command",
                    message=f"${{{name}}} is not a parameter; there are "
                    f"{', '.join(known)}. For the text itself write $${{{name}}}",
                )
                continue
            parameters = known[name]
            if parameters and not one_is_active(spec.space, parameters):
                yield _sometimes_absent(spec, name, parameters)
            for parameter in parameters:
                if word == f"${{{name}}}" and (text := _option_like(parameter)):
                    yield Problem(
                        path="command",
                        message=f"{word} alone becomes the option {text!r}; write --{name}={word}",
                        severity=Severity.WARNING,
                    )
    yield from _inner_shell_problems(program)


def _known_places(spec: JobSpec) -> dict[str, list[Parameter]]:
    """Every name that may stand as `${name}`, with the parameters that may be passed as it."""
    launch = spec.launch
    known: dict[str, list[Parameter]] = {}
    for parameter in spec.space.parameters:
        known.setdefault(launch.passing.name_of(parameter.name), []).append(parameter)
    others = (
        *launch.passing.constants,
        *(f"inputs.{name}" for name in launch.inputs),
        *(f"outputs.{name}" for name in launch.outputs),
    )
    for name in others:
        known.setdefault(name, [])
    return known


def _sometimes_absent(spec: JobSpec, name: str, parameters: list[Parameter]) -> Problem:
    conditions = " or ".join(str(parameter.condition) for parameter in parameters)
    way = (
        f"leave it out, and --{name}=value is appended whenever it is active"
        if spec.launch.passing.append
        else "give it a value in every case, or let the program read it another way"
    )
    message = f"${{{name}}} has no value unless {conditions}; {way}"
    return Problem(path="command", message=message)


def _inner_shell_problems(program: Argv) -> Iterator[Problem]:
    """A value in the text of `sh -c` would be read by that shell."""
    if not _SHELLS.fullmatch(program.words[0] if program.words else ""):
        return
    for option, text in pairwise(program.words):
        if _COMMAND_OPTION.fullmatch(option) and (name := next(places(text), None)):
            yield Problem(
                path="command",
                message=f"${{{name}}} would become text of a shell, which carries out what a value "
                f'says; write "${variable_of_place(name)}" there, which the shell only reads',
            )
            return


def _option_like(parameter: Parameter) -> str | None:
    texts = _listed_texts(parameter)
    return next((text for text in texts if re.match(r"-[^\d.]", text)), None)


def _shell_problems(spec: JobSpec, program: Shell) -> Iterator[Problem]:
    if spec.launch.job_dir is not None and "DOWSE_JOB_DIR" not in program.text:
        yield Problem(
            path="job_dir",
            message='is not appended to text for a shell; write --job-dir="$DOWSE_JOB_DIR" there',
            severity=Severity.WARNING,
        )
    if not program.text.strip():
        yield Problem(path="command", message="must hold a command, got nothing")
    for name in spec.space.names:
        if f"${{{name}}}" in program.text and name not in spec.launch.env:
            yield Problem(
                path="command",
                message=f"${{{name}}} is an empty variable of the shell; "
                f'write "${variable_name(name)}"',
            )


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


def _resource_problems(spec: JobSpec) -> Iterator[Problem]:
    if spec.launch.resources.memory_mb is not None:
        yield Problem(
            path="resources.memory",
            message="is kept and shown, but neither limits a trial nor makes it wait on this "
            "machine; use cpus or limits.parallel to run fewer at once",
            severity=Severity.WARNING,
        )


def _folder_problems(spec: JobSpec) -> Iterator[Problem]:
    """Of a job that came without a folder, as over HTTP, relative paths lead nowhere."""
    launch = spec.launch
    if launch.code.root is not None:
        return
    paths = {"job_dir": launch.job_dir, "python": launch.python}
    paths |= {f"packages[{index}]": path for index, path in enumerate(launch.packages)}
    for name, item in launch.inputs.items():
        paths[f"inputs.{name}"] = item.path if isinstance(item, DataInput) else None
    for place, path in paths.items():
        bare = place == "python" and path is not None and "/" not in path
        if path and not bare and scheme_of(path) is None and not os.path.isabs(local_path(path)):
            message = (
                "must be an absolute path of the server or a URL, for this job came without a "
                f"folder that it could start from, got {path!r}"
            )
            yield Problem(path=place, message=message)
