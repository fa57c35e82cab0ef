"""What was asked for. Immutable after submit; with the seed, everything follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, TypeAlias

from dowse.domain.lineage import Continuation, Learning
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Objective
from dowse.domain.parameters import Value
from dowse.domain.preferences import Preference
from dowse.domain.retries import RetryOn
from dowse.domain.several import conflicts
from dowse.domain.space import SearchSpace
from dowse.domain.targets import Targets
from dowse.errors import InvalidInput, Problem

Options: TypeAlias = Mapping[str, Any]
"""Settings of an algorithm or a rule: a JSON object that the owner of the name checks."""

MAX_PARALLEL = 10_000
AUTO: Final = "auto"
"""Of what Dowse chooses itself."""
AUTO_CONTROLS = 0.05
ORDER_WITH_STOPPING = (
    "must be completion with early_stopping, got logical: what a rule sees depends on how long "
    "trials take; leave out one of the two"
)


class FailurePolicy(Enum):
    """What failed trials mean for their job."""

    AUTOMATIC = "automatic"  # the first failure ends it, later too many do
    IGNORE = "ignore"  # only a job whose every trial failed has failed
    STRICT = "strict"  # any failed trial ends it


class Order(Enum):
    """Which results a suggestion is made from."""

    COMPLETION = "completion"  # all that there are when it is asked for
    LOGICAL = "logical"  # those of the trials up to a number of its own, however long they take


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmSpec:
    """Which suggester, by its name in the catalog. `repeats` allows finished configurations."""

    name: str = "bayesian"
    options: Options = field(default_factory=dict)
    repeats: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingSpec:
    """Which early-stopping rule, by its name in the catalog.

    `controls` is the share of the trials which the rule condemns that run on, so that what stopping
    costs can be told; None leaves it to the rule.
    """

    rule: str
    options: Options = field(default_factory=dict)
    controls: float | None = None

    def __post_init__(self) -> None:
        if self.controls is not None and not 0 <= self.controls <= 1:
            message = f"must be a share from 0 to 1, got {self.controls!r}"
            raise InvalidInput([Problem(path="early_stopping.controls", message=message)])

    @property
    def control_share(self) -> float:
        """Whoever names a rule wants it kept; the automatic one owes an account of itself."""
        if self.controls is not None:
            return self.controls
        return AUTO_CONTROLS if self.rule == AUTO else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Ceilings of a job; None is no ceiling.

    `trials` counts started trials whatever their end; `failed` is the explicit number of failed
    trials that ends the job. Without it the policy's own rule counts: more than
    `failed_at_least` failures that are more than `failed_share` of the ended trials.
    `retries` counts further attempts of a trial whose runner was lost, `retry_on` those after other
    failures. A trial that neither reports nor prints anything for `no_progress_s` is ended.

    The others end the job when it has what it is for: a result of `target`; `patience` ended trials
    without a better result; no configuration that is expected to be better by more than
    `improvement`, in the metric's unit, which AUTO chooses; `cost`, in the currency of the prices,
    spent.
    """

    trials: int | None = None
    parallel: int = 1
    failed: int | None = None
    timeout_s: float | None = None
    trial_timeout_s: float | None = None
    retries: int = 1
    retry_on: RetryOn = field(default_factory=RetryOn)
    failed_at_least: int = 5
    failed_share: float = 0.5
    no_progress_s: float | None = None
    cost: float | None = None
    target: float | None = None
    patience: int | None = None
    improvement: float | str | None = None

    def __post_init__(self) -> None:
        problems = [
            *_whole("limits.trials", self.trials, 1),
            *_whole("limits.parallel", self.parallel, 1, MAX_PARALLEL),
            *_whole("limits.failed", self.failed, 1),
            *_whole("limits.retries", self.retries, 0, 100),
            *_positive("limits.timeout", self.timeout_s),
            *_positive("limits.trial_timeout", self.trial_timeout_s),
            *_positive("limits.no_progress", self.no_progress_s),
            *_amount("limits.cost", self.cost),
            *_finite("limits.target", self.target),
            *_whole("limits.patience", self.patience, 1),
            *([] if self.improvement == AUTO else _amount("limits.improvement", self.improvement)),
        ]
        if problems:
            raise InvalidInput(problems)


def _whole(path: str, value: int | None, low: int, high: int = 2**31 - 1) -> list[Problem]:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if value is None or (whole and low <= value <= high):
        return []
    message = f"must be a whole number from {low} to {high}, got {value!r}"
    return [Problem(path=path, message=message)]


def _positive(path: str, value: float | None) -> list[Problem]:
    if value is None or 0 < value < float("inf"):
        return []
    return [Problem(path=path, message=f"must be a time above 0 seconds, got {value!r}")]


def _amount(path: str, value: float | str | None) -> list[Problem]:
    if value is None or (not isinstance(value, str) and 0 < value < float("inf")):
        return []
    return [Problem(path=path, message=f"must be a number above 0, got {value!r}")]


def _finite(path: str, value: float | None) -> list[Problem]:
    if value is None or float("-inf") < value < float("inf"):
        return []
    return [Problem(path=path, message=f"must be a finite number, got {value!r}")]


@dataclass(frozen=True, slots=True)
class Argv:
    """A command as words, started without a shell.

    `${name}` inside a word is the place of that parameter's value; a parameter that has no place
    is appended as `--name=value`, unless the launch says otherwise.
    """

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shell:
    """Text for `/bin/sh -c`. Values reach it as variables only: `DOWSE_PARAM_<NAME>`,
    `DOWSE_INPUT_<NAME>` and `DOWSE_OUTPUT_<NAME>`.
    """

    text: str


@dataclass(frozen=True, slots=True)
class PythonModule:
    """`python -m module arguments… --name=value…`."""

    module: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class External:
    """No program of ours: whoever asks for a trial runs it and reports what came of it."""


Program: TypeAlias = Argv | Shell | PythonModule | External


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What one trial needs of the machine; None is not asked for.

    `machine` is the type of machine whose price an hour of a trial has.
    """

    cpus: float | None = None
    gpus: int | None = None
    memory_mb: int | None = None
    machine: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSpec:
    """The folder that each trial gets a copy of.

    `root` is absolute; None is an empty folder, for code that comes as packages. `exclude` are
    patterns as in .gitignore; `link` are paths below the root that are linked instead of copied.
    """

    root: str | None = None
    exclude: tuple[str, ...] = ()
    link: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is the same for every trial; `text` is how the document spells it."""

    value: Value
    text: str


class DataKind(Enum):
    FILE = "file"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class DataInput:
    """Data that every trial reads: an absolute path of this machine, or a URL."""

    kind: DataKind
    path: str


Input: TypeAlias = Literal | DataInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """How values reach the program, beside its command.

    A parameter that has no place in the command is appended to it, if `append`. `constants` go
    the way of parameters; a parameter of the same name wins. `names` are the names under which
    the program gets parameters that are called otherwise; several may share one when never two
    of them are active together. Each of `composed` is a parameter that the program gets as a JSON
    object of the parameters that its value opens. `file` is a JSON file in the working directory
    with all constants and parameters. For each of `variable_prefixes`, every constant, parameter,
    input and output is a variable of that prefix and its name.
    """

    append: bool = True
    constants: Mapping[str, Literal] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    composed: tuple[str, ...] = ()
    file: str | None = None
    variable_prefixes: tuple[str, ...] = ()

    def name_of(self, parameter: str) -> str:
        """What the program calls a parameter."""
        return self.names.get(parameter, parameter)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchSpec:
    """How a trial is started and where its metrics may be found.

    `job_dir` is passed as `--job-dir=<job_dir>/<trial number>`. `stdout_pattern` is a regular
    expression with the groups `metric` (or the objective's name is taken), `value`, and perhaps
    `step`. `event_dirs` are directories outside the trial's own, each with `${trial}` in it.
    `inputs` and `outputs` have the places `${inputs.name}` and `${outputs.name}` in the command;
    an output is a folder, or a file in a folder, below the trial's output directory that exists
    before the program starts.

    Before the first trial `packages` are installed for this job alone: each is the path or URL of
    a Python package, or a requirement as pip takes it. Then `prepare` runs once in a copy of the
    code, and trials get copies of what it leaves there.
    """

    program: Program
    code: CodeSpec
    passing: Passing = field(default_factory=Passing)
    inputs: Mapping[str, Input] = field(default_factory=dict)
    outputs: Mapping[str, DataKind] = field(default_factory=dict)
    job_dir: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    pass_all_env: bool = False
    python: str | None = None
    resources: Resources = field(default_factory=Resources)
    stdout_pattern: str | None = None
    event_dirs: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    prepare: Argv | Shell | None = None

    @property
    def needs_preparation(self) -> bool:
        return bool(self.packages) or self.prepare is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSpec:
    """One tuning job. `metric_limits` are what a trial must keep to be of use.

    `side_metrics` are further metrics that people want to see; they do not touch the search.
    `dialect` and `document` are the form it was written in, kept to be shown; `warnings` are
    what was understood but has no meaning here. `stopping` None stops nothing. `prefer` decides
    between trials of equal objective, before their simplicity does. `continues` is the job that
    this one goes on with. The logical `order` excludes `stopping`: what a rule sees depends on how
    long trials take.
    """

    space: SearchSpace
    objectives: tuple[Objective, ...]
    limits: Limits
    launch: LaunchSpec
    algorithm: AlgorithmSpec = field(default_factory=AlgorithmSpec)
    stopping: StoppingSpec | None = None
    failures: FailurePolicy = FailurePolicy.AUTOMATIC
    order: Order = Order.COMPLETION
    metric_limits: tuple[MetricLimit, ...] = ()
    side_metrics: tuple[str, ...] = ()
    prefer: tuple[Preference, ...] = ()
    continues: Continuation | None = None
    learning: Learning = field(default_factory=Learning)
    seed: int = 0
    name: str | None = None
    description: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    dialect: str = "native"
    document: str = ""
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problems = [*self._conflicts()]
        if self.order is Order.LOGICAL and self.stopping is not None:
            problems.append(Problem(path="order", message=ORDER_WITH_STOPPING))
        if problems:
            raise InvalidInput(problems)

    def _conflicts(self) -> Iterator[Problem]:
        return conflicts(
            self.targets,
            stops=self.stopping is not None,
            learns=not self.learning.is_off,
            target=self.limits.target is not None,
            improvement=self.limits.improvement is not None,
        )

    @property
    def lag(self) -> int | None:
        """Under the logical order, suggestion k sees the results of the trials up to k - lag.

        It is that of the job as submitted: `parallel` may be changed later.
        """
        return self.limits.parallel if self.order is Order.LOGICAL else None

    @property
    def objective(self) -> Objective:
        """The first objective: the one that ranks trials."""
        return self.objectives[0]

    @property
    def targets(self) -> Targets:
        return Targets(objectives=self.objectives, limits=self.metric_limits)

    @property
    def is_external(self) -> bool:
        """Whether its trials are run by whoever asks for them: a study."""
        return isinstance(self.launch.program, External)
