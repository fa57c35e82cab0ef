"""A job as an `openbayes.yaml`."""

from __future__ import annotations

import shlex
from typing import assert_never

from dowse.dialects.block_text import block, given
from dowse.dialects.native.writer import written_literal
from dowse.dialects.openbayes.dialect import MAX_JOB_COUNT, PARAMETER_SPECS
from dowse.dialects.typed_writer import typed, words_without_places
from dowse.domain.spec import Argv, External, FailurePolicy, JobSpec, PythonModule, Shell
from dowse.runtime.launch import variable_name

_ALGORITHMS = {"grid": "Grid", "random": "Random"}


def write_openbayes(spec: JobSpec) -> str:
    limits = spec.limits
    constants = spec.launch.passing.constants
    tuning = given(
        max_job_count=min(limits.trials or MAX_JOB_COUNT, MAX_JOB_COUNT),
        parallel_count=limits.parallel,
        hyperparameter_metric=spec.objective.metric,
        side_metrics=list(spec.side_metrics),
        goal=spec.objective.goal.value.upper(),
        algorithm=_ALGORITHMS.get(spec.algorithm.name, "Bayesian"),
        on_failure=None if spec.failures is FailurePolicy.STRICT else "continue",
        parameter_specs=[typed(parameter, PARAMETER_SPECS) for parameter in spec.space.parameters],
    )
    tree = given(
        resource=spec.launch.resources.machine,
        command=_command(spec),
        parameters={name: written_literal(one) for name, one in constants.items()},
        hyper_tuning=tuning,
    )
    return block(tree)


def _command(spec: JobSpec) -> str:
    program = spec.launch.program
    match program:
        case Argv():
            return shlex.join(words_without_places(program.words))
        case PythonModule():
            return shlex.join(("python", "-m", program.module, *program.arguments))
        case Shell():
            return program.text.removesuffix(_appended(spec))
        case External():
            return ""
        case _:
            assert_never(program)


def _appended(spec: JobSpec) -> str:
    """What reading appends to a shell's text by itself."""
    constants = spec.launch.passing.constants
    names = [*constants, *(name for name in spec.space.names if name not in constants)]
    return "".join(f' "--{name}=${{{variable_name(name)}}}"' for name in names)
