"""A job as Google's training service would take it."""

from __future__ import annotations

from typing import Any, assert_never

from dowse.dialects.ai_platform.params import PARAMS
from dowse.dialects.block_text import block, given
from dowse.dialects.machines import CUSTOM, TIERS
from dowse.dialects.typed_writer import typed, words_without_places
from dowse.domain.lineage import Continuation
from dowse.domain.spec import Argv, External, JobSpec, Program, PythonModule, Shell

_ALGORITHMS = {"grid": "GRID_SEARCH", "random": "RANDOM_SEARCH"}


def write_ai_platform(spec: JobSpec) -> str:
    limits = spec.limits
    seconds = None if limits.timeout_s is None else f"{limits.timeout_s:g}s"
    tuning = given(
        goal=spec.objective.goal.value.upper(),
        hyperparameterMetricTag=spec.objective.metric,
        maxTrials=limits.trials,
        maxParallelTrials=limits.parallel,
        maxFailedTrials=limits.failed,
        enableTrialEarlyStopping=True if spec.stopping else None,
        algorithm=_ALGORITHMS.get(spec.algorithm.name),
        resumePreviousJobId=_resumed(spec.continues),
        params=[typed(parameter, PARAMS) for parameter in spec.space.parameters],
    )
    training = given(
        **_machine(spec.launch.resources.machine),
        **_program(spec.launch.program),
        packageUris=list(spec.launch.packages) or None,
        jobDir=spec.launch.job_dir,
        scheduling=given(maxRunningTime=seconds),
        hyperparameters=tuning,
    )
    return block(given(jobId=spec.name, labels=dict(spec.labels), trainingInput=training))


def _resumed(asked: Continuation | None) -> str | None:
    return None if asked is None or asked.changed else asked.job


def _machine(machine: str | None) -> dict[str, Any]:
    if machine is None or machine in TIERS:
        return given(scaleTier=machine)
    return {"scaleTier": CUSTOM, "masterType": machine}


def _program(program: Program) -> dict[str, Any]:
    match program:
        case PythonModule():
            return {"pythonModule": program.module, "args": list(program.arguments)}
        case Argv():
            words = words_without_places(program.words)
        case Shell():
            words = ["/bin/sh", "-c", program.text]
        case External():
            return {}
        case _:
            assert_never(program)
    return {"masterConfig": {"containerCommand": words}}
