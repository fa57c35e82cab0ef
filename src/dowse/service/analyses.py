"""What the finished trials of a job say. Nothing here changes anything."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from dowse.domain.confirmation import Confirmation
from dowse.ports import Store
from dowse.service.histories import continued, history_of

if TYPE_CHECKING:
    from dowse.analysis.boundary import RangeProposal
    from dowse.analysis.confirm import ConfirmReport
    from dowse.analysis.convergence import Convergence
    from dowse.analysis.dependence import Dependence
    from dowse.analysis.importance import Importance
    from dowse.analysis.insights import Insights
    from dowse.analysis.trust import Trust

_REMEMBERED = 64

T = TypeVar("T")


class Analyses:
    """Each result is kept until another trial has ended: a page that asks again and again must not
    keep the machine from training. To be asked by one thread at a time.
    """

    def __init__(self, *, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[tuple[Any, ...], Any] = OrderedDict()

    def importance(self, name: str, *, method: str = "auto") -> Importance:
        """Raises InvalidInput for an unknown method, Refused with too few results."""
        return self._once(name, ("importance", method), lambda known: known.importance(method))

    def dependence(self, name: str, parameters: Sequence[str]) -> Dependence:
        """Raises InvalidInput for parameters that cannot be, Refused with too few results."""
        asked = tuple(parameters)
        return self._once(name, ("dependence", asked), lambda known: known.dependence(*asked))

    def convergence(self, name: str, *, tolerance: float | None = None) -> Convergence:
        """Raises InvalidInput for a tolerance that is no positive number."""
        return self._once(
            name, ("convergence", tolerance), lambda known: known.convergence(tolerance)
        )

    def ranges(self, name: str) -> tuple[RangeProposal, ...]:
        """One proposal for each parameter that varies."""
        return self._once(name, ("ranges",), lambda known: known.ranges())

    def trust(self, name: str, best: int | None) -> Trust:
        """`best` is the trial that ranks first. Raises Refused with too few results."""
        return self._once(name, ("trust", best), lambda known: known.trust(best))

    def promising(self, name: str, ranked: tuple[int, ...], count: int) -> list[int]:
        """The trials that are worth running again; `ranked` are those that may be, best first."""
        asked = ("promising", ranked, count)
        return self._once(name, asked, lambda known: known.promising(ranked, count))

    def confirmation(self, name: str, wanted: Confirmation, *, over: bool) -> ConfirmReport:
        """What the runs of a job that confirms say so far."""
        asked = ("confirmation", over)
        return self._once(name, asked, lambda known: known.confirmation(wanted, over=over))

    def _once(self, name: str, asked: tuple[Any, ...], answer: Callable[[Insights], T]) -> T:
        # NumPy and SciPy are loaded by the first question, not by every owner.
        from dowse.analysis.insights import Insights

        job = self._store.job(name)
        counts = self._store.trial_counts(job.id)
        ended = sum(count for state, count in counts.items() if state.is_final)
        key = (job.id, ended, *asked)
        if key not in self._known:
            spec = self._store.spec(job.id)
            known = Insights(
                space=spec.space,
                goal=spec.objective.goal,
                history=continued(
                    self._store.lineage(job.id), history_of(self._store.trials(job.id))
                ),
                note=self._store.note(job.id),
                seed=spec.seed,
            )
            self._known[key] = answer(known)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        found: T = self._known[key]
        return found
