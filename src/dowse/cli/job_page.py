"""`dowse jobs show`: one job on one page."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

from dowse.cli import words
from dowse.cli.asked import further_cells, further_names
from dowse.cli.following import Rest
from dowse.cli.kin_lines import lineage_lines, source_lines
from dowse.cli.summary import best_first, front_lines, headline
from dowse.cli.terminal import BOLD, paint, printable, say
from dowse.cli.trial_rows import trials_table
from dowse.domain.parameters import Categorical, Parameter
from dowse.domain.scales import Scale

if TYPE_CHECKING:
    from dowse.domain.space import SearchSpace
    from dowse.domain.spec import JobSpec, Limits, Program

Document = dict[str, Any]
SERVICES = {"ai_platform": "AI Platform", "openbayes": "OpenBayes", "azure_ml": "Azure ML"}
EVENT_FILES = "tfevents"
"""Part of the name of every TensorFlow event file."""


def show_page(rest: Rest, kin: Document) -> None:
    from dowse.wire.spec import spec_from_json

    spec = spec_from_json(rest.spec)
    say(headline(rest.job))
    if (line := status_line(rest.job, spec.dialect)) is not None:
        say(line)
    for title, lines in _sections(rest, spec, kin):
        if lines:
            say()
            say(paint(title, BOLD, sys.stdout))
            for line in lines:
                say(f"  {line}")
    say()
    progress = rest.progress
    say(trials_table(rest.job["trials"], progress["metric"], progress["metric_limits"]))


def status_line(job: Document, dialect: str) -> str | None:
    """What the service that the job was written for would show."""
    if dialect not in SERVICES:
        return None
    status = words.status_of(job, dialect)
    english = "" if status.english == status.name else f" ({status.english})"
    return f"{SERVICES[dialect]} would show: {status.name}{english}"


def _sections(rest: Rest, spec: JobSpec, kin: Document) -> Iterator[tuple[str, list[str]]]:
    yield "Asked for", list(_asked(spec))
    yield "Parameters", [printable(line) for line in space_lines(spec.space)]
    yield "Warnings", [printable(text) for text in spec.warnings]
    yield "Lineage", [printable(line) for line in lineage_lines(kin)]
    yield "Learns from", [printable(line) for line in source_lines(kin)]
    yield "Times", list(_times(rest.job))
    yield "Cost", list(_cost(rest.job))
    if spec.targets.is_several:
        yield "Front", list(front_lines(rest.job, rest.progress))
    else:
        best = best_first(rest.job)[:1]
        yield "Best", [printable(line) for trial in best for line in _best(trial, spec)]
    yield "Where", list(_places(rest))


def space_lines(space: SearchSpace) -> list[str]:
    """Parameters, then constraints as they were written."""
    return [
        *(parameter_line(parameter) for parameter in space.parameters),
        *(relation.text for relation in space.relations),
    ]


def parameter_line(parameter: Parameter) -> str:
    """`lr: a number from 1e-05 to 0.1 on a log scale, when optimizer == 'sgd'`."""
    said = f"{parameter.name}: {parameter.describe()}"
    scale = None if isinstance(parameter, Categorical) else parameter.scale
    if scale is not None and scale != Scale.LINEAR:
        said += f" on a {words.reason(scale)} scale"
    return said if parameter.condition is None else f"{said}, when {parameter.condition}"


def _asked(spec: JobSpec) -> Iterator[str]:
    limits = spec.limits
    for objective in spec.objectives:
        yield printable(
            f"{objective.goal.value} {objective.metric} (of each trial: {objective.use.value})"
        )
    for kept in spec.metric_limits:
        yield printable(f"within {kept}")
    trials = words.counted(limits.trials, "trial") if limits.trials else "trials without limit"
    yield f"{trials}, {limits.parallel} at a time"
    if limits.timeout_s is not None:
        yield f"at most {words.duration(limits.timeout_s)} in all"
    if limits.trial_timeout_s is not None:
        yield f"at most {words.duration(limits.trial_timeout_s)} for each trial"
    yield from _further_limits(limits)
    stopping = "none" if spec.stopping is None else spec.stopping.rule
    yield f"algorithm {spec.algorithm.name}, seed {spec.seed}, early stopping {stopping}"
    if spec.lag is not None:
        yield "logical order: suggestions do not depend on how long trials take"
    yield printable(f"runs {_program(spec.launch.program)}")
    if spec.launch.code.root is not None:
        yield f"code from {spec.launch.code.root}"
    if spec.launch.packages:
        yield printable(f"packages {', '.join(spec.launch.packages)}")


def _further_limits(limits: Limits) -> Iterator[str]:
    """What else would end the job, or one of its trials."""
    if limits.no_progress_s is not None:
        yield f"at most {words.duration(limits.no_progress_s)} without a sign of life of a trial"
    if limits.cost is not None:
        yield f"at most {limits.cost:g} in money"
    if limits.target is not None:
        yield f"until a result of {words.short(limits.target)}"
    if limits.patience is not None:
        yield f"until {words.counted(limits.patience, 'trial')} bring nothing better"
    if limits.improvement is not None:
        gain = (
            "" if isinstance(limits.improvement, str) else f" by more than {limits.improvement:g}"
        )
        yield f"until nothing better{gain} is expected"


def _program(program: Program) -> str:
    import shlex

    from dowse.domain.spec import Argv, External, PythonModule, Shell

    match program:
        case Argv():
            return shlex.join(program.words)
        case PythonModule():
            return shlex.join(["python", "-m", program.module, *program.arguments])
        case Shell():
            return program.text
        case External():
            return "nothing here: its clients run the trials"
        case _:
            assert_never(program)


def _cost(job: Document) -> Iterator[str]:
    from dowse.cli.savings import cost_words

    if job.get("cost") is not None:
        yield printable(cost_words(job["cost"]))


def _times(job: Document) -> Iterator[str]:
    yield f"created {words.moment(job['created_at'])}"
    if job["started_at"] is not None:
        yield f"started {words.moment(job['started_at'])}"
    if job["ended_at"] is not None:
        yield f"ended {words.moment(job['ended_at'])}, after {words.duration(job['active_s'])}"


def _best(trial: Document, spec: JobSpec) -> Iterator[str]:
    value = words.short(words.number(trial["objective"]))
    also = "".join(
        f", {name} {cell}"
        for name in further_names([trial], spec.objective.metric)
        for cell in further_cells(trial, [name])
    )
    yield f"trial {trial['number']}: {spec.objective.metric} {value}{also} at step {trial['step']}"
    for name, value in trial["parameters"].items():
        yield f"{name} = {value}"


def _places(rest: Rest) -> Iterator[str]:
    directory = rest.progress["directory"]
    yield f"trials and logs: {directory}/trials"
    outputs = {trial["output_dir"] for trial in rest.job["trials"] if trial["output_dir"]}
    below = os.path.join(directory, "")
    roots = {Path(directory, "trials")} | {
        Path(output).parent for output in outputs if not output.startswith(below)
    }
    for root in sorted(roots):
        if Path(directory) not in root.parents:
            yield f"job directory: {root}"
        if _holds_event_files(root):
            yield f"event files: tensorboard --logdir {root}"


def _holds_event_files(root: Path) -> bool:
    return any(
        EVENT_FILES in name for _, _, names in os.walk(root, followlinks=False) for name in names
    )
