"""Everything that can be asked about the finished trials of one search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dowse.analysis.boundary import RangeProposal, propose_ranges
from dowse.analysis.confirm import ConfirmReport, confirm_report
from dowse.analysis.convergence import Convergence, convergence
from dowse.analysis.dependence import Dependence, checked_names, partial_dependence
from dowse.analysis.importance import LEAST_RESULTS, Importance, Method, importance
from dowse.analysis.trust import Trust, promising, trust
from dowse.domain.confirmation import Confirmation
from dowse.domain.history import History
from dowse.domain.metrics import Goal
from dowse.domain.space import SearchSpace
from dowse.errors import Refused
from dowse.surrogate.encoding import encoding_for
from dowse.surrogate.fit import fit_history, observed
from dowse.surrogate.sampling import sampler_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    """The questions; `note` is that of the search's suggester, where it left one."""

    space: SearchSpace
    goal: Goal
    history: History
    note: Mapping[str, Any] | None = None
    seed: int = 0

    def importance(self, method: Method | str = Method.AUTO) -> Importance:
        """Which parameters matter. Raises InvalidInput, and Refused with too few results."""
        return importance(
            encoding_for(self.space),
            self.history,
            self.goal,
            method=method,
            note=self.note,
            seed=self.seed,
        )

    def dependence(self, *names: str) -> Dependence:
        """How the metric depends on one parameter or two, the others averaged out. Raises
        InvalidInput, and Refused with too few results.
        """
        encoding = encoding_for(self.space)
        checked_names(encoding, names)
        finite = int(np.isfinite(observed(encoding, self.history, self.goal)[1]).sum())
        if finite < LEAST_RESULTS:
            raise Refused(f"dependence needs at least {LEAST_RESULTS} finite results, got {finite}")
        rng = np.random.default_rng(abs(self.seed))
        surrogate = fit_history(encoding, self.history, self.goal, note=self.note, rng=rng)
        return partial_dependence(surrogate, sampler_for(self.space), names, rng)

    def ranges(self) -> tuple[RangeProposal, ...]:
        """Which ranges a further search should have: one proposal for each parameter."""
        return propose_ranges(self.space, self.history, self.goal)

    def trust(self, best: int | None = None) -> Trust:
        """Which result to trust; `best` is the trial that ranks first. Raises Refused with too few
        results.
        """
        return trust(self.space, self.history, self.goal, best=best, note=self.note, seed=self.seed)

    def promising(self, ranked: Sequence[int], count: int) -> list[int]:
        """Trials that may be the best: by value and by the model's mean, in turns; `ranked` are
        those that may be chosen, the best value first.
        """
        encoding = encoding_for(self.space)
        finite = int(np.isfinite(observed(encoding, self.history, self.goal)[1]).sum())
        if finite < LEAST_RESULTS or len(ranked) <= count:
            return list(ranked[:count])
        rng = np.random.default_rng(abs(self.seed))
        surrogate = fit_history(encoding, self.history, self.goal, note=self.note, rng=rng)
        return promising(ranked, surrogate, self.history, count)

    def confirmation(self, wanted: Confirmation, *, over: bool) -> ConfirmReport:
        """What the runs of a job that confirms say; `over` says that there will be no more."""
        return confirm_report(self.space, wanted, self.history, self.goal, over=over)

    def convergence(self, tolerance: float | None = None) -> Convergence:
        """Whether the search has found what there is to find. Raises InvalidInput."""
        return convergence(
            encoding_for(self.space),
            sampler_for(self.space),
            self.history,
            self.goal,
            tolerance=tolerance,
            note=self.note,
            seed=self.seed,
        )
