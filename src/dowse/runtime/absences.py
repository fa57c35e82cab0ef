"""What a job needs of this machine and does not find there: its code, its data, its interpreter."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping

from dowse.domain.spec import External, JobSpec
from dowse.errors import Problem
from dowse.runtime.inputs import input_problems
from dowse.runtime.launch import choose_interpreter


def absences(spec: JobSpec, environ: Mapping[str, str]) -> Iterator[Problem]:
    """`environ` is that of the job's trials: bare names are looked up on its PATH."""
    launch = spec.launch
    if isinstance(launch.program, External):
        return
    root = launch.code.root
    if root is not None and not os.path.isdir(root):
        yield Problem(path="code.root", message=f"must be a folder, got {root!r}")
    yield from input_problems(launch)
    # What is prepared first may be a virtual environment with the interpreter in it.
    if launch.python and launch.prepare is None:
        yield from _interpreter_problems(launch.python, root, environ)


def _interpreter_problems(
    given: str, root: str | None, environ: Mapping[str, str]
) -> Iterator[Problem]:
    chosen = choose_interpreter(
        job=given, code_root=root, flag=None, environ=environ, python3_on_path=True, own=given
    )
    if shutil.which(chosen, path=environ.get("PATH", os.defpath)) is not None:
        return
    where = f"none at {chosen}" if "/" in chosen else f"no {chosen} on PATH"
    message = f"must be an interpreter of this machine, and there is {where} that can be started"
    yield Problem(path="python", message=message)
