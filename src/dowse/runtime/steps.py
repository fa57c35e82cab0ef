"""The program that makes a job ready: its commands one after the other, up to the first failure.

    python steps.py <steps.json>

Each step is an object with `argv` or `shell`. The exit code is that of the step that failed. It
runs where the programs of trials run, so it needs the standard library only.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from typing import TypedDict

NOT_FOUND = 127


class Step(TypedDict):
    """One of the two is given."""

    argv: list[str] | None
    shell: str | None


def main(words: Sequence[str]) -> int:
    with open(words[0], encoding="utf-8") as file:
        steps: list[Step] = json.load(file)
    for step in steps:
        code = run(step)
        if code:
            return code
    return 0


def run(step: Step) -> int:
    argv = step["argv"] or ["/bin/sh", "-c", step["shell"] or ""]
    print(f"$ {step['shell'] or shlex.join(argv)}", flush=True)
    try:
        code = subprocess.call(argv)
    except OSError as error:
        print(f"{argv[0]} cannot be started: {error.strerror}", flush=True)
        return NOT_FOUND
    # As a shell counts a program that died of a signal.
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
