"""The keys of the native form, in one place: the parser, the schema and the writer share them."""

from __future__ import annotations

ROOT = (
    "$schema",
    "name",
    "description",
    "labels",
    "command",
    "shell",
    "module",
    "arguments",
    "metric",
    "goal",
    "objectives",
    "metric_limits",
    "pattern",
    "parameters",
    "constraints",
    "algorithm",
    "early_stopping",
    "limits",
    "resume",
    "extend",
    "learn_from",
    "seed",
    "job_dir",
    "env",
    "python",
    "resources",
    "code",
    "packages",
    "prepare",
    "event_dirs",
    "failures",
    "order",
    "inputs",
    "outputs",
    "constants",
    "append",
    "names",
    "composed",
    "parameters_file",
    "variable_prefixes",
    "side_metrics",
    "prefer",
)
EXTEND = ("job", "fixed")
METRIC = ("name", "goal", "use", "pattern")
OBJECTIVE = ("goal", "use")
METRIC_LIMIT = ("metric", "at_most", "at_least")
LIMITS = (
    "trials",
    "parallel",
    "failed",
    "timeout",
    "trial_timeout",
    "retries",
    "failed_at_least",
    "failed_share",
    "no_progress",
    "cost",
    "target",
    "patience",
    "improvement",
)
RETRIES = ("lost", "timeout", "start_error", "no_metric", "exit")
EXIT_RETRIES = ("times", "codes")
RESOURCES = ("cpus", "gpus", "memory", "machine")
CODE = ("root", "exclude", "link")
LITERAL = ("value", "text")
INPUT = ("file", "folder", *LITERAL)

_EVERY = ("type", "when")
PARAMETER = {
    "double": (*_EVERY, "min", "max", "scale", "step", "origin", "mu", "sigma"),
    "uniform": (*_EVERY, "min", "max"),
    "loguniform": (*_EVERY, "min", "max"),
    "quniform": (*_EVERY, "min", "max", "q"),
    "qloguniform": (*_EVERY, "min", "max", "q"),
    "normal": (*_EVERY, "mu", "sigma", "min", "max"),
    "lognormal": (*_EVERY, "mu", "sigma", "min", "max"),
    "qnormal": (*_EVERY, "mu", "sigma", "min", "max", "q"),
    "qlognormal": (*_EVERY, "mu", "sigma", "min", "max", "q"),
    "integer": (*_EVERY, "min", "max", "scale", "step"),
    "randint": (*_EVERY, "upper"),
    "discrete": (*_EVERY, "values", "scale", "texts"),
    "categorical": (*_EVERY, "values", "texts"),
}
OPENED = ("value", "parameters")
"""Of a value that opens parameters of its own."""

CONDITION = ("parameter", "is", "is_not", "in", "not_in", "below", "at_most", "above", "at_least")

NO_RULE = ("none", "off", "false", "null")
"""What `early_stopping` may say to stop nothing, and `learn_from` to learn from nobody."""
