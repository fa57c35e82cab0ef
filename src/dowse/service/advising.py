"""What to do about a job: everything that its trials and its document suggest, in one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dowse.domain.prices import Prices
from dowse.domain.trial import Trial
from dowse.errors import Problem, Refused
from dowse.service.analyses import Analyses
from dowse.service.queries import Queries

if TYPE_CHECKING:
    from dowse.analysis.advice import Advice, Counsel
    from dowse.analysis.boundary import RangeProposal
    from dowse.analysis.trust import Trust


class Advising:
    """To be asked by one thread at a time, as the analyses are."""

    def __init__(self, *, queries: Queries, analyses: Analyses, prices: Prices) -> None:
        self._queries = queries
        self._analyses = analyses
        self._prices = prices

    def ranges(self, name: str) -> tuple[RangeProposal, ...]:
        """Which ranges a further job should have, one proposal for each parameter that varies."""
        return self._analyses.ranges(name)

    def counsel(self, name: str, on_spec: Sequence[Problem] = ()) -> Counsel:
        """All advice on a job; `on_spec` is what its document suggests by itself."""
        from dowse.analysis.advice import Advice, Counsel, Kind, on_ranges, on_trust

        ranges, trusted = self._ranges(name), self._trust(name)
        found: list[Advice] = [
            Advice(kind=Kind.SPEC, about=problem.path, message=problem.message)
            for problem in on_spec
        ]
        found += [*on_ranges(ranges), *self._on_importance(name)]
        if trusted is not None:
            found += on_trust(trusted, name)
        counsel = Counsel(
            advice=tuple(found),
            ranges=ranges,
            trust=trusted,
            forecast=(),
            currency=self._prices.currency,
        )
        return self._with_forecast(name, counsel)

    def _ranges(self, name: str) -> tuple[RangeProposal, ...]:
        try:
            return self._analyses.ranges(name)
        except Refused:
            return ()

    def _trust(self, name: str) -> Trust | None:
        ranked = self._queries.ranked(name)
        try:
            return self._analyses.trust(name, ranked[0].number if ranked else None)
        except Refused:
            return None

    def _on_importance(self, name: str) -> list[Advice]:
        from dowse.analysis.advice import on_importance

        try:
            return list(on_importance(self._analyses.importance(name)))
        except Refused:
            return []

    def _with_forecast(self, name: str, counsel: Counsel) -> Counsel:
        from dowse.analysis.advice import on_forecast, outlook

        spec = self._queries.spec(name)
        try:
            converged = self._analyses.convergence(name)
        except Refused:
            return counsel
        price = self._prices.of(spec.launch.resources.machine)
        running_s = _mean_running_s(self._queries.trials(name))
        priced = outlook(converged, running_s=running_s, price=price)
        metric = spec.objective.metric
        said = on_forecast(converged, priced, metric=metric, currency=counsel.currency)
        return replace(counsel, forecast=priced, advice=(*counsel.advice, *said))


def _mean_running_s(trials: Sequence[Trial]) -> float | None:
    times = [
        trial.ended_at - trial.started_at
        for trial in trials
        if trial.started_at is not None and trial.ended_at is not None
    ]
    return sum(times) / len(times) if times else None
