"""What makes a job ready: which packages, in which order, by which commands."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dowse.domain.spec import Argv, CodeSpec, LaunchSpec, Shell
from dowse.domain.trial import AttemptRef
from dowse.runtime import steps
from dowse.runtime.preparation import (
    STEPS,
    build_preparation,
    fetch_packages,
    is_requirement,
)


def a_launch(**fields: Any) -> LaunchSpec:
    return LaunchSpec(program=Argv(("train",)), code=CodeSpec(root="/code"), **fields)


def commands(launch: LaunchSpec, fetched: Path) -> list[dict[str, Any]]:
    plan = build_preparation(
        launch,
        AttemptRef("digits", 0, 2),
        directory=Path("/data/prepare.2"),
        base_env={"PATH": "/bin"},
        python="/opt/python/bin/python",
        fetched=fetched,
        grace_s=1.0,
    )
    found: list[dict[str, Any]] = json.loads(plan.files[STEPS])
    return found


@pytest.mark.parametrize("text", ["lightgbm", "lightgbm>=4,<5", "dowse[cloud] == 1.0", "a_b-c.d"])
def test_a_name_with_conditions_is_a_requirement(text: str) -> None:
    assert is_requirement(text)


@pytest.mark.parametrize(
    "text", ["/a/b", "gs://a/b-0.1.tar.gz", "b-0.1-py3-none-any.whl", "b-0.1.tar.gz", "./b"]
)
def test_paths_urls_and_archives_are_no_requirements(text: str) -> None:
    assert not is_requirement(text)


def test_local_packages_are_copied_when_the_job_is_submitted(tmp_path: Path) -> None:
    wheel = tmp_path / "a-1-py3-none-any.whl"
    wheel.write_bytes(b"PK")
    folder = tmp_path / "lib"
    (folder / "lib").mkdir(parents=True)
    (folder / "pyproject.toml").write_text("")
    launch = a_launch(packages=(str(wheel), "numpy", f"file://{folder}"))
    assert fetch_packages(launch, tmp_path / "got") == []
    assert (tmp_path / "got/0/a-1-py3-none-any.whl").read_bytes() == b"PK"
    assert (tmp_path / "got/2/lib/pyproject.toml").exists()
    (step,) = commands(launch, tmp_path / "got")
    assert step["argv"][0] == "/opt/python/bin/python"
    assert step["argv"][-5:] == [
        "--target",
        "/data/prepare.2/packages",
        str(tmp_path / "got/0/a-1-py3-none-any.whl"),
        "numpy",
        str(tmp_path / "got/2/lib"),
    ]


def test_what_is_not_there_is_named_and_left_out(tmp_path: Path) -> None:
    launch = a_launch(packages=(str(tmp_path / "gone.whl"), "odd://x/y.whl"))
    first, second = fetch_packages(launch, tmp_path / "got")
    assert first.path == "packages[0]"
    assert "gone.whl: FileNotFoundError" in first.message
    assert (second.path, "odd://x/y.whl" in second.message) == ("packages[1]", True)
    assert commands(launch, tmp_path / "got") == []


def test_packages_come_before_the_command(tmp_path: Path) -> None:
    launch = a_launch(packages=("numpy",), prepare=Argv(("python", "get data.py")))
    install, prepare = commands(launch, tmp_path)
    assert install["argv"][1:4] == ["-m", "pip", "install"]
    assert prepare == {"argv": ["/opt/python/bin/python", "get data.py"], "shell": None}
    (shell,) = commands(a_launch(prepare=Shell("make | tee log")), tmp_path)
    assert shell == {"argv": None, "shell": "make | tee log"}


def run(folder: Path, *todo: Sequence[str] | str) -> subprocess.CompletedProcess[str]:
    words = [
        {"argv": None, "shell": one} if isinstance(one, str) else {"argv": one, "shell": None}
        for one in todo
    ]
    (folder / STEPS).write_text(json.dumps(words))
    return subprocess.run(
        [sys.executable, "-I", str(steps.__file__), str(folder / STEPS)],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


def test_steps_run_in_turn_and_show_what_they_are(tmp_path: Path) -> None:
    done = run(tmp_path, "echo one > made", [sys.executable, "-c", "print(open('made').read())"])
    assert done.returncode == 0
    assert done.stdout.startswith("$ echo one > made\n$ ")
    assert done.stdout.endswith("one\n\n")


def test_the_first_failure_ends_them_with_its_code(tmp_path: Path) -> None:
    done = run(tmp_path, "exit 3", "touch never")
    assert done.returncode == 3
    assert not (tmp_path / "never").exists()
    assert run(tmp_path, "kill -9 $$").returncode == 137
    missing = run(tmp_path, ["no-such-program", "x"])
    assert missing.returncode == 127
    assert missing.stdout.endswith("no-such-program cannot be started: No such file or directory\n")
