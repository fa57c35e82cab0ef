"""What a program logged besides metrics, in lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

MOST_FILES = 10
OF_THE_LIBRARY = "mlflow."
"""Tags that the library sets by itself say nothing that people look for."""


def logged_lines(logged: Mapping[str, Any]) -> Iterator[str]:
    """Nothing where nothing was logged."""
    tags = {
        key: value for key, value in logged["tags"].items() if not key.startswith(OF_THE_LIBRARY)
    }
    for words, values in (("Logged parameters", logged["parameters"]), ("Tags", tags)):
        if values:
            yield f"{words}: {', '.join(f'{key} = {value}' for key, value in values.items())}"
    for run in logged["runs"]:
        where = f", its metrics as {run['prefix']}…" if run["prefix"] else ""
        yield f"Run: {run['name']}, {run['status'].lower()}{where}"
    for model in logged["models"]:
        yield f"Model: {', '.join(filter(None, (model['name'], model['type'])))}"
    for name, versions in logged["registered"].items():
        yield f"Registered: {name}, version {', '.join(versions) or 'none yet'}"
    yield from _files(logged["files"])


def _files(files: list[Mapping[str, Any]]) -> Iterator[str]:
    for file in files[:MOST_FILES]:
        yield f"Logged file: {file['path']} ({file['size']} bytes)"
    if len(files) > MOST_FILES:
        yield f"Logged files: {len(files) - MOST_FILES} more"
