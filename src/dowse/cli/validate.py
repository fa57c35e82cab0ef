"""`dowse validate`: is this a job? Nothing is started, and no data directory is needed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dowse.cli import options, words
from dowse.cli.earlier import previous_in
from dowse.cli.exits import ExitCode
from dowse.cli.jobfile import JobFile, load_job_file
from dowse.cli.terminal import print_document, say, tell_problems
from dowse.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from dowse.config import Settings
    from dowse.dialects.protocol import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """On one file. `reading` is None when it is not valid; `needs` is what `run` must be told."""

    file: str
    reading: Reading | None
    problems: tuple[Problem, ...]
    needs: str | None = None


def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Job files; - is stdin.")],
    module_name: options.ModuleName = None,
    package_path: options.PackagePath = None,
    dialect: options.Dialect = None,
    as_json: options.Json = False,
) -> None:
    """Check job files: every problem with its place. Creates nothing."""
    settings = options.settings_for()
    verdicts = [
        judge(
            file,
            module_name=module_name,
            package_path=package_path,
            dialect=dialect,
            settings=settings,
        )
        for file in files
    ]
    for verdict in verdicts:
        tell_problems(verdict.problems)
    if as_json:
        print_document({"files": [document(verdict) for verdict in verdicts]})
    else:
        for verdict in verdicts:
            if verdict.reading is not None:
                prefix = f"{verdict.file}: " if len(files) > 1 else ""
                say(prefix + describe(verdict.reading, verdict.needs))
    if any(verdict.reading is None for verdict in verdicts):
        raise typer.Exit(ExitCode.INVALID)


def judge(
    file: str,
    *,
    module_name: str | None,
    package_path: str | None,
    dialect: str | None,
    settings: Settings,
) -> Verdict:
    from dowse.dialects.lenient import read_leniently

    try:
        job_file = load_job_file(
            file,
            module_name=module_name,
            package_path=package_path,
            dialect=dialect,
            python=settings.python,
            environments=settings.environments,
            quotas=settings.quotas,
            previous=previous_in(settings),
            elsewhere=settings.url is not None,
        )
        reading, needs = read_leniently(lambda module: _with(job_file, module).read())
    except InvalidInput as error:
        return Verdict(file=file, reading=None, problems=error.problems)
    return Verdict(file=file, reading=reading, problems=reading.warnings, needs=needs)


def _with(job_file: JobFile, module: str | None) -> JobFile:
    return job_file if module is None else dataclasses.replace(job_file, module_name=module)


def describe(reading: Reading, needs: str | None) -> str:
    """`ok: a Google AI Platform training job, 3 parameters, 30 trials, 7,220 combinations`."""
    from dowse.dialects.registry import DIALECTS

    spec = reading.spec
    trials = spec.limits.trials
    parts = [
        DIALECTS[spec.dialect].title,
        words.counted(len(spec.space.parameters), "parameter"),
        " and ".join(f"{one.goal.value} {one.metric}" for one in spec.objectives),
        *(f"within {one}" for one in spec.metric_limits),
        words.counted(trials, "trial") if trials else "trials without limit",
        size_of(reading),
    ]
    line = f"ok: {', '.join(parts)}"
    return f"{line}; {needs}" if needs else line


def size_of(reading: Reading) -> str:
    from dowse.domain import feasibility

    return feasibility.analyse(reading.spec.space).message


def document(verdict: Verdict) -> dict[str, Any]:
    reading = verdict.reading
    problems = [problem_document(problem) for problem in verdict.problems]
    if reading is None:
        return {"file": verdict.file, "valid": False, "problems": problems}
    spec = reading.spec
    return {
        "file": verdict.file,
        "valid": True,
        "problems": problems,
        "needs": verdict.needs,
        "dialect": spec.dialect,
        "parameters": list(spec.space.names),
        "metric": spec.objective.metric,
        "goal": spec.objective.goal.value,
        "objectives": {one.metric: one.goal.value for one in spec.objectives},
        "metric_limits": [str(one) for one in spec.metric_limits],
        "trials": spec.limits.trials,
        "parallel": spec.limits.parallel,
        "space": size_of(reading),
    }


def problem_document(problem: Problem) -> dict[str, Any]:
    """As the API says it, without loading what the API needs."""
    place = problem.location
    return {
        "path": problem.path,
        "message": problem.message,
        "severity": problem.severity.value,
        "location": place and {"file": place.file, "line": place.line, "column": place.column},
    }
