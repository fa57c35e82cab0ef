"""The last step of every dialect: checks of the whole spec, errors at once, advice at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dowse.dialects.lint import lint
from dowse.dialects.protocol import Absences, Reading
from dowse.dialects.reader import Field, Log, Places
from dowse.domain.job import name_problem
from dowse.domain.metrics import Goal, Objective
from dowse.domain.parameters import Integer
from dowse.domain.space import SearchSpace
from dowse.domain.spec import JobSpec, LaunchSpec, Limits, PythonModule
from dowse.errors import Problem
from dowse.runtime import checks


def finish(
    spec: JobSpec | None, *, log: Log, places: Places, root: Field, absences: Absences | None = None
) -> Reading:
    """Raises InvalidInput when anything was wrong; `spec` is None only then."""
    if spec is not None:
        places.report(checks.problems(spec), root)
        places.report(_name_problems(spec), root)
        if absences is not None:
            _report_absences(absences(spec), log=log, places=places)
    log.raise_errors()
    assert spec is not None
    understood = log.warnings
    places.report(lint(spec), root)
    texts = tuple(str(warning) for warning in understood)
    return Reading(spec=replace(spec, warnings=texts), warnings=log.warnings)


def _report_absences(found: Iterable[Problem], *, log: Log, places: Places) -> None:
    """What no line of the document names came from elsewhere, such as `--python`."""
    for problem in found:
        field = places.find(problem.path)
        if field is None:
            log.add(problem.path, problem.message, None)
        else:
            field.error(problem.message)


def _name_problems(spec: JobSpec) -> Iterator[Problem]:
    if spec.name is not None and (message := name_problem(spec.name)):
        yield Problem(path="name", message=message)


def check_launch(launch: LaunchSpec, *, places: Places, root: Field) -> None:
    """Report what is wrong with a launch even when the rest of its job could not be read.

    The program is left out, for it may speak of the parameters that are missing.
    """
    stand_in = JobSpec(
        space=SearchSpace([Integer("x", 0, 1)]),
        objectives=(Objective(metric="x", goal=Goal.MAXIMIZE),),
        limits=Limits(),
        launch=replace(launch, program=PythonModule("x")),
    )
    places.report(checks.problems(stand_in), root)
