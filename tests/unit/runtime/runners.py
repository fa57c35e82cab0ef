"""Runners started by hand, without an executor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import dowse
from dowse.runtime import layout
from dowse.runtime.order import Order

PACKAGES = str(Path(dowse.__file__).parents[1])
BOOT = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from dowse.runtime.runner import main; main(sys.argv[2:])"
)


class Attempt:
    """The directory of an attempt, and what is found in it."""

    def __init__(self, root: Path) -> None:
        self.directory = root / "trials" / "1"
        self.work = self.directory / layout.WORK
        self.work.mkdir(parents=True)

    def start(
        self,
        argv: Sequence[str],
        *,
        timeout_s: float | None = None,
        grace_s: float = 0.3,
        environment: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
        work: Path | None = None,
        unlisted: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        variables = {"PATH": os.environ["PATH"], **(environment or {})}
        order = Order(
            directory=str(self.directory),
            working_directory=str(work or self.work),
            newer_attempt=str(self.directory.with_name("1.2")),
            trial=1,
            attempt=1,
            timeout_s=timeout_s,
            grace_s=grace_s,
            environment_names=sorted(variables),
            argv=argv,
        )
        with open(self.directory / layout.RUNNER_LOG, "ab") as log:
            return subprocess.Popen(
                [sys.executable, *options, "-I", "-S", "-c", BOOT, PACKAGES, *order.words()],
                env={**variables, **(unlisted or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def run(self, argv: Sequence[str], **options: Any) -> dict[str, Any]:
        """Let a runner do it all; what it left in exit.json."""
        return self.await_end(self.start(argv, **options))

    def shell(self, script: str, **options: Any) -> dict[str, Any]:
        return self.run(["/bin/sh", "-c", script], **options)

    def await_end(self, runner: subprocess.Popen[bytes]) -> dict[str, Any]:
        assert runner.wait(30) == 0, self.read(layout.RUNNER_LOG)
        record: dict[str, Any] = json.loads(self.read(layout.EXIT))
        return record

    def read(self, name: str) -> str:
        return (self.directory / name).read_text()

    def path(self, name: str) -> Path:
        return self.directory / name
