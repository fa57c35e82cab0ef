"""`dowse run --dry-run`: the first trials as they would be started. Nothing is created."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dowse.cli import words
from dowse.cli.options import own_environment
from dowse.cli.terminal import BOLD, paint, print_document, printable, say, tell, tell_problems
from dowse.cli.validate import describe, problem_document
from dowse.errors import Problem, Severity

if TYPE_CHECKING:
    from dowse.cli.jobfile import JobFile
    from dowse.config import Settings
    from dowse.dialects.protocol import Reading
    from dowse.domain.trial import Trial
    from dowse.runtime.launch import LaunchPlan

AT_LEAST = 3
"""So many trials are shown, or as many as would run at once."""


def show_dry_run(job_file: JobFile, settings: Settings, *, as_json: bool) -> None:
    """Raises InvalidInput as a submit would."""
    reading = job_file.read()
    planned = list(_planned(reading, job_file, settings))
    if as_json:
        print_document(_document(reading, planned))
        return
    tell_problems(reading.warnings)
    for warning in _plan_warnings(planned):
        tell(f"warning: {printable(warning)}")
    say(describe(reading, None))
    for trial, plan in planned:
        say()
        _show(trial, plan)


def _planned(
    reading: Reading, job_file: JobFile, settings: Settings
) -> Iterator[tuple[Trial, LaunchPlan]]:
    from dowse.service.folders import DataDirectory
    from dowse.service.jobs import check_name
    from dowse.service.local import LocalWorkplace
    from dowse.wiring import SystemClock

    name = reading.spec.name or "job"
    check_name(name)
    workplace = LocalWorkplace(
        DataDirectory(settings.data_dir),
        settings=settings,
        clock=SystemClock(),
        environ=own_environment(),
    )
    workplace.check_code(reading.spec)
    workplace.hand_environment(name, own_environment())
    for trial in _first_trials(reading, name):
        yield trial, workplace.plan(reading.spec, trial)


def _first_trials(reading: Reading, name: str) -> list[Trial]:
    from dowse import catalog
    from dowse.domain.history import History
    from dowse.domain.trial import Trial
    from dowse.optim.protocol import SuggestRequest

    spec = reading.spec
    count = max(AT_LEAST, spec.limits.parallel)
    decision = catalog.suggester(spec.algorithm).suggest(
        SuggestRequest(
            space=spec.space,
            goal=spec.objective.goal,
            history=History(),
            seed=spec.seed,
            count=min(count, spec.limits.trials or count),
            repeats=spec.algorithm.repeats,
        )
    )
    return [
        Trial(
            job_id=0,
            job=name,
            number=number,
            parameters=suggestion.parameters,
            why=suggestion.why,
            created_at=time.time(),
        )
        for number, suggestion in enumerate(decision.suggestions, start=1)
    ]


def _show(trial: Trial, plan: LaunchPlan) -> None:
    import sys

    from dowse.runtime.launch import command_line

    say(paint(f"trial {trial.number}", BOLD, sys.stdout) + f"  {_shown(trial)}")
    say(f"  in {plan.launch.working_directory}")
    for variable, value in _added(plan).items():
        say(f"  {variable}={printable(shlex.quote(value))}")
    say(f"  {printable(command_line(plan.launch))}")


def _shown(trial: Trial) -> str:
    return printable(words.parameters(trial.parameters))


def _added(plan: LaunchPlan) -> dict[str, str]:
    """What the trial gets beside the environment of this terminal."""
    own = own_environment()
    given: Mapping[str, str] = plan.launch.environment
    return {name: value for name, value in sorted(given.items()) if own.get(name) != value}


def _plan_warnings(planned: list[tuple[Trial, LaunchPlan]]) -> list[str]:
    return list(dict.fromkeys(text for _, plan in planned for text in plan.warnings))


def _of_job_directory(warning: str) -> Problem:
    return Problem(path="job_dir", message=warning, severity=Severity.WARNING)


def _document(reading: Reading, planned: list[tuple[Trial, LaunchPlan]]) -> dict[str, Any]:
    return {
        "name": reading.spec.name,
        "dialect": reading.spec.dialect,
        "warnings": [
            problem_document(warning)
            for warning in (*reading.warnings, *map(_of_job_directory, _plan_warnings(planned)))
        ],
        "trials": [
            {
                "number": trial.number,
                "parameters": dict(trial.parameters),
                "argv": None if plan.launch.argv is None else list(plan.launch.argv),
                "shell": plan.launch.shell,
                "working_directory": str(plan.launch.working_directory),
                "environment": _added(plan),
            }
            for trial, plan in planned
        ],
    }
