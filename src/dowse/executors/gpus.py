"""The GPUs of this machine, as CUDA_VISIBLE_DEVICES would name them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from dowse.runtime.layout import GPUS_VARIABLE

_DRIVER = Path("/proc/driver/nvidia/gpus")
_NVIDIA_SMI_S = 10.0
"""A driver in trouble makes nvidia-smi hang; the machine then has no usable GPU."""


def find_gpus(
    environment: Mapping[str, str] = os.environ, *, driver: Path = _DRIVER
) -> tuple[str, ...]:
    """What the caller was given, else what the driver shows, else what nvidia-smi lists."""
    visible = environment.get(GPUS_VARIABLE)
    if visible is not None:
        return _parse_visible(visible)
    if driver.is_dir():
        return _numbered(sum(1 for _ in driver.iterdir()))
    return _ask_nvidia_smi(environment)


def _parse_visible(value: str) -> tuple[str, ...]:
    """CUDA ends the list at the first entry that names no device, -1 above all."""
    found: list[str] = []
    for entry in (part.strip() for part in value.split(",")):
        if not entry or entry.startswith("-"):
            break
        found.append(entry)
    return tuple(found)


def _ask_nvidia_smi(environment: Mapping[str, str]) -> tuple[str, ...]:
    command = shutil.which("nvidia-smi", path=environment.get("PATH"))
    if command is None:
        return ()
    try:
        answer = subprocess.run(
            [command, "-L"],
            capture_output=True,
            check=True,
            encoding="utf-8",
            errors="replace",
            timeout=_NVIDIA_SMI_S,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return _numbered(sum(line.startswith("GPU ") for line in answer.stdout.splitlines()))


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(str(index) for index in range(count))
