"""A job as a sweep job of Azure ML."""

from __future__ import annotations

import math
import re
import shlex
from typing import Any, assert_never

from dowse.dialects.azure_ml.schema import SCHEMA
from dowse.dialects.azure_ml.settings import MAX_TRIALS
from dowse.dialects.block_text import block, given, number
from dowse.dialects.machines import azure_compute
from dowse.dialects.native.text import Raw
from dowse.dialects.native.writer import written_literal
from dowse.dialects.scalars import meaning
from dowse.dialects.typed_writer import bounds_of
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter
from dowse.domain.scales import Scale
from dowse.domain.spec import (
    Argv,
    DataInput,
    DataKind,
    External,
    Input,
    JobSpec,
    Literal,
    PythonModule,
    Shell,
)
from dowse.runtime.launch import variable_of_place
from dowse.runtime.values import places

_ENVIRONMENT = "azureml:environment@latest"
"""Required by Azure and unknown here: whoever submits the job there puts the right one."""

_POLICIES = {
    "bandit": "bandit",
    "median": "median_stopping",
    "truncation": "truncation_selection",
}
_PLACE = re.compile(r"(?<!\$)\$\{([^{}]*)\}")


def write_azure_ml(spec: JobSpec) -> str:
    return block(azure_ml_tree(spec))


def azure_ml_tree(spec: JobSpec) -> dict[str, Any]:
    """The keys of the YAML form with plain values; `Raw` is a number as it is to be spelled."""
    labels = dict(spec.labels)
    limits = spec.limits
    trial = given(
        code=spec.launch.code.root,
        command=_command(spec),
        environment=_ENVIRONMENT,
        environment_variables=dict(spec.launch.env),
    )
    return given(
        type="sweep",
        name=spec.name,
        display_name=labels.pop("display_name", None),
        experiment_name=labels.pop("experiment_name", None),
        description=spec.description,
        tags=labels,
        compute=azure_compute(spec.launch.resources.machine),
        trial=trial,
        inputs={name: _input(item) for name, item in spec.launch.inputs.items()},
        outputs={name: _output(kind) for name, kind in spec.launch.outputs.items()},
        sampling_algorithm=_sampling(spec),
        search_space=_search_space(spec),
        objective={
            "goal": spec.objective.goal.value,
            "primary_metric": spec.objective.metric,
        },
        limits=given(
            max_total_trials=min(limits.trials or MAX_TRIALS, MAX_TRIALS),
            max_concurrent_trials=min(limits.parallel, MAX_TRIALS),
            timeout=None if limits.timeout_s is None else number(limits.timeout_s),
            trial_timeout=None
            if limits.trial_timeout_s is None
            else number(limits.trial_timeout_s),
        ),
        early_termination=_policy(spec),
    )


def _sampling(spec: JobSpec) -> Any:
    name = spec.algorithm.name
    if name == "grid":
        return "grid"
    if name not in ("random", "sobol"):
        return "bayesian"
    seed = spec.seed or None
    if name == "random" and seed is None:
        return "random"
    return given(type="random", seed=seed, rule="sobol" if name == "sobol" else None)


def _policy(spec: JobSpec) -> dict[str, Any] | None:
    if spec.stopping is None or spec.stopping.rule not in _POLICIES:
        return None
    options = {
        key: value
        for key, value in spec.stopping.options.items()
        # The client library refuses exclude_finished_jobs, which its own page names.
        if key in SCHEMA["Policy"] and (key, value) != ("exclude_finished_jobs", False)
    }
    return {"type": _POLICIES[spec.stopping.rule], **options}


def _input(item: Input) -> Any:
    match item:
        case Literal():
            return written_literal(item)
        case DataInput():
            kind = "uri_file" if item.kind is DataKind.FILE else "uri_folder"
            return {"type": kind, "path": item.path}
    assert_never(item)


def _output(kind: DataKind) -> dict[str, str]:
    return {"type": "uri_file" if kind is DataKind.FILE else "uri_folder"}


# ---------------------------------------------------------------------- the command


def _command(spec: JobSpec) -> str:
    program = spec.launch.program
    match program:
        case Shell():
            return _with_templates(spec, program.text)
        case External():
            return ""
        case PythonModule():
            words: tuple[str, ...] = ("python", "-m", program.module, *program.arguments)
            placed: set[str] = set()
        case Argv():
            words = program.words
            placed = {name for word in words for name in places(word)}
        case _:
            assert_never(program)
    shown = [_word(word) for word in words]
    passing = spec.launch.passing
    if passing.append:
        names = dict.fromkeys(
            passing.name_of(p.name) for p in spec.space.parameters if p.condition is None
        )
        shown += [f"--{name}=${{{{search_space.{name}}}}}" for name in names if name not in placed]
    return " ".join(shown)


def _word(word: str) -> str:
    """A word with templates for its places, in quotes where a shell would need them."""
    pieces = _PLACE.split(word)
    names = pieces[1::2]
    literals = [piece.replace("$${", "${") for piece in pieces[::2]]
    quoted = [shlex.quote(piece) if piece else "" for piece in literals]
    filled = [_template(name) for name in names] + [""]
    text = "".join(piece + template for piece, template in zip(quoted, filled, strict=True))
    return text or "''"


def _template(name: str) -> str:
    kind = "" if name.startswith(("inputs.", "outputs.")) else "search_space."
    return f"${{{{{kind}{name}}}}}"


def _with_templates(spec: JobSpec, text: str) -> str:
    """The variables of a shell's text as the templates that they were."""
    launch = spec.launch
    names = [launch.passing.name_of(name) for name in spec.space.names]
    names += [f"inputs.{name}" for name in launch.inputs]
    names += [f"outputs.{name}" for name in launch.outputs]
    for name in names:
        text = text.replace(f"${{{variable_of_place(name)}}}", _template(name))
    return text


# ---------------------------------------------------------------------- the space


def _search_space(spec: JobSpec) -> dict[str, Any]:
    """Parameters that a composed one opens stand inside it; all others at the top."""
    composed = spec.launch.passing.composed
    return {
        spec.launch.passing.name_of(parameter.name): _parameter(spec, parameter)
        for parameter in spec.space.parameters
        if parameter.condition is None or parameter.condition.parent not in composed
    }


def _parameter(spec: JobSpec, parameter: Parameter) -> Any:
    if isinstance(parameter, Categorical) and parameter.name in spec.launch.passing.composed:
        return {
            "type": "choice",
            "values": [_option(spec, parameter, c) for c in parameter.choices],
        }
    return distribution(parameter)


def _option(spec: JobSpec, parent: Categorical, choice: Any) -> Any:
    """What one choice opens; a parameter with one value is written as the value."""
    opened: dict[str, Any] = {}
    for child in spec.space.parameters:
        condition = child.condition
        if condition and condition.parent == parent.name and condition.holds(choice):
            name = spec.launch.passing.name_of(child.name)
            one = child.levels == 1 and isinstance(child, Categorical | Discrete)
            opened[name] = _choices(child)[0] if one else _parameter(spec, child)
    return opened or choice


def _choices(parameter: Parameter) -> list[Any]:
    assert isinstance(parameter, Categorical | Discrete)
    found: list[Any] = []
    for choice in parameter.choices:
        text = parameter.text(choice)
        if isinstance(choice, bool):
            found.append(text)
        elif isinstance(choice, str):
            found.append(choice)
        else:
            found.append(Raw(text) if meaning(text) == choice else choice)
    return found


def distribution(parameter: Parameter) -> dict[str, Any]:
    """The nearest of Azure's ten distributions."""
    match parameter:
        case Categorical() | Discrete():
            return {"type": "choice", "values": _choices(parameter)}
        case Integer():
            return _integer(parameter)
        case Double():
            return _double(parameter)
        case _:
            assert_never(parameter)


def _integer(parameter: Integer) -> dict[str, Any]:
    linear = parameter.scale == Scale.LINEAR
    if linear and parameter.min == 0 and parameter.step == 1:
        return {"type": "randint", "upper": parameter.max + 1}
    if parameter.min % parameter.step or parameter.last != parameter.max:
        return {"type": "choice", "values": list(parameter.values())[:1_000]}
    kind, bounds = "quniform", {"min_value": parameter.min, "max_value": parameter.max}
    if parameter.scale == Scale.LOG:
        kind = "qloguniform"
        return {"type": kind, **_logarithms(parameter.min, parameter.max), "q": parameter.step}
    return {"type": kind, **bounds, "q": parameter.step}


def _double(parameter: Double) -> dict[str, Any]:
    quantised = parameter.step is not None and parameter.origin == 0.0
    q = {"q": number(parameter.step or 1.0)} if quantised else {}
    log = "log" if parameter.scale == Scale.LOG else ""
    prefix = "q" if quantised else ""
    lowest = 0.0 if log else -math.inf
    prior = parameter.prior
    if prior is not None and parameter.min == lowest and parameter.max == math.inf:
        bell = {"mu": number(prior.mu), "sigma": number(prior.sigma)}
        return {"type": f"{prefix}{log}normal", **bell, **q}
    low, high = bounds_of(parameter)
    if log and low > 0:
        return {"type": f"{prefix}loguniform", **_logarithms(low, high), **q}
    bounds = {"min_value": number(low), "max_value": number(high)}
    return {"type": f"{prefix}uniform", **bounds, **q}


def _logarithms(low: float, high: float) -> dict[str, Any]:
    return {"min_value": number(math.log(low)), "max_value": number(math.log(high))}
