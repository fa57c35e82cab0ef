"""A training program that writes down what it does where Dowse does not look.

It is copied beside the job file and run as it is: standard library only. What it prints, reports
and ends with follows from its parameters, so that every trial can be checked against them.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from typing import TextIO

FOLDER_VARIABLE = "WITNESS_DIR"
STEPS = 12


def exit_code(x: float) -> int:
    """Mostly 0; the others differ from trial to trial."""
    grain = int(x * 1e6)
    return 1 + grain % 120 if grain % 4 == 0 else 0


def value_at(x: float, step: int) -> float:
    return x + 1 / step


def line_at(x: float, step: int) -> str:
    return f"step {step} of {STEPS} with {x!r}"


def last_line(x: float) -> str:
    return f"ends with {exit_code(x)}"


def main(words: Sequence[str]) -> int:
    given = {name: float(text) for name, _, text in (word[2:].partition("=") for word in words)}
    x, seconds = given["x"], given["seconds"]
    with _open_witness() as witness:
        _tell(witness, {"began": time.time(), "x": x})
        for step in range(1, STEPS + 1):
            print(line_at(x, step), flush=True)
            _report(step, value_at(x, step))
            # Only now: what is written here was acknowledged before.
            _tell(witness, {"reported": step})
            time.sleep(seconds / STEPS)
        print(last_line(x), flush=True)
        _tell(witness, {"ended": exit_code(x)})
    return exit_code(x)


def _open_witness() -> TextIO:
    attempt = os.environ["DOWSE_ATTEMPT"].replace("/", ".")
    # With the pid: a second start of the same attempt must show.
    name = f"{attempt}.{os.getpid()}.jsonl"
    return open(os.path.join(os.environ[FOLDER_VARIABLE], name), "x", buffering=1)


def _tell(witness: TextIO, fact: dict[str, float]) -> None:
    witness.write(json.dumps(fact) + "\n")


def _report(step: int, value: float) -> None:
    with open(os.environ["DOWSE_REPORT_FILE"], "a") as file:
        file.write(json.dumps({"step": step, "loss": value}) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
