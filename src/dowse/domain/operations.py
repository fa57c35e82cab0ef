"""What a client asks of a study and what comes of it: durable, for the answer may take time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class SuggestTrials:
    """`count` trials for `client`: the ones that it has not completed yet come first."""

    client: str
    count: int


@dataclass(frozen=True, slots=True)
class CheckStopping:
    """Whether the early-stopping rule would end this trial."""

    trial: int


Asked: TypeAlias = SuggestTrials | CheckStopping


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Open until `ended_at`. Times are epoch seconds.

    `trials` are the numbers of the suggested trials, `exhausted` says that no further
    configuration exists, `should_stop` is the verdict of a check; `error` is why there is none.
    """

    id: int = 0
    job_id: int
    job: str
    asked: Asked
    created_at: float
    ended_at: float | None = None
    trials: tuple[int, ...] = ()
    exhausted: bool = False
    should_stop: bool = False
    error: str | None = None

    @property
    def is_done(self) -> bool:
        return self.ended_at is not None
