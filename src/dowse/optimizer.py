"""The library's face: an optimiser to ask for configurations and to tell their results.

    optimizer = Optimizer(space, goal="minimize", seed=0)
    suggestion = optimizer.ask()
    optimizer.tell(suggestion, loss_of(suggestion.parameters))
    optimizer.best()

A thin shell: what was told becomes a History, a suggester from the catalog answers it with
suggestions and a note, and nothing else is remembered.
"""

from __future__ import annotations

import math
import threading
from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any, SupportsFloat, overload

from dowse import catalog
from dowse.analysis.best import simplicity
from dowse.analysis.front import front, may_count
from dowse.domain import foreign, told
from dowse.domain.feasibility import problems
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Value
from dowse.domain.pareto import hypervolume, losses
from dowse.domain.space import SearchSpace
from dowse.domain.spec import AlgorithmSpec
from dowse.domain.targets import targets
from dowse.earlier import Earlier, sources_of
from dowse.errors import InvalidInput, Problem, Refused

if TYPE_CHECKING:
    from dowse.analysis.convergence import Convergence
    from dowse.analysis.dependence import Dependence
    from dowse.analysis.importance import Importance
    from dowse.analysis.insights import Insights
    from dowse.surrogate.fit import Surrogate
    from dowse.surrogate.sources import Standing

Parameters = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A configuration to try. `why` says how it was chosen: a JSON object."""

    number: int
    parameters: Parameters
    why: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the model expects of a configuration: the middle and the ends of the interval that
    holds 95 % of its belief, in the unit of the told values.
    """

    number: int
    parameters: Parameters
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The configuration with the best observed value, `metrics` being whatever else was told of it,
    and beside it the one that the model thinks
    best of those tried: where results are noisy it is the better pick. `model` is None until two
    finite results are known.
    """

    number: int
    parameters: Parameters
    value: float
    model: Estimate | None
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tradeoff:
    """A configuration on the Pareto front: no other is as good in every objective and better in
    one. `values` are its objectives by name.
    """

    number: int
    parameters: Parameters
    values: Mapping[str, float]


class Optimizer:
    """Suggests what to try next in a search space, given what was found so far.

    `goal` is that of the value told; `objectives` names several metrics and their goals instead,
    the first of which ranks trials. `limits` are what a trial must keep, such as "latency <= 20".
    `algorithm` is a name of the catalog, `options` are its settings. With `repeats`, a
    configuration may be suggested more than once. `sources` are earlier studies to learn from:
    optimisers, their `state()`, or (space, [(parameters, value), …]), in a list or by their names.
    The same space, seed and sequence of calls give the same suggestions. Safe to use from several
    threads. Raises InvalidInput for what cannot be.
    """

    def __init__(
        self,
        space: SearchSpace,
        goal: Goal | str | None = None,
        algorithm: str = "auto",
        seed: int = 0,
        *,
        options: Mapping[str, Any] | None = None,
        repeats: bool = False,
        sources: Sequence[Earlier] | Mapping[str, Earlier] = (),
        objectives: Mapping[str, Goal | str] | None = None,
        limits: Sequence[MetricLimit | str] = (),
    ) -> None:
        if not isinstance(space, SearchSpace):
            raise _refusal("space", f"must be a SearchSpace, got {type(space).__name__}")
        self.space = space
        self.targets = targets(goal, objectives, limits)
        if not isinstance(algorithm, str):
            raise _refusal("algorithm", f"must be a name such as 'bayesian', got {algorithm!r}")
        if options is not None and not isinstance(options, Mapping):
            raise _refusal("options", f"must map settings to their values, got {options!r}")
        self.algorithm = AlgorithmSpec(name=algorithm, options=options or {}, repeats=repeats)
        self.seed = whole("seed", seed, None)
        self._suggester = catalog.suggester(self.algorithm)
        self._sources = sources_of(sources, self.goal)
        if self._sources and (len(self.targets.objectives) > 1 or self.targets.limits):
            message = "can be learnt from with a single objective and without limits only"
            raise _refusal("sources", message)
        self._observations: list[Observation] = []
        self._pending: dict[int, Suggestion] = {}
        self._asked = 0
        self._numbered = 0
        self._note: Mapping[str, Any] | None = None
        self._lock = threading.RLock()

    @property
    def goal(self) -> Goal:
        """That of the first objective."""
        return self.targets.objectives[0].goal

    @property
    def observations(self) -> tuple[Observation, ...]:
        """Every trial that is over, by its number."""
        with self._lock:
            return tuple(self._observations)

    @property
    def pending(self) -> tuple[Suggestion, ...]:
        """Suggestions whose results were not told yet, by number."""
        with self._lock:
            return tuple(self._pending.values())

    @overload
    def ask(self) -> Suggestion: ...

    @overload
    def ask(self, count: int) -> list[Suggestion]: ...

    def ask(self, count: int | None = None) -> Suggestion | list[Suggestion]:
        """The next configuration to try, or a list of `count` to try at the same time.

        The list is shorter, at last empty, when the space holds no more. Raises Refused when a
        single one is asked for and there is none, InvalidInput where the constraints contradict
        each other.
        """
        with self._lock:
            made = self._suggested(1 if count is None else whole("count", count, 1))
            tried = len(self._observations) + len(self._pending)
        if not made and not tried and (contradiction := problems(self.space)):
            raise InvalidInput(contradiction)
        if not made and count is None:
            raise Refused(f"the search space is exhausted: {tried} configurations were suggested")
        return made[0] if count is None else made

    def tell(
        self,
        trial: Suggestion | Mapping[str, Any],
        value: SupportsFloat | Mapping[str, SupportsFloat] | None = None,
        *,
        failed: bool = False,
    ) -> int:
        """Report the value of a suggestion, or of any configuration as a mapping; its number.

        With several metrics the value is a mapping of each to its number. `failed` says that it was
        tried and gave no value. NaN and infinities are values that are never best. Numbers outside
        the present ranges, and configurations that break a constraint, are knowledge too: they are
        taken, and never best. Raises InvalidInput.
        """
        values = self._told(value, failed)
        with self._lock:
            if isinstance(trial, Suggestion):
                number, parameters = self._claimed(trial), trial.parameters
            else:
                parameters = foreign.configuration(self.space, trial)
                number = self._number_of(parameters)
            self._pending.pop(number, None)
            one = self._observed(number, parameters, values)
            insort(self._observations, one, key=lambda each: each.number)
        return number

    def best(self) -> Best | None:
        """The best so far, as observed and by the model; None before the first finite value that
        keeps every limit.

        Of several objectives the first one counts. Of equal values the simplest configuration is
        the best: fewer active parameters, then smaller sizes, then the earlier one.
        """
        observations = self.observations
        finite = [
            each for each in observations if each.value is not None and math.isfinite(each.value)
        ]
        finite.sort(key=_value, reverse=self.goal is Goal.MAXIMIZE)
        able = (each for each in finite if may_count(each, self.targets, self.space))
        champion = next(able, None)
        if champion is None:
            return None
        value = champion.value
        champion = min(
            [champion, *takewhile(lambda each: each.value == value, able)],
            key=lambda one: (*simplicity(one.parameters, self.space), one.number),
        )
        return Best(
            number=champion.number,
            parameters=dict(champion.parameters),
            value=_value(champion),
            metrics=dict(champion.metrics),
            model=self._best_by_model(observations),
        )

    def front(self) -> list[Tradeoff]:
        """The Pareto front: trials that no other one is as good as in every objective and better
        than in one, best in the first objective first.

        Empty while no trial keeps every limit. Of trials with equal objectives only the simplest
        is there.
        """
        return [
            Tradeoff(
                number=each.number,
                parameters=dict(each.parameters),
                values=self.targets.values(each) or {},
            )
            for each in front(self.observations, self.targets, self.space)
        ]

    def hypervolume(self, reference: Mapping[str, SupportsFloat]) -> float:
        """How much of the space of objectives the front dominates, up to the reference: the worst
        value of interest of each objective. The larger the better. Raises InvalidInput.
        """
        names = [each.metric for each in self.targets.objectives]
        worst = told.values(names, reference)
        for name, value in worst.items():
            if not math.isfinite(value):
                raise _refusal(name, f"a reference must be finite, got {value!r}")
        goals = [each.goal for each in self.targets.objectives]
        points = [losses(each.values.values(), goals) for each in self.front()]
        return hypervolume(points, losses(worst.values(), goals))

    def importance(self, method: str = "auto") -> Importance:
        """Which parameters matter: by `ped-anova`, `sobol`, or what suits the space.

        Raises InvalidInput for another method, Refused with fewer than four finite results.
        """
        return self._insights().importance(method)

    def partial_dependence(self, *names: str) -> Dependence:
        """How the value depends on one parameter or two, the others averaged out.

        Raises InvalidInput for names that cannot be, Refused with fewer than four finite results.
        """
        return self._insights().dependence(*names)

    def convergence(self, tolerance: float | None = None) -> Convergence:
        """Whether the search has found what there is to find, and what more trials would bring.

        `tolerance` is the gain that is not worth a trial. Raises InvalidInput.
        """
        return self._insights().convergence(tolerance)

    def sources(self) -> tuple[Standing, ...]:
        """What each earlier study counts at present, and why one was dropped, in their order."""
        observations = self.observations
        if observations:
            return self._surrogate(observations).standings
        from dowse.surrogate.encoding import encoding_for
        from dowse.surrogate.sources import expected

        return expected(encoding_for(self.space), self._sources)

    def state(self) -> dict[str, Any]:
        """Everything known, as a JSON object for `from_state`."""
        from dowse.wire.optimizer_state import OptimizerState, PendingTrial, state_to_json

        with self._lock:
            state = OptimizerState(
                space=self.space,
                targets=self.targets,
                algorithm=self.algorithm,
                seed=self.seed,
                asked=self._asked,
                numbered=self._numbered,
                observations=self.observations,
                sources=self._sources,
                pending=tuple(
                    PendingTrial(number=each.number, parameters=each.parameters, why=each.why)
                    for each in self._pending.values()
                ),
                note=self._note,
            )
        return state_to_json(state)

    @classmethod
    def from_state(cls, document: Mapping[str, Any]) -> Optimizer:
        """An optimiser that goes on where the other one was when its `state()` was taken."""
        from dowse.wire.optimizer_state import state_from_json

        state = state_from_json(document)
        made = cls(
            state.space,
            algorithm=state.algorithm.name,
            seed=state.seed,
            options=state.algorithm.options,
            repeats=state.algorithm.repeats,
            sources=state.sources,
        )
        made.targets = state.targets
        made._asked, made._numbered, made._note = state.asked, state.numbered, state.note
        made._observations = sorted(state.observations, key=lambda each: each.number)
        for each in sorted(state.pending, key=lambda each: each.number):
            made._pending[each.number] = Suggestion(
                number=each.number, parameters=dict(each.parameters), why=each.why
            )
        return made

    def _suggested(self, count: int) -> list[Suggestion]:
        """New suggestions, now pending."""
        from dowse.optim.protocol import SuggestRequest

        history = History(
            observations=tuple(self._observations),
            pending=tuple(each.parameters for each in self._pending.values()),
            index=self._asked,
        )
        decision = self._suggester.suggest(
            SuggestRequest(
                space=self.space,
                goal=self.goal,
                history=history,
                seed=self.seed,
                count=count,
                note=self._note,
                repeats=self.algorithm.repeats,
                sources=self._sources,
                further=self.targets.objectives[1:],
                limits=self.targets.limits,
            )
        )
        self._note = decision.note
        made = []
        for each in decision.suggestions:
            self._asked += 1
            self._numbered += 1
            suggestion = Suggestion(
                number=self._numbered, parameters=dict(each.parameters), why=each.why
            )
            self._pending[suggestion.number] = suggestion
            made.append(suggestion)
        return made

    def _claimed(self, suggestion: Suggestion) -> int:
        """The number of a suggestion that waits for its result."""
        if self._pending.get(suggestion.number) == suggestion:
            return suggestion.number
        known = next((o for o in self._observations if o.number == suggestion.number), None)
        if known is not None and known.parameters == suggestion.parameters:
            said = "failed" if known.value is None else repr(known.value)
            message = f"suggestion {suggestion.number} was told already: {said}"
        else:
            message = f"suggestion {suggestion.number} was not made by this optimizer"
        raise _refusal("suggestion", f"{message}; tell(suggestion.parameters, …) adds a result")

    def _number_of(self, parameters: Mapping[str, Value]) -> int:
        """That of the pending suggestion with these parameters, else a new one."""
        key = self.space.key(parameters)
        for each in self._pending.values():
            if self.space.key(each.parameters) == key:
                return each.number
        self._numbered += 1
        return self._numbered

    def _insights(self) -> Insights:
        from dowse.analysis.insights import Insights

        with self._lock:
            return Insights(
                space=self.space,
                goal=self.goal,
                history=History(observations=tuple(self._observations)),
                note=self._note,
                seed=self.seed,
            )

    def _told(self, value: object, failed: bool) -> dict[str, float] | None:
        """The numbers told by metric, None for a failure."""
        if failed:
            if value is not None:
                raise _refusal("value", f"a failed trial has none, got {value!r}")
            return None
        if value is None:
            raise _refusal("value", "is missing; tell(…, failed=True) reports a trial without one")
        return told.values(self.targets.metrics, value)

    def _observed(
        self, number: int, parameters: Parameters, values: Mapping[str, float] | None
    ) -> Observation:
        if values is None:
            return Observation(number=number, parameters=parameters, ending=Ending.FAILED)
        return Observation(
            number=number,
            parameters=parameters,
            ending=Ending.MEASURED,
            value=values[self.targets.objectives[0].metric],
            metrics={name: values[name] for name in self.targets.named},
        )

    def _best_by_model(self, observations: tuple[Observation, ...]) -> Estimate | None:
        """The tried configuration with the best posterior mean among those that the model is
        conditioned on: of very many these are the good ones.
        """
        surrogate = self._surrogate(observations)
        finite = (i for i in surrogate.model.rows.tolist() if math.isfinite(surrogate.y[i]))
        rows = sorted(i for i in finite if may_count(observations[i], self.targets, self.space))
        if len(rows) < 2:
            return None
        predicted = surrogate.predict(surrogate.X[rows])
        sign = -1.0 if self.goal is Goal.MAXIMIZE else 1.0
        pick = min(range(len(rows)), key=lambda i: sign * predicted[i].mean)
        chosen, expected = observations[rows[pick]], predicted[pick]
        return Estimate(
            number=chosen.number,
            parameters=dict(chosen.parameters),
            mean=expected.mean,
            low=expected.low,
            high=expected.high,
        )

    def _surrogate(self, observations: tuple[Observation, ...]) -> Surrogate:
        import numpy as np

        from dowse.surrogate.encoding import encoding_for
        from dowse.surrogate.fit import fit_history

        return fit_history(
            encoding_for(self.space),
            History(observations=observations),
            self.goal,
            note=self._note,
            rng=np.random.default_rng(abs(self.seed)),
            sources=self._sources,
        )


def _refusal(path: str, message: str) -> InvalidInput:
    return InvalidInput([Problem(path=path, message=message)])


def _value(observation: Observation) -> float:
    assert observation.value is not None
    return observation.value


def whole(path: str, value: object, low: int | None) -> int:
    """The value, if it is a whole number of `low` or more. Raises InvalidInput."""
    if not isinstance(value, int) or isinstance(value, bool) or (low is not None and value < low):
        what = "a whole number" if low is None else f"a whole number of {low} or more"
        raise _refusal(path, f"must be {what}, got {value!r}")
    return value
