"""The JSON files of an attempt's directory, and how they are written so that no reader is misled.

Standard library only, and json only when it is needed: the runner imports it, and loading json
would take a runner a third of all its time.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # Importing typing would slow down the start of every runner.
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypedDict

    class LaunchRecord(TypedDict):
        """launch.json: one of `argv` and `shell` is given."""

        job: str
        trial: int
        attempt: int
        argv: list[str] | None
        shell: str | None
        working_directory: str
        environment_names: list[str]
        timeout_s: float | None
        grace_s: float
        cpus: float | None
        gpu_ids: list[str] | None

    class ExitRecord(TypedDict):
        """exit.json."""

        exit_code: int | None
        signal: int | None
        ended_by: str
        message: str | None
        started_at: float | None
        ended_at: float
        cpu_s: float | None
        max_rss_kb: int | None


def read_record(path: str) -> dict[str, object] | None:
    """None when the file is not there, or not (yet) a whole JSON object."""
    record: dict[str, object] | None = _parse(path)
    return record


def read_launch(path: str) -> LaunchRecord | None:
    record: LaunchRecord | None = _parse(path)
    return record


def read_exit(path: str) -> ExitRecord | None:
    record: ExitRecord | None = _parse(path)
    return record


def create_file(path: str, data: bytes = b"") -> bool:
    """False when the file exists already: of all who try, exactly one is told True."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        return False
    try:
        _write_all(descriptor, data)
    finally:
        os.close(descriptor)
    return True


def replace_record(path: str, record: Mapping[str, object], *, durably: bool = False) -> None:
    """Put a whole file in place at once; `durably` also survives a loss of power."""
    data = _object(record).encode("ascii") + b"\n"
    temporary = f"{path}.{os.getpid()}.new"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        _write_all(descriptor, data)
        if durably:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(temporary, path)
    if durably:
        _sync_directory(os.path.dirname(path))


def _object(record: Mapping[str, object]) -> str:
    fields = (f"{_value(name)}: {_value(value)}" for name, value in record.items())
    return "{" + ", ".join(fields) + "}"


def _value(value: object) -> str:
    """As json.dumps has it, which is asked for whatever is not quite plain."""
    if value is None:
        return "null"
    if type(value) is int:
        return str(value)
    if type(value) is float and value - value == 0:
        return repr(value)
    if type(value) is str and _is_plain(value):
        return f'"{value}"'
    import json

    return json.dumps(value)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def _parse(path: str) -> Any:
    import json

    try:
        with open(path, "rb") as file:
            record = json.loads(file.read())
    except (OSError, ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _sync_directory(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
