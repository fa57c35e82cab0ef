"""What a training program says to Dowse, and asks of it: `dowse.report`, `dowse.should_stop`,
`dowse.checkpoint_dir`.

Standard library only, no threads, no network: a thin writer of the line protocol that
docs/reference/report-protocol.md describes. A report is in the file when `report` returns, so it
survives whatever happens to the program next.
"""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False  # Importing typing would slow down the start of every program.
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, SupportsFloat, SupportsIndex

_MAX_STEP = 2**63 - 1
_MAX_NAME = 256
_NOT_METRICS = frozenset({"step", "time"})


def report(
    metrics: Mapping[str, SupportsFloat] | None = None,
    /,
    *,
    step: SupportsIndex | float | None = None,
    **more: SupportsFloat,
) -> None:
    """Report one or more metrics: `report(accuracy=0.93, step=3)`, `report({"val/loss": 0.1})`.

    A value is anything that `float` accepts, NaN and infinities included, but no text. Outside a
    trial the arguments are checked and nothing else is done, so the same program runs by itself.
    Any number of threads and processes of a trial may report.

    Raises TypeError or ValueError for what is no metric, OSError when the file cannot be written.
    """
    values = {name: _checked(name, value) for name, value in {**(metrics or {}), **more}.items()}
    if not values:
        raise ValueError("report needs at least one metric, for example report(accuracy=0.93)")
    fields: dict[str, Any] = {} if step is None else {"step": _checked_step(step)}
    path = os.environ.get("DOWSE_REPORT_FILE")
    if path:
        import json

        line = json.dumps({**fields, "time": time.time(), **values})
        _append(path, line.encode("ascii") + b"\n")


def should_stop() -> bool:
    """Whether this trial was asked to end. Save what is worth saving, and return.

    Outside a trial it never was.
    """
    path = os.environ.get("DOWSE_STOP_FILE")
    return bool(path) and os.path.exists(path)  # type: ignore[arg-type]


def checkpoint_dir(default: str = ".") -> str:
    """The directory that a trial finds again when it was paused, or tried again, and goes on.

    It exists. Outside a trial it is `default`.
    """
    return os.environ.get("DOWSE_TRIAL_CHECKPOINT_DIR") or default


def parameters() -> dict[str, Any]:
    """The values of this trial's parameters; empty outside a trial."""
    path = os.environ.get("DOWSE_PARAMS_FILE")
    if not path:
        return {}
    import json

    with open(path, "rb") as file:
        values = json.load(file)
    if not isinstance(values, dict):
        raise ValueError(f"{path} must hold a JSON object")
    return values


def _checked(name: object, value: Any) -> float:
    if not isinstance(name, str):
        raise TypeError(f"a metric's name must be text, got {name!r}")
    if not 0 < len(name) <= _MAX_NAME:
        raise ValueError(f"a metric's name must have 1 to {_MAX_NAME} characters, got {len(name)}")
    if name in _NOT_METRICS:
        raise ValueError(f"{name!r} cannot be a metric's name; the step is given as step=")
    if isinstance(value, str | bytes | bool):
        raise TypeError(f"{name} must be a number, got {value!r}")
    try:
        return float(value)
    except TypeError:
        raise TypeError(f"{name} must be a number, got {value!r}") from None
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _checked_step(step: Any) -> int:
    if isinstance(step, str | bytes | bool):
        raise TypeError(f"step must be a whole number, got {step!r}")
    try:
        whole = int(step)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(f"step must be a whole number, got {step!r}") from None
    if whole != step or not 0 <= whole <= _MAX_STEP:
        raise ValueError(f"step must be a whole number from 0 to 2^63-1, got {step!r}")
    return whole


def _append(path: str, line: bytes) -> None:
    """Write the line as a whole, behind whatever others write at the same time."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        # After half a line of somebody who was killed, a newline keeps this one readable.
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) not in (b"\n", b""):
            line = b"\n" + line
        written = os.write(descriptor, line)
        while written < len(line):  # The disk was full; what is there now is half a line.
            line = b"\n" + line.lstrip(b"\n")
            written = os.write(descriptor, line)
    finally:
        os.close(descriptor)
