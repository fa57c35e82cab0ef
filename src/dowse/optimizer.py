"""The optimiser as a library: ask for configurations, tell what they gave.

    optimizer = Optimizer(space, goal="minimize", seed=0)
    suggestion = optimizer.ask()
    optimizer.tell(suggestion, 0.31)
    best = optimizer.best()

A thin shell: the suggester is a pure function, and this class keeps the history for it. `minimize`
is the loop over ask and tell.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, overload

from dowse import catalog
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal, better
from dowse.domain.parameters import Categorical, Parameter, Value, is_number
from dowse.domain.space import Assignment, SearchSpace, is_active
from dowse.domain.spec import AlgorithmSpec
from dowse.errors import InvalidInput, Problem, Refused
from dowse.optim.protocol import Suggestion, SuggestRequest

Told = Suggestion | Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the model believes of a configuration: the middle of its belief and the ends of the
    interval that holds 95 % of it.
    """

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The best so far. `parameters` and `value` are the best observed; `by_model` is the tried
    configuration that the model, which sees through noise, holds for the best.
    """

    parameters: Mapping[str, Value]
    value: float
    by_model: Mapping[str, Value]
    expected: Expected


class Optimizer:
    """Suggests configurations of a space and learns from their results.

    `algorithm` is a name of the catalog and `options` are its own. Without `repeats` no
    configuration is suggested twice. Safe to use from several threads.
    """

    def __init__(
        self,
        space: SearchSpace | Sequence[Parameter],
        goal: Goal | str = Goal.MINIMIZE,
        algorithm: str = "bayesian",
        *,
        seed: int = 0,
        repeats: bool = False,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.space = space if isinstance(space, SearchSpace) else SearchSpace(space)
        self.goal = _goal(goal)
        spec = AlgorithmSpec(name=algorithm, options=dict(options or {}), repeats=repeats)
        self._suggester = catalog.suggester(spec)
        self._seed = _seed(seed)
        self._repeats = repeats
        self._observations: tuple[Observation, ...] = ()
        self._pending: list[Assignment] = []
        self._asked = 0
        self._note: Mapping[str, Any] | None = None
        self._lock = threading.RLock()

    @property
    def observations(self) -> tuple[Observation, ...]:
        """Everything told so far, in order."""
        return self._observations

    @property
    def pending(self) -> tuple[Assignment, ...]:
        """What was asked for and not told yet."""
        return tuple(self._pending)

    @overload
    def ask(self) -> Suggestion: ...

    @overload
    def ask(self, count: int) -> list[Suggestion]: ...

    def ask(self, count: int | None = None) -> Suggestion | list[Suggestion]:
        """One suggestion, or a list of `count`; a list is shorter when the space holds no more.

        Raises Refused when a single suggestion is asked of an exhausted space.
        """
        if count is not None and (isinstance(count, bool) or count < 1):
            raise _wrong("count", f"must be 1 or more, got {count!r}")
        with self._lock:
            decision = self._suggester.suggest(self._request(count or 1))
            self._note = decision.note
            self._asked += len(decision.suggestions)
            self._pending += [one.parameters for one in decision.suggestions]
        if count is not None:
            return list(decision.suggestions)
        if not decision.suggestions:
            raise Refused(
                f"the search space is exhausted: all of its {len(self._observations)} finished "
                "and pending configurations have been suggested; allow repeats to go on"
            )
        return decision.suggestions[0]

    def tell(self, what: Told, value: float | None = None, *, failed: bool = False) -> None:
        """The result of a suggestion, or of any configuration of this space's parameters.

        Values outside the present ranges are knowledge too and are taken. Raises InvalidInput
        that names the parameter which is missing, unknown or of the wrong kind.
        """
        parameters = dict(what.parameters if isinstance(what, Suggestion) else what)
        if failed == (value is not None):
            raise _wrong("value", f"give a number or failed=True, got {value!r} and {failed!r}")
        if value is not None and not is_number(value):
            raise _wrong("value", f"must be a number, got {value!r}")
        if problems := self._misfits(parameters):
            raise InvalidInput(problems)
        with self._lock:
            self._forget(parameters)
            observation = Observation(
                number=len(self._observations) + 1,
                parameters=parameters,
                ending=Ending.FAILED if failed else Ending.MEASURED,
                value=None if value is None else float(value),
            )
            self._observations = (*self._observations, observation)

    def best(self) -> Best | None:
        """The best so far, None before the first finite value."""
        champion: Observation | None = None
        for one in self._observations:
            if one.value is not None and better(
                one.value, float("nan") if champion is None else _value(champion), self.goal
            ):
                champion = one
        if champion is None:
            return None
        by_model, expected = self._best_by_model(champion)
        return Best(
            parameters=champion.parameters,
            value=_value(champion),
            by_model=by_model.parameters,
            expected=expected,
        )

    def _request(self, count: int) -> SuggestRequest:
        return SuggestRequest(
            space=self.space,
            goal=self.goal,
            history=History(
                observations=self._observations,
                pending=tuple(self._pending),
                # What was told without being asked for counts too: numbers must not be reused.
                index=max(self._asked, len(self._observations) + len(self._pending)),
            ),
            count=count,
            seed=self._seed,
            note=self._note,
            repeats=self._repeats,
        )

    def _best_by_model(self, champion: Observation) -> tuple[Observation, Expected]:
        """The observation with the best posterior mean; the champion where nothing is modelled."""
        import numpy as np

        from dowse.optim.sampling import generator
        from dowse.surrogate.encoding import encoding_for
        from dowse.surrogate.fit import fit_history

        encoding = encoding_for(self.space)
        if encoding.coordinates.d == 0:
            value = _value(champion)
            return champion, Expected(mean=value, low=value, high=value)
        surrogate = fit_history(
            encoding,
            History(observations=self._observations),
            self.goal,
            note=self._note,
            rng=generator(self._seed, len(self._observations)),
        )
        fitted = surrogate.model.posterior.fitted()
        measured = np.isfinite(surrogate.y[surrogate.model.rows])
        row = surrogate.model.rows[int(np.argmin(np.where(measured, fitted, np.inf)))]
        (prediction,) = surrogate.predict(surrogate.X[row : row + 1])
        expected = Expected(mean=prediction.mean, low=prediction.low, high=prediction.high)
        return self._observations[row], expected

    def _forget(self, parameters: Assignment) -> None:
        """Take a configuration off the pending ones, where it is one of them."""
        key = self.space.key(parameters)
        for place, pending in enumerate(self._pending):
            if self.space.key(pending) == key:
                del self._pending[place]
                return

    def _misfits(self, parameters: Mapping[str, Value]) -> list[Problem]:
        """What makes a mapping no configuration of these parameters, ranges left aside."""
        names = ", ".join(self.space.names)
        found = [
            Problem(path=str(name), message=f"is not a parameter; there are {names}")
            for name in parameters
            if name not in self.space.names
        ]
        for parameter in self.space.parameters:
            if parameter.name not in parameters:
                if is_active(parameter, parameters):
                    found.append(Problem(path=parameter.name, message="is missing"))
                continue
            value = parameters[parameter.name]
            labels = isinstance(parameter, Categorical)
            if not (parameter.contains(value) if labels else is_number(value)):
                message = f"must be {parameter.describe()}, got {value!r}"
                found.append(Problem(path=parameter.name, message=message))
        return found


def minimize(
    function: Callable[[dict[str, Any]], float],
    space: SearchSpace | Sequence[Parameter],
    *,
    trials: int = 100,
    parallel: int = 1,
    goal: Goal | str = Goal.MINIMIZE,
    algorithm: str = "bayesian",
    seed: int = 0,
    catch: tuple[type[Exception], ...] = (),
) -> Optimizer:
    """Evaluate `function` on suggested configurations, `parallel` of them at a time in threads.

    An exception listed in `catch` counts as a failed trial, any other ends the search. Returns the
    optimiser, whose `best()` is the result. Ends early when the space is exhausted.
    """
    for name, number in (("trials", trials), ("parallel", parallel)):
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise _wrong(name, f"must be a whole number of 1 or more, got {number!r}")
    optimizer = Optimizer(space, goal, algorithm, seed=seed)
    running: dict[Future[float], Suggestion] = {}
    started = 0
    with ThreadPoolExecutor(parallel) as pool:
        while True:
            free = min(parallel - len(running), trials - started)
            for suggestion in optimizer.ask(free) if free else ():
                running[pool.submit(function, dict(suggestion.parameters))] = suggestion
                started += 1
            if not running:
                return optimizer
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            # In the order of asking, so that one worker gives the same search every time.
            for future in [one for one in running if one in done]:
                _report(optimizer, running.pop(future), future, catch)


def _report(
    optimizer: Optimizer,
    suggestion: Suggestion,
    future: Future[float],
    catch: tuple[type[Exception], ...],
) -> None:
    try:
        value = future.result()
    except catch:
        optimizer.tell(suggestion, failed=True)
    else:
        optimizer.tell(suggestion, float(value))


def _goal(goal: Goal | str) -> Goal:
    try:
        return Goal(goal)
    except ValueError:
        known = " or ".join(one.value for one in Goal)
        raise _wrong("goal", f"must be {known}, got {goal!r}") from None


def _seed(seed: int) -> int:
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise _wrong("seed", f"must be a whole number, got {seed!r}")
    return seed


def _value(observation: Observation) -> float:
    assert observation.value is not None
    return observation.value


def _wrong(path: str, message: str) -> InvalidInput:
    return InvalidInput([Problem(path=path, message=message)])
