"""The loop over ask and tell: the smallest value of a function of a configuration."""

from __future__ import annotations

import reprlib
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, SupportsFloat

from dowse.domain.history import Ending, Observation
from dowse.domain.metrics import Goal
from dowse.domain.space import SearchSpace
from dowse.earlier import Earlier
from dowse.errors import InvalidInput, Problem, Refused
from dowse.optimizer import Best, Optimizer, Parameters, Suggestion, whole

Function = Callable[[Parameters], SupportsFloat]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What `minimize` found. `errors` are the exceptions of the failed trials by their number;
    InvalidInput where the function returned what is no number.
    """

    best: Best
    trials: tuple[Observation, ...]
    errors: Mapping[int, Exception]

    @property
    def parameters(self) -> Parameters:
        return self.best.parameters

    @property
    def value(self) -> float:
        return self.best.value


def minimize(
    function: Function,
    space: SearchSpace,
    trials: int = 100,
    parallel: int = 1,
    *,
    goal: Goal | str = "minimize",
    seed: int = 0,
    algorithm: str = "auto",
    options: Mapping[str, Any] | None = None,
    sources: Sequence[Earlier] | Mapping[str, Earlier] = (),
) -> Result:
    """Find parameters that make `function(parameters)` small; with `parallel` > 1 in threads.

    With `goal="maximize"` those that make it large. `sources` are earlier studies, as for an
    Optimizer. Ends early when the space holds no more. An exception of the function is a failed
    trial; when no trial gave a finite value, the first exception is raised, or Refused if there is
    none. What is no number is a failed trial with a warning, except before the first number, when
    InvalidInput is raised: then the function lacks a `return`.
    """
    if not callable(function):
        message = f"must be a function of the parameters, got {function!r}"
        raise InvalidInput([Problem(path="function", message=message)])
    optimizer = Optimizer(space, goal, algorithm, seed, options=options, sources=sources)
    whole("trials", trials, 1)
    errors = (
        _in_threads(function, optimizer, trials, parallel)
        if whole("parallel", parallel, 1) > 1
        else _in_turn(function, optimizer, trials)
    )
    best = optimizer.best()
    if best is not None:
        return Result(best=best, trials=optimizer.observations, errors=errors)
    count = len(optimizer.observations)
    if not errors:
        raise Refused(f"no trial of {count} gave a finite value")
    first = errors[min(errors)]
    first.add_note(f"no trial of {count} gave a value; this is the first failure")
    raise first


def _in_turn(function: Function, optimizer: Optimizer, trials: int) -> dict[int, Exception]:
    errors: dict[int, Exception] = {}
    for _ in range(trials):
        for suggestion in optimizer.ask(1):
            try:
                value = function(dict(suggestion.parameters))
            except Exception as error:
                errors[optimizer.tell(suggestion, failed=True)] = error
            else:
                _tell(optimizer, suggestion, value, errors)
    return errors


def _in_threads(
    function: Function, optimizer: Optimizer, trials: int, parallel: int
) -> dict[int, Exception]:
    """Only this thread asks and tells; the others run the function."""
    from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

    errors: dict[int, Exception] = {}
    running: dict[Future[SupportsFloat], Suggestion] = {}
    left = trials
    with ThreadPoolExecutor(parallel) as threads:
        while left or running:
            wanted = min(left, parallel - len(running))
            asked = optimizer.ask(wanted) if wanted else []
            # An exhausted space gives fewer, and will not give more.
            left = left - wanted if len(asked) == wanted else 0
            for each in asked:
                running[threads.submit(function, dict(each.parameters))] = each
            done = wait(running, return_when=FIRST_COMPLETED).done if running else ()
            for future in sorted(done, key=lambda each: running[each].number):
                suggestion = running.pop(future)
                error = future.exception()
                if error is None:
                    _tell(optimizer, suggestion, future.result(), errors)
                elif isinstance(error, Exception):
                    errors[optimizer.tell(suggestion, failed=True)] = error
                else:
                    raise error
    return errors


def _tell(
    optimizer: Optimizer, suggestion: Suggestion, value: Any, errors: dict[int, Exception]
) -> None:
    """What the function returned; when it is no number, a failure if numbers came before."""
    try:
        optimizer.tell(suggestion, value)
    except InvalidInput as error:
        if all(each.ending is not Ending.MEASURED for each in optimizer.observations):
            raise
        number = optimizer.tell(suggestion, failed=True)
        errors[number] = error
        returned = f"the function returned {reprlib.repr(value)}, which is no number"
        warnings.warn(f"trial {number} failed: {returned}", RuntimeWarning, stacklevel=4)
