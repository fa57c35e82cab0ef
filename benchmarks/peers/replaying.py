"""Replaying recorded curves under a stopping policy, the same for ours and for every peer.

`parallel` trials run side by side and report in turns, a free place goes to the next trial. Only
the standard library is used here: every peer imports it.
"""

import json
import sys
from collections.abc import Callable, Sequence
from typing import Protocol


class Policy(Protocol):
    """Numbers of trials and of reports begin at 1."""

    def report(self, trial: int, step: int, value: float) -> bool:
        """Whether the trial is to be stopped at this report, which may be no finite number."""
        ...

    def complete(self, trial: int) -> None:
        """The trial has run to its own end."""
        ...


def replay(curves: Sequence[Sequence[float]], parallel: int, policy: Policy) -> list[int]:
    """How many reports each trial gave: as many as its curve has unless it was stopped.

    The policy is not asked about the last report: nothing would be saved.
    """
    given = [0] * len(curves)
    running: list[int] = []
    waiting = iter(range(len(curves)))
    while True:
        while len(running) < parallel and (begun := next(waiting, None)) is not None:
            running.append(begun)
        if not running:
            return given
        going = []
        for index in running:
            step = given[index] = given[index] + 1
            stopped = policy.report(index + 1, step, curves[index][step - 1])
            if step == len(curves[index]):
                policy.complete(index + 1)
            elif not stopped:
                going.append(index)
        running = going


def serve(make: Callable[..., Policy], version: str) -> None:
    """Replay jobs for the harness, one JSON object a line, each answered by one.

        {"rule": "median", "options": {…}, "parallel": 10, "curves": [[0.9, 0.5], …]}
        {"given": [2, …], "version": "5.0.0"}

    `make` takes the name of the rule, its options, and how many reports a whole trial gives.
    """
    out, sys.stdout = sys.stdout, sys.stderr  # Libraries print; their words are not answers.
    for line in sys.stdin:
        asked = json.loads(line)
        policy = make(asked["rule"], asked["options"], len(asked["curves"][0]))
        given = replay(asked["curves"], asked["parallel"], policy)
        out.write(json.dumps({"given": given, "version": version}) + "\n")
        out.flush()
