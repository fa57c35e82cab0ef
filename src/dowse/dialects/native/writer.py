"""A JobSpec as a native document that reads back equal."""

from __future__ import annotations

import math
import re
from dataclasses import fields
from typing import Any, assert_never

from dowse.dialects.native import keys
from dowse.dialects.native.conditions import WORDS
from dowse.dialects.native.targets_writer import limit_tree, objectives_tree, use_tree
from dowse.dialects.native.text import Raw, dump
from dowse.dialects.scalars import meaning
from dowse.domain.conditions import Comparison, Condition
from dowse.domain.constraints import parse_condition
from dowse.domain.lineage import Continuation, Learning
from dowse.domain.metrics import Use
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter, Value
from dowse.domain.preferences import End, Preference
from dowse.domain.scales import Scale
from dowse.domain.spec import (
    Argv,
    DataInput,
    External,
    FailurePolicy,
    Input,
    JobSpec,
    LaunchSpec,
    Limits,
    Literal,
    Options,
    Order,
    Passing,
    PythonModule,
    Shell,
)
from dowse.errors import InvalidInput

_PLAIN_WORD = re.compile(r"[\w@%+:,./${}-][\w@%+=:,./${}-]*\Z", re.ASCII)
_NAME = re.compile(r"[^\W\d][\w.]*\Z")


def write_native(spec: JobSpec) -> str:
    """The document. What is not of the job itself is left out: where it came from, the warnings,
    and whether the caller's environment is handed on.
    """
    return dump(native_tree(spec))


def native_tree(spec: JobSpec) -> dict[str, Any]:
    """The document as values."""
    launch = spec.launch
    tree: dict[str, Any] = {
        "name": spec.name,
        "description": spec.description,
        "labels": dict(spec.labels),
        **_program(launch),
        **_objective(spec),
        "metric_limits": [limit_tree(each) for each in spec.metric_limits],
        "parameters": {p.name: _parameter(p) for p in spec.space.parameters},
        "constraints": [relation.text for relation in spec.space.relations],
        "algorithm": _algorithm(spec),
        "early_stopping": _stopping(spec),
        "limits": _limits(spec.limits),
        **_continuation(spec.continues),
        "learn_from": _learning(spec.learning),
        # Of a job that goes on with another, 0 is a choice: it would have the seed of that one.
        "seed": spec.seed if spec.seed or spec.continues else None,
        "job_dir": launch.job_dir,
        "env": dict(launch.env),
        "python": launch.python,
        "resources": _resources(launch),
        "code": _given(
            root=launch.code.root, exclude=list(launch.code.exclude), link=list(launch.code.link)
        ),
        "packages": list(launch.packages),
        "prepare": None if launch.prepare is None else _prepare(launch.prepare),
        "event_dirs": list(launch.event_dirs),
        **_passing(launch.passing),
        "inputs": {name: _input(item) for name, item in launch.inputs.items()},
        "outputs": {name: kind.value for name, kind in launch.outputs.items()},
        "side_metrics": list(spec.side_metrics),
        "prefer": {each.name: _wanted(each) for each in spec.prefer},
        "failures": None if spec.failures is FailurePolicy.AUTOMATIC else spec.failures.value,
        "order": None if spec.order is Order.COMPLETION else spec.order.value,
    }
    return _given(**tree)


def _given(**entries: Any) -> dict[str, Any]:
    """Without what is not there: None and empty collections."""
    return {
        key: value for key, value in entries.items() if value is not None and value not in ([], {})
    }


def _program(launch: LaunchSpec) -> dict[str, Any]:
    program = launch.program
    match program:
        case Argv():
            return {"command": _words(program)}
        case Shell():
            return {"shell": program.text}
        case PythonModule():
            return {"module": program.module, "arguments": list(program.arguments)}
        case External():
            return {}
        case _:
            assert_never(program)


def _words(command: Argv) -> str | list[str]:
    simple = all(_PLAIN_WORD.match(word) for word in command.words)
    assigns = "=" in command.words[0]
    return " ".join(command.words) if simple and not assigns else list(command.words)


def _prepare(command: Argv | Shell) -> Any:
    return _words(command) if isinstance(command, Argv) else {"shell": command.text}


def _passing(passing: Passing) -> dict[str, Any]:
    return {
        "constants": {name: written_literal(one) for name, one in passing.constants.items()},
        "append": None if passing.append else False,
        "names": dict(passing.names),
        "composed": list(passing.composed),
        "parameters_file": passing.file,
        "variable_prefixes": list(passing.variable_prefixes),
    }


def _input(item: Input) -> Any:
    match item:
        case Literal():
            return written_literal(item)
        case DataInput():
            return {item.kind.value: item.path}
    assert_never(item)


def written_literal(literal: Literal) -> Any:
    """The value as it was spelled, where that reads back; else both."""
    value, text = literal.value, literal.text
    if isinstance(value, str):
        return value if text == value else {"value": value, "text": text}
    if repr(meaning(text)) == repr(value) and "_" not in text:
        return Raw(text)
    return {"value": value, "text": text}


def _objective(spec: JobSpec) -> dict[str, Any]:
    objective, pattern = spec.objective, spec.launch.stdout_pattern
    if spec.targets.is_several:
        return {"objectives": objectives_tree(spec.objectives), "pattern": pattern}
    if objective.use is Use.LAST and pattern is None:
        return {"metric": objective.metric, "goal": objective.goal.value}
    metric = _given(name=objective.metric, use=use_tree(objective), pattern=pattern)
    return {"metric": metric, "goal": objective.goal.value}


def _parameter(parameter: Parameter) -> Any:
    match parameter:
        case Double():
            return _double(parameter)
        case Integer():
            tree = {"type": "integer", "min": parameter.min, "max": parameter.max}
            step = None if parameter.step == 1 else parameter.step
            return tree | _given(scale=_scale(parameter.scale), step=step, **_when(parameter))
        case Discrete():
            scale = None if parameter.scale is None else str(parameter.scale)
            extra = _given(scale=scale, texts=_texts(parameter), **_when(parameter))
            values: list[Any] = list(parameter.choices)
            return {"type": "discrete", "values": values} | extra if extra else values
        case Categorical():
            extra = _given(texts=_texts(parameter), **_when(parameter))
            values = [_label(choice) for choice in parameter.choices]
            if extra or not all(isinstance(choice, str) for choice in parameter.choices):
                return {"type": "categorical", "values": values} | extra
            return values
        case _:
            assert_never(parameter)


def _double(parameter: Double) -> dict[str, Any]:
    prior = parameter.prior
    lowest = 0.0 if parameter.scale == Scale.LOG else -math.inf
    free_low = prior is not None and parameter.min == lowest
    free_high = prior is not None and parameter.max == math.inf
    return {"type": "double"} | _given(
        min=None if free_low else parameter.min,
        max=None if free_high else parameter.max,
        scale=_scale(parameter.scale),
        step=parameter.step,
        origin=parameter.origin,
        mu=prior.mu if prior else None,
        sigma=prior.sigma if prior else None,
        **_when(parameter),
    )


def _scale(scale: Scale | str) -> str | None:
    return None if scale == Scale.LINEAR else str(scale)


def _texts(parameter: Discrete | Categorical) -> list[str] | None:
    return None if parameter.texts is None else list(parameter.texts)


def _label(choice: Value) -> Value | Raw:
    """Labels are spelled as the program gets them: `True`, not `true`."""
    return Raw(str(choice)) if isinstance(choice, bool) else choice


def _when(parameter: Parameter) -> dict[str, Any]:
    condition = parameter.condition
    if condition is None:
        return {}
    parent = condition.parent if _NAME.match(condition.parent) else f"`{condition.parent}`"
    text = str(condition).replace(condition.parent, parent, 1)
    if _says(text, condition):
        return {"when": text}
    word = next(word for word, meant in WORDS.items() if meant is condition.comparison)
    many = condition.comparison in (Comparison.IN, Comparison.NOT_IN)
    operand = list(condition.values) if many else condition.values[0]
    return {"when": {"parameter": condition.parent, word: operand}}


def _says(text: str, condition: Condition) -> bool:
    """Whether the text reads back as the condition, 1 and True and 1.0 being three things."""
    try:
        return repr(parse_condition(text)) == repr(condition)
    except InvalidInput:
        return False


def _options(options: Options, *taken: str) -> dict[str, Any]:
    if {"options", *taken} & set(options):
        return {"options": dict(options)}
    return dict(options)


def _algorithm(spec: JobSpec) -> Any:
    algorithm = spec.algorithm
    extra = _options(algorithm.options, "name", "repeats")
    if algorithm.repeats:
        extra["repeats"] = True
    return {"name": algorithm.name} | extra if extra else algorithm.name


def _stopping(spec: JobSpec) -> Any:
    if spec.stopping is None:
        return None
    rule, options = spec.stopping.rule, _options(spec.stopping.options, "rule", "controls")
    extra = options | _given(controls=spec.stopping.controls)
    return {"rule": rule} | extra if extra or rule.lower() in keys.NO_RULE else rule


def _continuation(asked: Continuation | None) -> dict[str, Any]:
    if asked is None:
        return {}
    if not asked.changed:
        return {"resume": asked.job}
    fixed = dict(asked.fixed)
    return {"extend": {"job": asked.job, "fixed": fixed} if fixed else asked.job}


def _learning(learning: Learning) -> Any:
    if learning.similar:
        return "auto"
    return list(learning.jobs)


def _limits(limits: Limits) -> dict[str, Any]:
    """Every limit that is not the default; times as seconds."""
    names = {
        "timeout_s": "timeout",
        "trial_timeout_s": "trial_timeout",
        "no_progress_s": "no_progress",
    }
    usual = Limits()
    tree = {}
    if limits.retry_on != usual.retry_on:
        names["retries"] = ""
        tree["retries"] = _retries(limits)
    for field in fields(Limits):
        if field.name == "retry_on" or names.get(field.name) == "":
            continue
        value = getattr(limits, field.name)
        if value != getattr(usual, field.name):
            tree[names.get(field.name, field.name)] = value
    return tree


def _resources(launch: LaunchSpec) -> dict[str, Any]:
    wanted = launch.resources
    memory = None if wanted.memory_mb is None else f"{wanted.memory_mb}MB"
    return _given(cpus=wanted.cpus, gpus=wanted.gpus, memory=memory, machine=wanted.machine)


def _retries(limits: Limits) -> dict[str, Any]:
    """Every class of failure that has further attempts."""
    others = limits.retry_on
    exits = others.exit
    tree: dict[str, Any] = {"lost": limits.retries} if limits.retries != Limits().retries else {}
    counts = {
        "timeout": others.timeout,
        "start_error": others.start_error,
        "no_metric": others.no_metric,
    }
    tree |= {name: count for name, count in counts.items() if count}
    if exits.codes:
        tree["exit"] = {"times": exits.times, "codes": list(exits.codes)}
    elif exits.times:
        tree["exit"] = exits.times
    return tree


def _wanted(preference: Preference) -> Any:
    wanted = preference.wanted
    return wanted.value if isinstance(wanted, End) else [_label(value) for value in wanted]
