"""JobSpecs of every shape, for property tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal, Objective, Use
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter
from dowse.domain.preferences import End, Preference
from dowse.domain.retries import ExitRetries, RetryOn
from dowse.domain.scales import Normal, Scale
from dowse.domain.space import SearchSpace
from dowse.domain.spec import (
    AlgorithmSpec,
    Argv,
    CodeSpec,
    DataInput,
    DataKind,
    FailurePolicy,
    JobSpec,
    LaunchSpec,
    Limits,
    Literal,
    Order,
    Passing,
    Program,
    PythonModule,
    Resources,
    Shell,
    StoppingSpec,
)
from dowse.errors import InvalidInput

PRINTABLE = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="$")
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0$"), max_size=20)
WORDS = ANY_TEXT.filter(lambda text: bool(text.strip()))
NAMES = st.one_of(
    st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True),
    st.text(PRINTABLE, min_size=1, max_size=12).filter(
        lambda name: name.strip() == name and "=" not in name
    ),
)
KEYS = st.from_regex(r"[A-Z][A-Z0-9_]{0,9}", fullmatch=True).map(lambda key: f"MY_{key}")
FINITE = st.floats(-1e12, 1e12, allow_nan=False)
POSITIVE = st.floats(1e-6, 1e9)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | FINITE | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def doubles(draw: st.DrawFn, name: str, when: Condition | None) -> Double:
    scale = draw(st.sampled_from(list(Scale)))
    numbers = FINITE if scale is Scale.LINEAR else POSITIVE
    low, high = sorted((draw(numbers), draw(numbers)))
    if low == high:
        high = low + max(1.0, abs(low))
    prior = None
    if scale is not Scale.REVERSE_LOG and draw(st.booleans()):
        prior = Normal(draw(st.floats(-10, 10)), draw(st.floats(0.01, 10)))
        if draw(st.booleans()):
            low = 0.0 if scale is Scale.LOG else -float("inf")
        if draw(st.booleans()):
            high = float("inf")
    step = draw(st.none() | st.floats(0.1, 1.0)) if high - low >= 1 else None
    origin = draw(st.none() | FINITE) if step is None else draw(st.sampled_from([None, 0.0]))
    if origin == 0.0 and step is not None and high < 0:
        origin = None
    return Double(name, low, high, scale, step, origin, prior, when)


@st.composite
def integers(draw: st.DrawFn, name: str, when: Condition | None) -> Integer:
    scale = draw(st.sampled_from(list(Scale)))
    low = draw(st.integers(-1000 if scale is Scale.LINEAR else 1, 1000))
    high = low + draw(st.integers(0, 1000))
    return Integer(name, low, high, scale, draw(st.integers(1, 7)), when)


@st.composite
def discretes(draw: st.DrawFn, name: str, when: Condition | None) -> Discrete:
    numbers = st.integers(1, 2**53) | POSITIVE
    choices = draw(st.lists(numbers, min_size=1, max_size=5, unique_by=float))
    scale = draw(st.none() | st.sampled_from(list(Scale)))
    texts = st.lists(ANY_TEXT, min_size=len(choices), max_size=len(choices))
    return Discrete(name, choices, scale, draw(st.none() | texts), when)


@st.composite
def categoricals(draw: st.DrawFn, name: str, when: Condition | None) -> Categorical:
    values = st.booleans() | st.integers(-(2**53), 2**53) | FINITE | ANY_TEXT
    unique = st.lists(values, min_size=1, max_size=5, unique_by=lambda value: (type(value), value))
    choices = draw(unique)
    texts = st.lists(ANY_TEXT, min_size=len(choices), max_size=len(choices))
    return Categorical(name, choices, draw(st.none() | texts), when)


def conditions(parent: Parameter) -> st.SearchStrategy[Condition]:
    equal = st.sampled_from([Comparison.EQUAL, Comparison.NOT_EQUAL])
    member = st.sampled_from([Comparison.IN, Comparison.NOT_IN])
    if isinstance(parent, Discrete | Categorical):
        choices = st.sampled_from(list(parent.choices))
        several = st.lists(choices, min_size=1, max_size=3).map(tuple)
        return st.builds(Condition, st.just(parent.name), equal, choices.map(lambda c: (c,))) | (
            st.builds(Condition, st.just(parent.name), member, several)
        )
    ordered = st.sampled_from(
        [
            Comparison.LESS,
            Comparison.LESS_OR_EQUAL,
            Comparison.GREATER,
            Comparison.GREATER_OR_EQUAL,
        ]
    )
    numbers = (st.integers(-1000, 1000) | FINITE).map(lambda number: (number,))
    return st.builds(Condition, st.just(parent.name), ordered, numbers)


@st.composite
def spaces(draw: st.DrawFn) -> SearchSpace:
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique_by=_as_variable))
    parameters: list[Parameter] = []
    for name in names:
        when = None
        if draw(st.booleans()) and parameters:
            when = draw(conditions(draw(st.sampled_from(parameters))))
        make: Any = draw(st.sampled_from([doubles, integers, discretes, categoricals]))
        try:
            parameters.append(draw(make(name, when)))
        except InvalidInput:  # A prior far outside its range, for example.
            reject()
    relations = []
    if "`" not in names[0] and draw(st.booleans()):
        relations.append(f"`{names[0]}` == `{names[0]}`")
    if any(isinstance(parameter, Double) for parameter in parameters[:1]):
        relations = [f"`{names[0]}` <= 1e300"] if relations else []
    try:
        return SearchSpace(parameters, relations)
    except InvalidInput:
        reject()


def _as_variable(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name.upper())


@st.composite
def programs(draw: st.DrawFn) -> Program:
    words = draw(st.lists(ANY_TEXT, max_size=4))
    kind = draw(st.sampled_from(["argv", "shell", "module"]))
    if kind == "argv":
        return Argv((draw(WORDS), *words))
    if kind == "shell":
        return Shell(draw(WORDS))
    module = draw(st.from_regex(r"[a-z_][a-z0-9_]{0,5}(\.[a-z][a-z0-9]{0,5}){0,2}", fullmatch=True))
    return PythonModule(module, tuple(words))


TIMES = st.integers(0, 100)
RETRY_ON = st.builds(
    RetryOn,
    timeout=TIMES,
    start_error=TIMES,
    no_metric=TIMES,
    exit=st.builds(
        ExitRetries, times=TIMES, codes=st.lists(st.integers(1, 255), max_size=2).map(tuple)
    ),
)
LIMITS = st.builds(
    Limits,
    trials=st.integers(1, 10_000),
    parallel=st.integers(1, 10_000),
    failed=st.just(1) | st.none(),
    timeout_s=st.none() | st.floats(1e-3, 1e9),
    trial_timeout_s=st.none() | st.floats(1e-3, 1e9),
    retries=TIMES,
    retry_on=st.just(RetryOn()) | RETRY_ON,
    failed_at_least=st.integers(0, 100),
    failed_share=st.floats(0, 1),
    no_progress_s=st.none() | st.floats(1e-3, 1e9),
    cost=st.none() | st.floats(1e-3, 1e9),
    target=st.none() | FINITE,
    patience=st.none() | st.integers(1, 10_000),
    improvement=st.none() | st.just("auto") | st.floats(1e-9, 1e9),
)
PATHS = st.from_regex(r"[a-zA-Z0-9 _.-]{1,8}", fullmatch=True).map(lambda path: f"/{path}")
RESOURCES = st.builds(
    Resources,
    cpus=st.none() | st.floats(0.1, 128),
    gpus=st.none() | st.integers(0, 16),
    memory_mb=st.none() | st.integers(1, 10**6),
    machine=st.none() | st.sampled_from(["standard_gpu", "n1-standard-8", "1.5", "my box"]),
)
LITERALS = (
    st.builds(Literal, st.booleans() | st.integers(-(2**53), 2**53) | FINITE | ANY_TEXT, ANY_TEXT)
    | ANY_TEXT.map(lambda text: Literal(text, text))
    | st.sampled_from([Literal(0.1, "0.10"), Literal(True, "true"), Literal(1000, "1_000")])
)
CONSTANT_NAMES = st.from_regex(r"zz_[a-z0-9]{1,6}", fullmatch=True)
PASSINGS = st.builds(
    Passing,
    append=st.booleans(),
    constants=st.dictionaries(CONSTANT_NAMES, LITERALS, max_size=2),
    file=st.none() | st.just("openbayes_params.json"),
    variable_prefixes=st.sampled_from([(), ("AZUREML_SWEEP_",), ("A_", "B_")]),
)
DATA_NAMES = st.from_regex(r"[a-z][a-z0-9]{0,6}", fullmatch=True)
LAUNCHES = st.builds(
    LaunchSpec,
    program=programs(),
    passing=PASSINGS,
    inputs=st.dictionaries(
        DATA_NAMES,
        LITERALS
        | st.builds(DataInput, st.sampled_from(DataKind), PATHS | st.just("gs://bucket/data")),
        max_size=2,
    ),
    outputs=st.dictionaries(DATA_NAMES, st.sampled_from(DataKind), max_size=2),
    code=st.builds(
        CodeSpec,
        root=PATHS,
        exclude=st.lists(WORDS, max_size=2).map(tuple),
        link=st.sampled_from([(), ("data",), ("data/big", "models")]),
    ),
    job_dir=st.none() | PATHS | st.just("gs://bucket/folder"),
    env=st.dictionaries(KEYS, ANY_TEXT, max_size=3),
    python=st.none() | PATHS | st.just("python3.12"),
    resources=RESOURCES,
    stdout_pattern=st.none() | st.just(r"(?P<metric>\w+)=(?P<value>\S+)"),
    event_dirs=st.sampled_from([(), ("/logs/${trial}", "/more/${trial}/x")]),
)
OPTIONS = st.dictionaries(ANY_TEXT | st.sampled_from(["name", "rule", "options"]), JSON, max_size=3)
OBJECTIVES = st.builds(
    Objective,
    metric=WORDS,
    goal=st.sampled_from(list(Goal)),
    use=st.sampled_from([Use.LAST, Use.BEST]),
) | st.builds(
    Objective,
    metric=WORDS,
    goal=st.sampled_from(list(Goal)),
    use=st.just(Use.MEAN_OF_LAST),
    window=st.integers(1, 100),
)


def preferences(space: SearchSpace) -> st.SearchStrategy[tuple[Preference, ...]]:
    """At most one of each parameter that the space has."""
    wanted = [
        st.builds(
            Preference,
            st.just(parameter.name),
            st.lists(st.sampled_from(list(parameter.choices)), min_size=1, max_size=2).map(tuple)
            if isinstance(parameter, Categorical)
            else st.sampled_from(list(End)),
        )
        for parameter in space.parameters
    ]
    return st.none().map(lambda _: ()) | st.tuples(*wanted)


SPACES = st.shared(spaces(), key="space")
_IN_ORDER_OF_COMPLETION = st.builds(
    JobSpec,
    space=SPACES,
    prefer=SPACES.flatmap(preferences),
    objectives=OBJECTIVES.map(lambda objective: (objective,)),
    limits=LIMITS,
    launch=LAUNCHES,
    algorithm=st.builds(
        AlgorithmSpec,
        name=WORDS.filter(lambda name: name != "grid"),
        options=OPTIONS,
        repeats=st.booleans(),
    ),
    stopping=st.none() | st.builds(StoppingSpec, rule=WORDS, options=OPTIONS),
    failures=st.sampled_from(list(FailurePolicy)),
    side_metrics=st.lists(WORDS, max_size=2).map(tuple),
    seed=st.integers(0, 2**63 - 1),
    name=st.none() | st.from_regex(r"[a-z0-9][\w.-]{0,20}", fullmatch=True),
    description=st.none() | WORDS,
    labels=st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=3),
)
METRIC_LIMITS = st.lists(
    st.builds(MetricLimit, metric=WORDS, at_most=FINITE), max_size=2
) | st.lists(st.builds(MetricLimit, metric=WORDS, at_least=FINITE), max_size=2)
_SEVERAL = st.builds(
    lambda spec, objectives, kept: replace(
        spec,
        objectives=tuple(objectives),
        metric_limits=tuple(kept),
        stopping=None,
        limits=replace(spec.limits, target=None, improvement=None),
    ),
    _IN_ORDER_OF_COMPLETION,
    st.lists(OBJECTIVES, min_size=1, max_size=4, unique_by=lambda each: each.metric),
    METRIC_LIMITS,
)
SPECS = (
    _IN_ORDER_OF_COMPLETION
    | _IN_ORDER_OF_COMPLETION.map(lambda spec: replace(spec, stopping=None, order=Order.LOGICAL))
    | _SEVERAL
)
