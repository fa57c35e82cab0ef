"""Objective, sampling, early termination and limits of a sweep job."""

from __future__ import annotations

import math
from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from dowse.dialects import durations
from dowse.dialects.azure_ml.schema import check_keys, option
from dowse.dialects.located import Mapping, nested
from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.spaces import built
from dowse.domain.ceilings import MOST
from dowse.domain.metrics import MAX_METRIC_NAME, Goal, Objective, Use
from dowse.domain.spec import Limits, StoppingSpec

_, MAX_TRIALS = MOST["azure_ml"]["trials"]
_, _MAX_PARALLEL = MOST["azure_ml"]["parallel"]

_GOALS = {"maximize": Goal.MAXIMIZE, "minimize": Goal.MINIMIZE}
_ALGORITHMS = {"random": "random", "grid": "grid", "bayesian": "bayesian"}
_RULES = {"random": "random", "sobol": "sobol"}
_POLICIES = {
    "bandit": "bandit",
    "median_stopping": "median",
    "median": "median",
    "truncation_selection": "truncation",
}
_NEEDED = {
    "bandit": ("slack_factor", "slack_amount"),
    "median": (),
    "truncation": ("truncation_percentage", "exclude_finished_jobs"),
}
_COUNTED = ("evaluation_interval", "delay_evaluation")
# Azure compares with every run, from the second one on.
_AZURE_MEDIAN = {"compared_with": "all", "min_trials": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """`base` is that of the exponents of logarithmic distributions."""

    algorithm: str = "random"
    seed: int | None = None
    base: float = math.e


def read_objective(root: Table, places: Places) -> Objective | None:
    field = root.required("objective", "give primary_metric and goal")
    table = field.table("a mapping with primary_metric and goal") if field else None
    if table is None:
        return None
    check_keys(table, "Objective")
    named = table.required("primary_metric", "name the metric that the program logs")
    metric = named.words("the name of a metric") if named else None
    if named and metric and len(metric) > MAX_METRIC_NAME:
        named.error(f"must have at most {MAX_METRIC_NAME} characters, got {len(metric)}")
        metric = None
    goal_field = table.required("goal", "write maximize or minimize")
    places.put("goal", goal_field)
    goal = option(goal_field, _GOALS) if goal_field else None
    return Objective(metric=metric, goal=goal, use=Use.BEST) if metric and goal else None


def read_sampling(root: Table) -> Sampling | None:
    field = root.get("sampling_algorithm")
    if field is None:
        root.warn("names no sampling_algorithm; it was read as random")
        return Sampling()
    if not isinstance(field.node, Mapping):
        name = option(field, _ALGORITHMS)
        return Sampling(algorithm=name) if name else None
    table = Table(field.node, field.path, field.log)
    check_keys(table, "Sampling")
    kind = table.required("type", "random, grid or bayesian")
    name = option(kind, _ALGORITHMS) if kind else None
    seed, rule, base = table.get("seed"), table.get("rule"), table.get("logbase")
    chosen = option(rule, _RULES) if rule else None
    if name != "random":
        for extra in (rule, base):
            if name and extra:
                extra.warn(f"is ignored: only random sampling has it, and this is {name}")
        chosen, base = None, None
    number = seed.integer(0, 2**63 - 1) if seed else None
    based = _base(base) if base else math.e
    if name is None or based is None:
        return None
    return Sampling(algorithm=chosen or name, seed=number, base=based)


def _base(field: Field) -> float | None:
    if (field.text() or "").strip().lower() == "e":
        return math.e
    base = field.finite("a number above 1, or e")
    if base is not None and not base > 1:
        field.error(f"must be a number above 1, or e, got {field.node}")
        return None
    if base is not None and base != math.e:
        field.warn(f"is the base of logarithmic distributions: values are {base:g} to a power")
    return None if base is None else float(base)


def read_policy(root: Table, known: Set[str] | None) -> StoppingSpec | None:
    field = root.get("early_termination")
    table = field.table("a mapping with type") if field else None
    if field is None or table is None:
        return None
    check_keys(table, "Policy")
    kind = table.required("type", "bandit, median_stopping or truncation_selection")
    rule = option(kind, _POLICIES) if kind else None
    if kind is None or rule is None:
        return None
    options = _intervals(table)
    for key in ("slack_factor", "slack_amount", "truncation_percentage", "exclude_finished_jobs"):
        extra = table.get(key)
        if extra and key not in _NEEDED[rule]:
            extra.error(f"is no part of {kind.text()}; remove it, or change the type")
    options |= _slack(table) if rule == "bandit" else {}
    options |= _AZURE_MEDIAN if rule == "median" else {}
    options |= _truncation(table) if rule == "truncation" else {}
    if known is not None and rule not in known:
        kind.error(
            f"asks for the {rule} rule, which is not available yet; there are "
            f"{', '.join(sorted(known))}. Remove early_termination to let every trial end"
        )
        return None
    return StoppingSpec(rule=rule, options=options)


def _intervals(table: Table) -> dict[str, Any]:
    """An interval of 0 is how the client library writes `not given`, which is 1."""
    found: dict[str, Any] = {"evaluation_interval": 1, "delay_evaluation": 0}
    for key in _COUNTED:
        field = table.get(key)
        count = field.integer(low=0) if field else None
        if count:
            found[key] = count
    return found


def _slack(table: Table) -> dict[str, Any]:
    given = {}
    for key in _NEEDED["bandit"]:
        field = table.get(key)
        slack = field.finite("a number of 0 or more") if field else None
        if field and slack is not None and slack < 0:
            field.error(f"must be a number of 0 or more, got {field.node}")
        if field and slack is not None and slack > 0:
            given[key] = (field, float(slack))
    if len(given) == 1:
        return {key: slack for key, (_, slack) in given.items()}
    if given:
        given["slack_amount"][0].error("and slack_factor cannot both be given; keep one of them")
    elif not any(table.get(key) for key in _NEEDED["bandit"]):
        table.error("needs slack_factor (a ratio) or slack_amount (a distance), got neither")
    else:
        table.error("needs slack_factor or slack_amount above 0")
    return {}


def _truncation(table: Table) -> dict[str, Any]:
    field = table.required("truncation_percentage", "a whole number from 1 to 99")
    percentage = field.integer(1, 99) if field else None
    extra = table.get("exclude_finished_jobs")
    exclude = extra.boolean() if extra else False
    return {"truncation_percentage": percentage, "exclude_finished_jobs": bool(exclude)}


def read_limits(root: Table, places: Places) -> Limits | None:
    before = root.log.error_count
    field = root.get("limits")
    table = field.table("a mapping such as {max_total_trials: 20}") if field else None
    if field is not None and table is None:
        return None
    if table is None:
        root.warn(f"has no limits; up to {MAX_TRIALS} trials will run, as Azure's default is")
        table = Table(Mapping((), root.node.location), nested(root.path, "limits"), root.log)
    check_keys(table, "Limits")
    total, at_once = table.get("max_total_trials"), table.get("max_concurrent_trials")
    here = total or Field(table.node, table.path, table.log)
    places.put("limits.trials", here)
    places.put("limits.parallel", at_once or here)
    trials = total.integer(1, MAX_TRIALS) if total else MAX_TRIALS
    if field is not None and total is None:
        here.warn(f"has no max_total_trials; up to {MAX_TRIALS} trials will run")
    parallel = at_once.integer(1, _MAX_PARALLEL) if at_once else trials
    timeout, trial_timeout = _time(table, "timeout"), _time(table, "trial_timeout")
    if trials is None or parallel is None or root.log.error_count > before:
        return None
    if at_once and parallel > trials:
        at_once.warn(f"is above max_total_trials; {trials} at once is all there can be")
        parallel = trials
    return built(
        lambda: Limits(
            trials=trials, parallel=parallel, timeout_s=timeout, trial_timeout_s=trial_timeout
        ),
        places,
        here,
    )


def _time(table: Table, key: str) -> float | None:
    """Seconds, or a duration such as `PT2H`. 0 is how tools write `no limit`."""
    field = table.get(key)
    text = field.text("a number of seconds") if field else None
    if field is None or text is None:
        return None
    written = durations.iso_seconds(text)
    seconds = written if written is not None else field.finite("a number of seconds")
    if seconds == 0:
        field.warn("is 0; it was read as no limit")
        return None
    if seconds is not None and seconds < 0:
        field.error(f"must be a number of seconds above 0, got {field.node}")
        return None
    return None if seconds is None else float(seconds)
