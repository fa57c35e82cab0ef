"""What the finished trials of a job say. Nothing here changes anything."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from dowse.domain.confirmation import Confirmation
from dowse.errors import Refused
from dowse.ports import Store
from dowse.service.histories import continued, history_of, told_by

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

    def importance(
        self, name: str, *, method: str = "auto", metric: str | None = None
    ) -> Importance:
        """For the first objective, or another metric that the job asks for. Raises InvalidInput for
        an unknown method or metric, Refused with too few results.
        """
        asked = ("importance", method)
        return self._once(name, asked, lambda known: known.importance(method), metric=metric)

    def dependence(
        self, name: str, parameters: Sequence[str], *, metric: str | None = None
    ) -> Dependence:
        """Of the first objective, or of another metric that the job asks for. Raises InvalidInput
        for parameters or a metric that cannot be, Refused with too few results.
        """
        asked = ("dependence", tuple(parameters))
        return self._once(name, asked, lambda known: known.dependence(*parameters), metric=metric)

    def convergence(self, name: str, *, tolerance: float | None = None) -> Convergence:
        """Raises InvalidInput for a tolerance that is no positive number, Refused for a job with
        several objectives or with limits on metrics.
        """
        self._refuse(name, "convergence is told", limits_too=True)
        return self._once(
            name, ("convergence", tolerance), lambda known: known.convergence(tolerance)
        )

    def ranges(self, name: str) -> tuple[RangeProposal, ...]:
        """One proposal for each parameter that varies. Raises Refused for several objectives."""
        self._refuse(name, "ranges are proposed")
        return self._once(name, ("ranges",), lambda known: known.ranges(), within_limits=True)

    def trust(self, name: str, best: int | None) -> Trust:
        """`best` is the trial that ranks first. Raises Refused with too few results, and for
        several objectives.
        """
        self._refuse(name, "a best result is weighed")
        return self._once(
            name, ("trust", best), lambda known: known.trust(best), within_limits=True
        )

    def promising(self, name: str, ranked: tuple[int, ...], count: int) -> list[int]:
        """The trials that are worth running again; `ranked` are those that may be, best first."""
        asked = ("promising", ranked, count)
        return self._once(
            name, asked, lambda known: known.promising(ranked, count), within_limits=True
        )

    def confirmation(self, name: str, wanted: Confirmation, *, over: bool) -> ConfirmReport:
        """What the runs of a job that confirms say so far."""
        asked = ("confirmation", over)
        return self._once(name, asked, lambda known: known.confirmation(wanted, over=over))

    def _refuse(self, name: str, what: str, *, limits_too: bool = False) -> None:
        """Raises Refused where no single value says which trial is better."""
        targets = self._store.spec(self._store.job(name).id).targets
        if targets.is_several:
            names = ", ".join(each.metric for each in targets.objectives)
            raise Refused(f"{what} for a single objective, and {name} has several: {names}")
        if limits_too and targets.limits:
            kept = ", ".join(map(str, targets.limits))
            raise Refused(f"{what} without limits on metrics, and {name} has some: {kept}")

    def _once(
        self,
        name: str,
        asked: tuple[Any, ...],
        answer: Callable[[Insights], T],
        *,
        within_limits: bool = False,
        metric: str | None = None,
    ) -> T:
        """With `within_limits` trials that do not keep the job's limits are left out. `metric` is
        the first objective, unless given.
        """
        # NumPy and SciPy are loaded by the first question, not by every owner.
        from dowse.analysis.insights import Insights

        job = self._store.job(name)
        counts = self._store.trial_counts(job.id)
        ended = sum(count for state, count in counts.items() if state.is_final)
        key = (job.id, ended, metric, *asked)
        if key not in self._known:
            spec = self._store.spec(job.id)
            targets = spec.targets
            history = continued(
                self._store.lineage(job.id), history_of(self._store.trials(job.id), targets)
            )
            if within_limits:
                kept = tuple(each for each in history.observations if targets.kept(each))
                history = replace(history, observations=kept)
            goal, note = spec.objective.goal, self._store.note(job.id)
            if metric is not None and metric != spec.objective.metric:
                # What the suggester notes first is about the first objective.
                history, goal, note = (
                    told_by(history, targets, metric),
                    targets.goal_of(metric),
                    None,
                )
            known = Insights(
                space=spec.space,
                goal=goal,
                history=history,
                note=note,
                seed=spec.seed,
            )
            self._known[key] = answer(known)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        found: T = self._known[key]
        return found
