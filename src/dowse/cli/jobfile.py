"""A job file with what the command line says beside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dowse.cli.terminal import tell_problems
from dowse.errors import InvalidInput, Location, Problem

if TYPE_CHECKING:
    from dowse.dialects.protocol import Reading
    from dowse.domain.spec import JobSpec
    from dowse.wire.requests import SubmitRequest

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFile:
    """`file` is its name in messages; relative paths in the document start at `folder`. What a
    job needs of its machine is not looked for here when it is to run `elsewhere`.
    """

    text: str
    file: str
    folder: str
    dialect: str | None = None
    name: str | None = None
    seed: int | None = None
    module_name: str | None = None
    package_path: str | None = None
    job_dir: str | None = None
    python: str | None = None
    arguments: tuple[str, ...] = ()
    environments: Mapping[str, str] = field(default_factory=dict)
    quotas: Mapping[str, int] = field(default_factory=dict)
    learn_from: tuple[str, ...] | None = None
    previous: Callable[[str], JobSpec] | None = None
    elsewhere: bool = False

    def read(self) -> Reading:
        """Raises InvalidInput with every problem of the file."""
        from dowse import catalog
        from dowse.dialects.protocol import ReadContext
        from dowse.dialects.registry import read
        from dowse.dialects.resuming import learning_of
        from dowse.runtime.absences import absences

        context = ReadContext(
            folder=self.folder,
            file=self.file,
            name=self.name,
            seed=self.seed,
            module_name=self.module_name,
            package_path=self.package_path,
            job_dir=self.job_dir,
            python=self.python,
            arguments=self.arguments,
            known_algorithms=frozenset(catalog.suggester_names()),
            known_rules=frozenset(catalog.stopping_rule_names()),
            option_problems=catalog.option_problems,
            quotas=self.quotas,
            environments=self.environments,
            previous=self.previous,
            learning=learning_of(self.learn_from),
            absences=None if self.elsewhere else lambda spec: absences(spec, os.environ),
        )
        return read(self.text, context=context, dialect=self.dialect)

    def check(self, *, quiet: bool) -> tuple[str, ...]:
        """Before anything is created: the file is right. Its warnings, which are shown."""
        warnings = self.read().warnings
        if not quiet:
            tell_problems(warnings)
        return tuple(str(warning) for warning in warnings)

    def request(self, *, trials: int | None = None) -> SubmitRequest:
        """What is sent to the owner, with this process's environment for the trials."""
        from dowse.wire.requests import SubmitRequest

        return SubmitRequest(
            document=self.text,
            file=self.file,
            folder=self.folder,
            dialect=self.dialect,
            name=self.name,
            seed=self.seed,
            module_name=self.module_name,
            package_path=self.package_path,
            job_dir=self.job_dir,
            python=self.python,
            arguments=self.arguments,
            environment=dict(os.environ),
            trials=trials,
            learn_from=self.learn_from,
        )


def load_job_file(
    path: str,
    *,
    dialect: str | None = None,
    name: str | None = None,
    seed: int | None = None,
    module_name: str | None = None,
    package_path: str | None = None,
    job_dir: str | None = None,
    python: str | None = None,
    arguments: tuple[str, ...] = (),
    environments: Mapping[str, str] | None = None,
    quotas: Mapping[str, int] | None = None,
    learn_from: Sequence[str] | None = None,
    previous: Callable[[str], JobSpec] | None = None,
    elsewhere: bool = False,
) -> JobFile:
    """Read a file, or standard input for `-`. Raises InvalidInput when that is not possible.

    Paths of the command line start where the person stands, those of the file at its folder.
    """
    text, folder = _text_and_folder(path)
    return JobFile(
        text=text,
        file="<stdin>" if path == STANDARD_INPUT else path,
        folder=folder,
        dialect=dialect,
        name=name,
        seed=seed,
        module_name=module_name,
        package_path=_package(package_path, folder),
        job_dir=_job_dir(job_dir),
        python=python,
        arguments=arguments,
        environments=environments or {},
        quotas=quotas or {},
        learn_from=tuple(learn_from) if learn_from else None,
        previous=previous,
        elsewhere=elsewhere,
    )


def _text_and_folder(path: str) -> tuple[str, str]:
    from dowse.dialects.documents import read_text

    if path != STANDARD_INPUT:
        return read_text(Path(path)), str(Path(path).absolute().parent)
    content = sys.stdin.buffer.read()
    try:
        return content.decode("utf-8"), os.getcwd()
    except UnicodeDecodeError as error:
        place = Location(file="<stdin>", line=content.count(b"\n", 0, error.start) + 1, column=1)
        message = f"is not text in UTF-8: byte 0x{content[error.start]:02x}"
        raise InvalidInput([Problem(path="", message=message, location=place)]) from None


def _package(path: str | None, folder: str) -> str | None:
    """A package where the person stands, or else beside the job file."""
    if path is None:
        return None
    places = [Path(path).expanduser().absolute(), Path(folder, path)]
    for place in places:
        if place.is_dir():
            return str(place)
    message = f"must be the folder of a Python package, got {path!r}, which is no folder"
    raise InvalidInput([Problem(path="--package-path", message=message)])


def _job_dir(path: str | None) -> str | None:
    if path is None or "://" in path:
        return path
    return str(Path(path).expanduser().absolute())
