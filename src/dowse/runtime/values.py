"""What a trial's program is given by name: parameters, constants, inputs and outputs. Pure."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, assert_never
from urllib.parse import unquote, urlsplit

from dowse.domain.parameters import Parameter
from dowse.domain.spec import DataInput, DataKind, Input, JobSpec, LaunchSpec, Literal
from dowse.domain.trial import Trial
from dowse.errors import InvalidInput

_PLACE = re.compile(r"\$(\$?)\{([^{}]*)\}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Everything under the names that the program knows.

    `passed` are the texts of constants, then of active parameters in document order; `objects`
    the same as JSON has them. `inputs` and `outputs` are texts or paths.
    """

    passed: Mapping[str, str]
    objects: Mapping[str, Any]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]

    def at(self, place: str) -> str | None:
        """The text that stands for `${place}`; a parameter wins over an input of the same name."""
        if place in self.passed:
            return self.passed[place]
        kind, _, name = place.partition(".")
        tables = {"inputs": self.inputs, "outputs": self.outputs}
        return tables[kind].get(name) if kind in tables else None

    def everything(self) -> dict[str, str]:
        """One table of all names, for variables: parameters over outputs over inputs."""
        return {**self.inputs, **self.outputs, **self.passed}


def hand_over(spec: JobSpec, trial: Trial, *, inputs: Path, outputs: Path) -> Handed:
    """`inputs` is where fetched data lies, `outputs` the folder of this trial's outputs."""
    launch = spec.launch
    return Handed(
        passed=passed_texts(spec, trial),
        objects=passed_objects(spec, trial),
        inputs={name: input_text(name, one, inputs) for name, one in launch.inputs.items()},
        outputs={name: str(outputs / name) for name in launch.outputs},
    )


def passed_texts(spec: JobSpec, trial: Trial) -> dict[str, str]:
    """Constants, then active parameters, spelled as the program gets them."""
    passing = spec.launch.passing
    texts = {name: literal.text for name, literal in passing.constants.items()}
    for parameter in _active(spec, trial):
        value = composed(spec, parameter, trial)
        texts[passing.name_of(parameter.name)] = (
            json.dumps(value, ensure_ascii=False)
            if isinstance(value, dict)
            else parameter.text(value)
        )
    return texts


def passed_objects(spec: JobSpec, trial: Trial) -> dict[str, Any]:
    """Constants, then active parameters, as JSON has them."""
    passing = spec.launch.passing
    objects: dict[str, Any] = {name: one.value for name, one in passing.constants.items()}
    for parameter in _active(spec, trial):
        objects[passing.name_of(parameter.name)] = composed(spec, parameter, trial)
    return objects


def _active(spec: JobSpec, trial: Trial) -> Iterator[Parameter]:
    return (one for one in spec.space.parameters if one.name in trial.parameters)


def composed(spec: JobSpec, parameter: Parameter, trial: Trial) -> Any:
    """A parameter's value, or the object of the parameters that its value opens."""
    value = trial.parameters[parameter.name]
    if parameter.name not in spec.launch.passing.composed:
        return value
    opened = {
        spec.launch.passing.name_of(child.name): composed(spec, child, trial)
        for child in spec.space.parameters
        if child.condition is not None
        and child.condition.parent == parameter.name
        and child.name in trial.parameters
    }
    return opened or value


def input_text(name: str, item: Input, fetched: Path) -> str:
    """What the program is told about an input: the literal, or the path where the data is."""
    match item:
        case Literal():
            return item.text
        case DataInput():
            if scheme_of(item.path) is None:
                return local_path(item.path)
            return str(fetched / name / url_basename(item.path))
    assert_never(item)


def output_folders(launch: LaunchSpec, outputs: Path) -> tuple[Path, ...]:
    """What must exist before the program starts: a file is made by the program itself."""
    if not launch.outputs:
        return ()
    folders = (outputs / name for name, kind in launch.outputs.items() if kind is DataKind.FOLDER)
    return (outputs, *folders)


def scheme_of(path: str) -> str | None:
    """`gs` of `gs://bucket/x`; None for a path of this machine, also when written as file://."""
    match = _SCHEME.match(path)
    return None if match is None or match[1].lower() == "file" else match[1].lower()


def local_path(path: str) -> str:
    """`file://` as a plain path."""
    return re.sub(r"^file://(?:localhost(?=/))?", "", path, flags=re.IGNORECASE)


def url_basename(url: str) -> str:
    """The last part of a URL's path, which must not lead out of its folder."""
    last = posixpath.basename(unquote(urlsplit(url).path).rstrip("/"))
    return last if last not in ("", ".", "..") and "\0" not in last else "data"


def places(word: str) -> Iterator[str]:
    """The names that stand as `${name}` in a word of a command."""
    for match in _PLACE.finditer(word):
        if not match[1]:
            yield match[2]


def filled(word: str, handed: Handed) -> str:
    """Raises InvalidInput for a place whose parameter is not active in this trial."""

    def fill(match: re.Match[str]) -> str:
        if match[1]:
            return match[0][1:]
        text = handed.at(match[2])
        if text is None:
            raise InvalidInput(f"command: {match[0]} has no value in this trial")
        return text

    return _PLACE.sub(fill, word)
