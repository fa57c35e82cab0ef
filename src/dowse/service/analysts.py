"""Those who tell what the trials of jobs say, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from dowse.domain.prices import Prices
from dowse.ports import Store
from dowse.service.advising import Advising
from dowse.service.analyses import Analyses
from dowse.service.confirming import Confirming
from dowse.service.jobs import Jobs
from dowse.service.queries import Queries
from dowse.service.replay.replaying import Replaying


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysts:
    """They share what they have found out: each is to be asked by one thread at a time."""

    analyses: Analyses
    advising: Advising
    confirming: Confirming
    replaying: Replaying

    @classmethod
    def over(cls, store: Store, *, jobs: Jobs, queries: Queries, prices: Prices) -> Self:
        analyses = Analyses(store=store)
        return cls(
            analyses=analyses,
            advising=Advising(queries=queries, analyses=analyses, prices=prices),
            confirming=Confirming(store=store, jobs=jobs, queries=queries, analyses=analyses),
            replaying=Replaying(store=store),
        )
