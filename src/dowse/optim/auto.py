"""The algorithm for those who do not want to choose one.

What it picks was decided by measurement (`docs/engine.md`): with up to four thousand configurations
that wait for their results, the model is ahead of every other suggester in all spaces that were
tried, from twelve labels to a thousand parameters. What it could say about many more is guessed
from its own guesses, and an even design takes over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain

from dowse.domain.groups import combinations
from dowse.domain.space import SearchSpace
from dowse.optim.bayes import ENUMERATED, BayesianSuggester
from dowse.optim.designs import SobolSuggester
from dowse.optim.protocol import SuggestDecision, Suggestion, SuggestRequest

MOST_WAITING = 5_000
"""Pending configurations beyond which the model is not asked."""

_WIDE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoSuggester:
    """Chooses by the size of the space and of what is pending; `initial` and `noise` are settings
    of the model, see BayesianSuggester. `why` names the choice (`algorithm`) and its reason
    (`because`).
    """

    initial: int = 4
    noise: str = "auto"

    def __post_init__(self) -> None:
        BayesianSuggester(initial=self.initial, noise=self.noise)

    def suggest(self, request: SuggestRequest) -> SuggestDecision:
        waiting = len(request.history.pending)
        modelled = min(request.count, max(0, MOST_WAITING - waiting))
        found: tuple[Suggestion, ...] = ()
        note, exhausted = request.note, False
        if modelled:
            model = BayesianSuggester(initial=self.initial, noise=self.noise)
            decision = model.suggest(replace(request, count=modelled))
            found = _explained(decision, _reason(request.space))
            note, exhausted = decision.note, decision.exhausted
        if modelled < request.count and not exhausted:
            rest = SobolSuggester().suggest(_after(request, found))
            because = f"more than {MOST_WAITING:,} configurations wait for their results"
            found += _explained(rest, because)
            exhausted = rest.exhausted
        return SuggestDecision(suggestions=found, note=note, exhausted=exhausted)


def _after(request: SuggestRequest, found: tuple[Suggestion, ...]) -> SuggestRequest:
    """The rest of a request, when some of it was found; its note is the model's."""
    history = request.history
    pending = tuple(chain(history.pending, (each.parameters for each in found)))
    index = history.index + len(found)
    return replace(
        request,
        history=replace(history, pending=pending, index=index),
        count=request.count - len(found),
        note=None,
    )


def _explained(decision: SuggestDecision, because: str) -> tuple[Suggestion, ...]:
    return tuple(
        replace(each, why={**each.why, "because": because}) for each in decision.suggestions
    )


def _reason(space: SearchSpace) -> str:
    """Why the model is asked."""
    count = combinations(space.parameters) if space.is_finite else None
    if count is not None and count <= ENUMERATED:
        return f"a model can look at each of the {count} combinations"
    if len(space.parameters) > _WIDE:
        return f"only a model finds which of {len(space.parameters)} parameters matter"
    return "a model learns from every result"
