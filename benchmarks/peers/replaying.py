"""Replaying recorded curves under a stopping policy, the same for ours and for every peer.

`parallel` trials run side by side and report in turns, a free place goes to the next trial. Only
the standard library is used here: every peer imports it.
"""

from collections.abc import Sequence
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
