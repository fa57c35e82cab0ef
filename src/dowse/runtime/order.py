"""What a runner is told to do, as the words of its command line.

A file would have to be parsed before the program can start, and JSON alone costs a runner a
fifth of its start. Standard library only: the runner imports it.
"""

from __future__ import annotations

TYPE_CHECKING = False  # Importing typing would slow down the start of every runner.
if TYPE_CHECKING:
    from collections.abc import Sequence

_FIXED = 8
"""Words before the program's own."""


class Order:
    """One attempt to carry out; all paths are absolute.

    `environment_names` are the variables that the program gets, with the values that the runner
    itself was given: the runner's interpreter and its engine may have added others.
    `newer_attempt` is the directory whose existence says that this attempt is superseded.
    """

    __slots__ = (
        "argv",
        "attempt",
        "directory",
        "environment_names",
        "grace_s",
        "newer_attempt",
        "timeout_s",
        "trial",
        "working_directory",
    )

    def __init__(
        self,
        *,
        directory: str,
        working_directory: str,
        newer_attempt: str,
        trial: int,
        attempt: int,
        timeout_s: float | None,
        grace_s: float,
        environment_names: Sequence[str],
        argv: Sequence[str],
    ) -> None:
        self.directory = directory
        self.working_directory = working_directory
        self.newer_attempt = newer_attempt
        self.trial = trial
        self.attempt = attempt
        self.timeout_s = timeout_s
        self.grace_s = grace_s
        self.environment_names = tuple(environment_names)
        self.argv = tuple(argv)

    def words(self) -> list[str]:
        return [
            self.directory,
            self.working_directory,
            self.newer_attempt,
            str(self.trial),
            str(self.attempt),
            "" if self.timeout_s is None else repr(self.timeout_s),
            repr(self.grace_s),
            "=".join(self.environment_names),  # The one character that no name can hold.
            *self.argv,
        ]

    @staticmethod
    def parse(words: Sequence[str]) -> Order:
        directory, working_directory, newer, trial, attempt, timeout_s, grace_s, names = words[
            :_FIXED
        ]
        return Order(
            directory=directory,
            working_directory=working_directory,
            newer_attempt=newer,
            trial=int(trial),
            attempt=int(attempt),
            timeout_s=float(timeout_s) if timeout_s else None,
            grace_s=float(grace_s),
            environment_names=names.split("=") if names else (),
            argv=words[_FIXED:],
        )
