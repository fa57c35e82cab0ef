"""Runs a few configurations again and again under shared seeds, and ever fewer of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dowse.domain.confirmation import Confirmation, confirmation
from dowse.numerics.arrays import BoolArray
from dowse.numerics.racing import race
from dowse.optim.protocol import SuggestDecision, Suggestion, SuggestRequest
from dowse.surrogate.replicates import replicates


class ConfirmSuggester:
    """A race: each seed goes to every configuration that is in the running, seed by seed.

    What is left of the runs by those that were dropped goes to the others, as long as more than one
    is in the running; the last one runs under as many seeds as were asked for. Options are those of
    `domain.confirmation`.
    """

    def __init__(
        self,
        *,
        job: str,
        entrants: list[Mapping[str, Any]],
        seeds: int,
        seed_flag: str | None = None,
    ) -> None:
        self._wanted = confirmation(job=job, entrants=entrants, seeds=seeds, seed_flag=seed_flag)

    def suggest(self, request: SuggestRequest) -> SuggestDecision:
        wanted = self._wanted
        found = replicates(request.space, wanted, request.goal, request.history)
        alive = race(found.Y).alive
        issued = found.issued
        suggestions: list[Suggestion] = []
        while len(suggestions) < request.count:
            place = _next(wanted, issued, alive)
            if place is None:
                break
            i, j = place
            issued[i, j] = True
            suggestions.append(_suggestion(wanted, i, j, alive))
        exhausted = _next(wanted, issued, alive) is None
        return SuggestDecision(suggestions=tuple(suggestions), exhausted=exhausted)


def _next(wanted: Confirmation, issued: BoolArray, alive: BoolArray) -> tuple[int, int] | None:
    """The configuration and the seed that come next; None when the race is over."""
    most = wanted.seeds if alive.sum() == 1 else issued.shape[1]
    if issued.sum() >= wanted.budget:
        return None
    for j in range(most):
        for i in np.flatnonzero(alive):
            if not issued[i, j]:
                return int(i), j
    return None


def _suggestion(wanted: Confirmation, i: int, j: int, alive: BoolArray) -> Suggestion:
    entrant = wanted.entrants[i]
    why = {
        "algorithm": "confirm",
        "confirms": f"{wanted.job}/{entrant.trial}",
        "seed": j + 1,
        "in_the_running": int(alive.sum()),
    }
    return Suggestion(parameters=entrant.parameters, why=why)
