"""Name to factory for suggesters and stopping rules. Entry points are read here and nowhere else.

A plug-in names its factory in the group `dowse.suggesters` or `dowse.stopping_rules`; a factory
takes the options of the job as keyword arguments.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from dowse.domain.spec import AlgorithmSpec, StoppingSpec
from dowse.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from dowse.optim.protocol import Suggester
    from dowse.stopping.protocol import StoppingRule

SUGGESTERS: Mapping[str, str] = {
    "auto": "dowse.optim.auto:AutoSuggester",
    "bayesian": "dowse.optim.bayes:BayesianSuggester",
    "grid": "dowse.optim.designs:GridSuggester",
    "random": "dowse.optim.designs:RandomSuggester",
    "sobol": "dowse.optim.designs:SobolSuggester",
}
_OWN_SUGGESTERS: Mapping[str, str] = {"confirm": "dowse.optim.confirming:ConfirmSuggester"}
"""Those that a job file cannot name, for Dowse alone writes their options."""

STOPPING_RULES: Mapping[str, str] = {
    "asha": "dowse.stopping.halving:asha",
    "auto": "dowse.stopping.curve:CurveRule",
    "bandit": "dowse.stopping.bandit:BanditRule",
    "hyperband": "dowse.stopping.halving:hyperband",
    "median": "dowse.stopping.median:MedianRule",
    "truncation": "dowse.stopping.truncation:TruncationRule",
}


def suggester_names() -> tuple[str, ...]:
    """Every name that `algorithm` may have."""
    return _names(SUGGESTERS, "dowse.suggesters")


def stopping_rule_names() -> tuple[str, ...]:
    """Every name that `early_stopping` may have, besides none."""
    return _names(STOPPING_RULES, "dowse.stopping_rules")


def suggester(spec: AlgorithmSpec) -> Suggester:
    """Raises InvalidInput for an unknown name or option."""
    table = _OWN_SUGGESTERS if spec.name in _OWN_SUGGESTERS else SUGGESTERS
    factory = _factory(table, "dowse.suggesters", spec.name, "algorithm")
    made: Suggester = _make(factory, spec.options, "algorithm", spec.name)
    return made


def stopping_rule(spec: StoppingSpec) -> StoppingRule:
    """Raises InvalidInput for an unknown name or option."""
    factory = _factory(STOPPING_RULES, "dowse.stopping_rules", spec.rule, "early_stopping")
    made: StoppingRule = _make(factory, spec.options, "early_stopping", spec.rule)
    return made


def plug_in(spec: AlgorithmSpec) -> str | None:
    """The package, with its version, that a suggester comes from; None for Dowse's own."""
    if spec.name in {**SUGGESTERS, **_OWN_SUGGESTERS}:
        return None
    for point in entry_points(group="dowse.suggesters", name=spec.name):
        return "of no package" if point.dist is None else f"{point.dist.name} {point.dist.version}"
    return None


def option_problems(named: AlgorithmSpec | StoppingSpec) -> tuple[Problem, ...]:
    """What is wrong with the options of an algorithm or a rule that the catalog has."""
    try:
        if isinstance(named, StoppingSpec):
            stopping_rule(named)
        elif named.options:  # An algorithm is slow to load, and none needs to be told anything.
            suggester(named)
    except InvalidInput as error:
        return error.problems
    return ()


def _names(table: Mapping[str, str], group: str) -> tuple[str, ...]:
    return tuple(sorted({*table, *(point.name for point in entry_points(group=group))}))


def _factory(table: Mapping[str, str], group: str, name: str, path: str) -> Callable[..., Any]:
    if name in table:
        module, _, attribute = table[name].partition(":")
        made: Callable[..., Any] = getattr(import_module(module), attribute)
        return made
    for point in entry_points(group=group, name=name):
        return _loaded(point, path)
    known = _names(table, group)
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    message = f"must be one of {', '.join(known)}, got {name!r}{hint}"
    raise InvalidInput([Problem(path=path, message=message)])


def _loaded(point: EntryPoint, path: str) -> Callable[..., Any]:
    try:
        loaded: Callable[..., Any] = point.load()
    except (ImportError, AttributeError) as error:
        message = f"the plug-in {point.name!r} ({point.value}) cannot be loaded: {error}"
        raise InvalidInput([Problem(path=path, message=message)]) from error
    return loaded


def _make(factory: Callable[..., Any], options: Mapping[str, Any], path: str, name: str) -> Any:
    _check_names(factory, options, path, name)
    try:
        return factory(**options)
    except TypeError as error:
        message = f"{name} does not take these options: {dict(options)!r} ({error})"
        raise InvalidInput([Problem(path=path, message=message)]) from None


def _check_names(
    factory: Callable[..., Any], options: Mapping[str, Any], path: str, name: str
) -> None:
    """Refuse settings that a factory has not, and the lack of those that it must have."""
    parameters = inspect.signature(factory).parameters
    if any(each.kind is each.VAR_KEYWORD for each in parameters.values()):
        return
    known = f"there are {', '.join(parameters)}" if parameters else "it has none"
    problems = [
        Problem(path=f"{path}.{key}", message=f"is no setting of {name}; {known}")
        for key in options
        if key not in parameters
    ]
    problems += [
        Problem(path=path, message=f"{name} needs {key}")
        for key, each in parameters.items()
        if each.default is each.empty and key not in options
    ]
    if problems:
        raise InvalidInput(problems)
