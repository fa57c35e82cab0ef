"""A job that is over with more trials, and perhaps other ranges, parameters more or less."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dowse.dialects import documents, yaml_text
from dowse.dialects.located import Mapping as Node
from dowse.dialects.native.parameters import ParametersReader
from dowse.dialects.reader import Field, Log, Places, nearest
from dowse.dialects.rendering import WRITERS
from dowse.dialects.scalars import meaning
from dowse.domain import feasibility
from dowse.domain.lineage import Continuation
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter, Value
from dowse.domain.space import SearchSpace
from dowse.domain.spec import JobSpec
from dowse.errors import InvalidInput, Problem, Severity

_ENDS = ".."


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """What is to be different. `ranges` are texts such as `3..30` and `4,16,32`; `add` has such
    texts, or parameters of the native form. `fixed` are the values of parameters that only one of
    the two jobs tunes.
    """

    trials: int
    parallel: int | None = None
    seed: int | None = None
    ranges: Mapping[str, str] = field(default_factory=dict)
    add: Mapping[str, Any] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    fixed: Mapping[str, Value] = field(default_factory=dict)

    @property
    def changes_space(self) -> bool:
        return bool(self.ranges or self.add or self.remove)


def extended(before: JobSpec, asked: Extension, *, job: str, name: str) -> JobSpec:
    """The spec of the job `name` that goes on with `job`.

    Raises InvalidInput, with paths such as `ranges.nembeds`.
    """
    problems = [*_name_problems(before.space, asked)]
    if problems:
        raise InvalidInput(problems)
    space = before.space if not asked.changes_space else _space(before.space, asked)
    launch, limits = before.launch, before.limits
    if launch.job_dir is not None:
        # Trials are numbered from 1 again: they must not write over those of before.
        launch = replace(launch, job_dir=f"{launch.job_dir.rstrip('/')}/{name}")
    limits = replace(limits, trials=asked.trials, parallel=asked.parallel or limits.parallel)
    spec = replace(
        before,
        space=space,
        launch=launch,
        limits=limits,
        continues=Continuation(job=job, changed=asked.changes_space, fixed=dict(asked.fixed)),
        seed=before.seed if asked.seed is None else asked.seed,
        name=name,
        warnings=(),
    )
    return replace(spec, document=WRITERS[spec.dialect](spec))


def _name_problems(space: SearchSpace, asked: Extension) -> list[Problem]:
    """Names that are not there, or are there already."""
    found = []
    for key, names in (("ranges", asked.ranges), ("remove", asked.remove)):
        for each in names:
            if each not in space.names:
                message = f"is no parameter of the job{nearest(each, space.names)}"
                found.append(Problem(path=f"{key}.{each}", message=message))
    for each in asked.add:
        if each in space.names:
            message = "is a parameter of the job already; ranges change it"
            found.append(Problem(path=f"add.{each}", message=message))
    for each in asked.fixed:
        if each not in asked.add and each not in asked.remove:
            message = "is neither added nor removed: a value is fixed for such parameters only"
            found.append(Problem(path=f"fixed.{each}", message=message))
    return found


def _space(before: SearchSpace, asked: Extension) -> SearchSpace:
    problems: list[Problem] = []

    def made(path: str, make: Callable[[], Parameter]) -> Parameter | None:
        try:
            return make()
        except InvalidInput as error:
            problems.extend(replace(each, path=path) for each in error.problems)
            return None

    kept = [
        made(f"ranges.{p.name}", lambda p=p: ranged(p, asked.ranges[p.name]))  # type: ignore[misc]
        if p.name in asked.ranges
        else p
        for p in before.parameters
        if p.name not in asked.remove
    ]
    added = [
        made(f"add.{name}", lambda name=name, given=given: _added(name, given))  # type: ignore[misc]
        for name, given in asked.add.items()
    ]
    if problems:
        raise InvalidInput(problems)
    space = SearchSpace([p for p in (*kept, *added) if p is not None], before.relations)
    wrong = [p for p in feasibility.problems(space) if p.severity is Severity.ERROR]
    if wrong:
        raise InvalidInput(wrong)
    return space


def ranged(parameter: Parameter, text: str) -> Parameter:
    """The parameter with other bounds, `3..30`, or other values, `4,16,32`. Raises InvalidInput."""
    match parameter:
        case Integer():
            low, high = _bounds(text, parameter)
            return replace(parameter, min=_whole(low, text), max=_whole(high, text))
        case Double():
            low, high = _bounds(text, parameter)
            return replace(parameter, min=float(low), max=float(high))
        case Discrete():
            numbers = [_number(each, text) for each in text.split(",")]
            return replace(parameter, choices=sorted(numbers), texts=None)
        case Categorical():
            return replace(parameter, choices=_labels(parameter, text), texts=None)


def _bounds(text: str, parameter: Parameter) -> tuple[float, float]:
    low, dots, high = text.partition(_ENDS)
    if not dots:
        raise InvalidInput(f"must be LOW..HIGH for {parameter.describe()}, got {text!r}")
    return _number(low, text), _number(high, text)


def _number(part: str, text: str) -> int | float:
    value = meaning(part.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        what = "LOW..HIGH in numbers, such as 3..30" if _ENDS in text else "numbers, such as 4,16"
        raise InvalidInput(f"must be {what}, got {text!r}")
    return value


def _whole(value: float, text: str) -> int:
    if not float(value).is_integer():
        raise InvalidInput(f"must be whole numbers, got {text!r}")
    return int(value)


def _labels(parameter: Categorical, text: str) -> list[Value]:
    """Labels that were there keep their kind; new ones are texts where all others are."""
    known = {parameter.text(choice): choice for choice in parameter.choices}
    textual = all(isinstance(choice, str) for choice in parameter.choices)
    found: list[Value] = []
    for part in map(str.strip, text.split(",")):
        if _ENDS in part and part not in known:
            labels = ", ".join(known)
            message = f"must be labels with commas between them, such as {labels}; got {text!r}"
            raise InvalidInput(message)
        value = part if textual else meaning(part)
        found.append(known.get(part, part if value is None else value))
    return found


def _added(name: str, given: Any) -> Parameter:
    """A new parameter: a text as for a range, or the native form of one as values or as YAML."""
    log, places = Log(), Places()
    value = _written(given) if isinstance(given, str) else given
    root = documents.load({"add": {name: value}}, "<request>").root
    node = root.get("add")
    assert isinstance(node, Node)
    found = ParametersReader(places).read(Field(node, "add", log))
    log.raise_errors()
    if len(found) != 1:
        raise InvalidInput("must be one parameter, got one that opens others")
    return found[0]


def _written(text: str) -> Any:
    if text.lstrip().startswith(("{", "[")):
        return Field(yaml_text.parse(text, "<request>"), "", Log()).plain()
    if _ENDS not in text:
        return [meaning(part.strip()) for part in text.split(",")]
    low, high = (_number(part, text) for part in text.split(_ENDS, 1))
    whole = isinstance(low, int) and isinstance(high, int)
    return {"type": "integer" if whole else "double", "min": low, "max": high}
