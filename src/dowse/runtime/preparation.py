"""What makes a job ready for its first trial: fetching its packages, and the commands that follow.

packages/               of the attempt: where pip installs, on the module path of every trial
work/                   of the attempt: the copy of the code in which `prepare` runs
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dowse.domain.spec import Argv, DataInput, DataKind, LaunchSpec, Shell
from dowse.domain.trial import AttemptRef
from dowse.errors import Problem
from dowse.ports import Launch
from dowse.runtime import layout, steps
from dowse.runtime.inputs import fetch
from dowse.runtime.launch import PYTHON_WORDS, LaunchPlan, base_environment
from dowse.runtime.values import local_path, scheme_of, url_basename

PACKAGES = "packages"
STEPS = "steps.json"
_REQUIREMENT = re.compile(r"[A-Za-z0-9][\w.-]*\s*(\[[^]]*\])?\s*([<>=!~].*)?")
_ARCHIVES = (".whl", ".tar.gz", ".tgz", ".zip", ".tar.bz2")


def is_requirement(package: str) -> bool:
    """Whether pip looks for a package by its name, as in `lightgbm>=4`."""
    return not package.endswith(_ARCHIVES) and _REQUIREMENT.fullmatch(package) is not None


def fetch_packages(launch: LaunchSpec, folder: Path) -> list[Problem]:
    """Copy or fetch every package that is no requirement to `folder/<place in the list>/`.

    Returns what is wrong with those that cannot be had; they are left out of the installation.
    """
    problems = []
    for index, package in enumerate(launch.packages):
        if is_requirement(package):
            continue
        target = _fetched(package, index, folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            _fetch(package, target)
        # Every file system raises errors of its own kind.
        except Exception as error:
            words = f"{type(error).__name__}: {error}".rstrip(": ")
            message = f"cannot be fetched from {package}: {words}"
            problems.append(Problem(path=f"packages[{index}]", message=message))
            shutil.rmtree(target.parent, ignore_errors=True)
    return problems


def build_preparation(
    launch: LaunchSpec,
    ref: AttemptRef,
    *,
    directory: Path,
    base_env: Mapping[str, str],
    python: str,
    fetched: Path,
    grace_s: float,
) -> LaunchPlan:
    """Plan the preparation in `directory`, which is absolute and belongs to it alone.

    `fetched` is where `fetch_packages` left the packages, `python` the trials' interpreter.
    """
    packages = directory / PACKAGES if launch.packages else None
    commands = _commands(launch, python=python, packages=packages, fetched=fetched)
    return LaunchPlan(
        launch=Launch(
            attempt=ref,
            directory=directory,
            working_directory=directory / layout.WORK,
            argv=(sys.executable, "-I", str(steps.__file__), str(directory / STEPS)),
            environment=base_environment(launch, base_env, python, packages),
            grace_s=grace_s,
        ),
        files={STEPS: json.dumps(commands, ensure_ascii=False, indent=1) + "\n"},
    )


def _commands(
    launch: LaunchSpec, *, python: str, packages: Path | None, fetched: Path
) -> Sequence[steps.Step]:
    commands: list[steps.Step] = []
    if packages is not None:
        named = list(_named(launch.packages, fetched))
        pip = [python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
        if named:
            commands.append({"argv": [*pip, "--target", str(packages), *named], "shell": None})
    match launch.prepare:
        case Shell(text):
            commands.append({"argv": None, "shell": text})
        case Argv(words):
            first = python if words[0] in PYTHON_WORDS else words[0]
            commands.append({"argv": [first, *words[1:]], "shell": None})
    return commands


def _named(packages: Sequence[str], folder: Path) -> Iterator[str]:
    """What pip is told to install."""
    for index, package in enumerate(packages):
        if is_requirement(package):
            yield package
        elif (path := _fetched(package, index, folder)).exists():
            yield str(path)


def _fetched(package: str, index: int, folder: Path) -> Path:
    """Its name is kept: pip reads the version from it."""
    return folder / str(index) / url_basename(package)


def _fetch(package: str, target: Path) -> None:
    if scheme_of(package) is not None:
        fetch(DataInput(DataKind.FILE, package), target)
        return
    source = local_path(package)
    if os.path.isdir(source):
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
    else:
        shutil.copyfile(source, target)
