"""Inputs of a job: those of this machine must be there, the others are fetched once."""

from __future__ import annotations

import shutil
import urllib.request
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from dowse.domain.spec import DataInput, DataKind, LaunchSpec
from dowse.errors import InvalidInput, Problem
from dowse.runtime.values import local_path, scheme_of, url_basename

TIMEOUT_S = 60.0
"""Of silence, while a file is fetched over HTTP."""


def check_local_inputs(launch: LaunchSpec) -> None:
    """Raises InvalidInput for every input of this machine that is not there, or of another kind."""
    if problems := list(input_problems(launch)):
        raise InvalidInput(problems)


def input_problems(launch: LaunchSpec) -> Iterator[Problem]:
    for name, item in _data(launch):
        if scheme_of(item.path) is None:
            path = Path(local_path(item.path))
            there = path.is_dir() if item.kind is DataKind.FOLDER else path.is_file()
            if not there:
                what = f"must be a {item.kind.value} of this machine or a URL, and there is none at"
                yield Problem(path=f"inputs.{name}", message=f"{what} {path}")


def fetch_inputs(launch: LaunchSpec, folder: Path) -> None:
    """Fetch every input that is a URL to `folder/<input>/<last part of the URL>`.

    Raises InvalidInput when one cannot be had.
    """
    for name, item in _data(launch):
        if scheme_of(item.path) is None:
            continue
        target = folder / name / url_basename(item.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            fetch(item, target)
        # Every file system raises errors of its own kind.
        except Exception as error:
            words = f"{type(error).__name__}: {error}".rstrip(": ")
            message = f"cannot be fetched from {item.path}: {words}; give a path of this machine"
            raise InvalidInput([Problem(path=f"inputs.{name}", message=message)]) from error


def _data(launch: LaunchSpec) -> Iterator[tuple[str, DataInput]]:
    for name, item in launch.inputs.items():
        if isinstance(item, DataInput):
            yield name, item


def fetch(item: DataInput, target: Path) -> None:
    """Copy what is behind a URL to `target`, whose parent exists. Raises what its reader raises."""
    if item.kind is DataKind.FILE and scheme_of(item.path) in ("http", "https"):
        with (
            urllib.request.urlopen(item.path, timeout=TIMEOUT_S) as answer,
            target.open("wb") as file,
        ):
            shutil.copyfileobj(answer, file)
        return
    source, path = _filesystem(item.path)
    source.get(path, str(target), recursive=item.kind is DataKind.FOLDER)


def _filesystem(url: str) -> tuple[Any, str]:
    try:
        fsspec: Any = import_module("fsspec.core")
    except ImportError:
        raise ImportError("fsspec is not installed: pip install 'dowse[cloud]'") from None
    source, path = fsspec.url_to_fs(url)
    return source, path
