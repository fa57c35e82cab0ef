"""`dowse run --dry-run`: the first trials as they would be started. Nothing is created."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from dowse.cli import words
from dowse.cli.clients import has_data, looking, require_data
from dowse.cli.options import own_environment
from dowse.cli.terminal import BOLD, paint, print_document, printable, say, tell, tell_problems
from dowse.cli.validate import describe, problem_document
from dowse.errors import Problem, Severity

if TYPE_CHECKING:
    from dowse.cli.jobfile import JobFile
    from dowse.config import Settings
    from dowse.dialects.protocol import Reading
    from dowse.domain.spec import JobSpec
    from dowse.domain.trial import Trial
    from dowse.service.previews import Preview


def show_dry_run(job_file: JobFile, settings: Settings, *, as_json: bool) -> None:
    """Raises InvalidInput as a submit would."""
    from dowse.service.previews import warnings_of

    reading = job_file.read()
    planned = _planned(reading, job_file, settings)
    if as_json:
        print_document(_document(reading, planned))
        return
    tell_problems(reading.warnings)
    for warning in warnings_of(planned):
        tell(f"warning: {printable(warning)}")
    say(describe(reading, None))
    for preview in planned:
        say()
        _show(preview)


def _planned(reading: Reading, job_file: JobFile, settings: Settings) -> list[Preview]:
    from dowse.service.folders import DataDirectory
    from dowse.service.jobs import check_name
    from dowse.service.local import LocalWorkplace
    from dowse.service.previews import Previews
    from dowse.wiring import SystemClock

    name = reading.spec.name or "job"
    check_name(name)
    clock, environ = SystemClock(), own_environment()
    workplace = LocalWorkplace(
        DataDirectory(settings.data_dir), settings=settings, clock=clock, environ=environ
    )
    workplace.hand_environment(name, environ)
    previews = Previews(workplace, clock=clock, environ=environ)
    for other in reading.spec.learning.jobs[:1]:
        require_data(settings, other)
    if not (_builds_on_others(reading.spec) and has_data(settings)):
        return previews.first_trials(reading.spec, name)
    with looking(settings) as client:
        shown = client.preview(job_file.request())["trials"]
    return previews.previews(reading.spec, name, [(one["parameters"], {}) for one in shown])


def _builds_on_others(spec: JobSpec) -> bool:
    """Whether only who has the earlier jobs knows what would be suggested."""
    return spec.continues is not None or spec.learning.similar or bool(spec.learning.jobs)


def _show(preview: Preview) -> None:
    import sys

    from dowse.runtime.launch import command_line

    trial, launch = preview.trial, preview.plan.launch
    say(paint(f"trial {trial.number}", BOLD, sys.stdout) + f"  {_shown(trial)}")
    say(f"  in {launch.working_directory}")
    for variable, value in preview.added.items():
        say(f"  {variable}={printable(shlex.quote(value))}")
    say(f"  {printable(command_line(launch))}")


def _shown(trial: Trial) -> str:
    return printable(words.parameters(trial.parameters))


def _of_job_directory(warning: str) -> Problem:
    return Problem(path="job_dir", message=warning, severity=Severity.WARNING)


def _document(reading: Reading, planned: list[Preview]) -> dict[str, Any]:
    from dowse.service.previews import warnings_of

    return {
        "name": reading.spec.name,
        "dialect": reading.spec.dialect,
        "warnings": [
            problem_document(warning)
            for warning in (*reading.warnings, *map(_of_job_directory, warnings_of(planned)))
        ],
        "trials": [
            {
                "number": one.trial.number,
                "parameters": dict(one.trial.parameters),
                "argv": one.plan.launch.argv and list(one.plan.launch.argv),
                "shell": one.plan.launch.shell,
                "working_directory": str(one.plan.launch.working_directory),
                "environment": dict(one.added),
            }
            for one in planned
        ],
    }
