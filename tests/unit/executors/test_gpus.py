from __future__ import annotations

from pathlib import Path

import pytest

from dowse.executors.gpus import find_gpus


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("0,1", ("0", "1")),
        (" 2 , 0 ", ("2", "0")),
        ("GPU-8932f937,MIG-1", ("GPU-8932f937", "MIG-1")),
        ("", ()),
        ("-1", ()),
        ("0,-1,1", ("0",)),
        ("0,,1", ("0",)),
    ],
)
def test_what_the_caller_was_given_is_what_there_is(value: str, found: tuple[str, ...]) -> None:
    assert find_gpus({"CUDA_VISIBLE_DEVICES": value}, driver=Path("/nowhere")) == found


def test_the_driver_shows_one_directory_for_each(tmp_path: Path) -> None:
    for name in ("0000:01:00.0", "0000:02:00.0"):
        (tmp_path / name).mkdir()
    assert find_gpus({}, driver=tmp_path) == ("0", "1")


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("echo 'GPU 0: A100 (UUID: x)'; echo 'GPU 1: A100 (UUID: y)'", ("0", "1")),
        ("echo 'GPU 0: A100'; echo '  MIG 1g.5gb Device 0: (UUID: z)'", ("0",)),
        ("echo 'NVIDIA-SMI has failed'; exit 9", ()),
    ],
)
def test_nvidia_smi_is_asked_where_the_driver_shows_nothing(
    tmp_path: Path, script: str, found: tuple[str, ...]
) -> None:
    command = tmp_path / "nvidia-smi"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    assert find_gpus({"PATH": str(tmp_path)}, driver=tmp_path / "none") == found


def test_a_machine_without_any_has_none(tmp_path: Path) -> None:
    assert find_gpus({"PATH": str(tmp_path)}, driver=tmp_path / "none") == ()
