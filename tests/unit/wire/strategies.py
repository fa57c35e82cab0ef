"""Job specs and events of every shape, for property tests."""

from dataclasses import replace

from hypothesis import strategies as st

from dowse.domain.conditions import Comparison, Condition
from dowse.domain.events import (
    Event,
    IntentChanged,
    JobChanged,
    JobSubmitted,
    Noted,
    PromotionDecided,
    StopDecided,
    SuggesterStarted,
    TrialChanged,
    TrialDeleted,
    TrialSuggested,
)
from dowse.domain.expected import Expected
from dowse.domain.job import Intent, JobState
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal, Objective, Use
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter, Value
from dowse.domain.preferences import End, Preference
from dowse.domain.reasons import Reason
from dowse.domain.retries import ExitRetries, RetryOn
from dowse.domain.scales import Normal, Scale
from dowse.domain.space import SearchSpace
from dowse.domain.spec import (
    AlgorithmSpec,
    Argv,
    CodeSpec,
    DataInput,
    DataKind,
    External,
    FailurePolicy,
    JobSpec,
    LaunchSpec,
    Limits,
    Literal,
    Order,
    Passing,
    PythonModule,
    Resources,
    Shell,
    StoppingSpec,
)
from dowse.domain.trial import TrialState

ODD_WORDS = ("NaN", "Infinity", "-Infinity")

texts = st.text(max_size=12)
names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
finite = st.floats(allow_nan=False, allow_infinity=False)
# NaN is left out because it is not equal to itself; its own tests compare by `repr`.
numbers = st.floats(allow_nan=False)
values: st.SearchStrategy[Value] = st.one_of(st.booleans(), st.integers(), finite, texts)

free_texts = texts.filter(lambda text: text not in ODD_WORDS)
free_objects = st.dictionaries(
    texts,
    st.recursive(
        st.none() | st.booleans() | st.integers() | numbers | free_texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=3,
)


@st.composite
def doubles(draw: st.DrawFn, name: str, when: Condition | None) -> Double:
    scale = draw(st.sampled_from(Scale))
    low = draw(st.floats(1e-6, 1e3) if scale is not Scale.LINEAR else st.floats(-1e3, 1e3))
    width = draw(st.floats(0, 1e3))
    # A bell that is wider than the range reaches it, on every scale.
    prior = draw(st.none() | st.builds(Normal, st.floats(-10, 10), st.floats(1e3, 1e4)))
    step = draw(st.none() | st.floats(0.01, 10))
    origin = low if step is not None and draw(st.booleans()) else None
    return Double(
        name, low, low + width, scale=scale, step=step, origin=origin, prior=prior, when=when
    )


@st.composite
def integers(draw: st.DrawFn, name: str, when: Condition | None) -> Integer:
    low = draw(st.integers(1, 2**40))
    return Integer(
        name,
        low,
        low + draw(st.integers(0, 2**40)),
        scale=draw(st.sampled_from(Scale)),
        step=draw(st.integers(1, 5)),
        when=when,
    )


@st.composite
def discretes(draw: st.DrawFn, name: str, when: Condition | None) -> Discrete:
    choices = draw(
        st.lists(st.integers(1, 9**9) | st.floats(0.001, 1e9), min_size=1, max_size=5, unique=True)
    )
    written = draw(st.none() | st.just([f"0{choice}" for choice in choices]))
    scale = draw(st.none() | st.sampled_from(Scale))
    return Discrete(name, choices, scale=scale, texts=written, when=when)


@st.composite
def categoricals(draw: st.DrawFn, name: str, when: Condition | None) -> Categorical:
    def kind_and_value(choice: Value) -> tuple[str, Value]:
        return type(choice).__name__, choice

    choices = draw(st.lists(values, min_size=1, max_size=5, unique_by=kind_and_value))
    written = draw(st.none() | st.just([str(choice) for choice in choices]))
    return Categorical(name, choices, texts=written, when=when)


@st.composite
def spaces(draw: st.DrawFn) -> SearchSpace:
    parameters: list[Parameter] = []
    for name in draw(st.lists(names, min_size=1, max_size=5, unique=True)):
        when = None
        parents = [each for each in parameters if isinstance(each, Categorical | Integer)]
        if parents:
            when = draw(st.none() | st.sampled_from(parents).flatmap(conditions))
        kinds = (doubles(name, when), integers(name, when), discretes(name, when))
        parameters.append(draw(st.one_of(*kinds, categoricals(name, when))))
    # `>= 1` holds of whole numbers from 1 on, in whichever units.
    numeric = [each.name for each in parameters if isinstance(each, Integer) and each.when is None]
    return SearchSpace(parameters, [f"{name} >= 1" for name in numeric])


@st.composite
def conditions(draw: st.DrawFn, parent: Categorical | Integer) -> Condition:
    if isinstance(parent, Integer):
        order = [Comparison.LESS, Comparison.GREATER_OR_EQUAL, Comparison.EQUAL]
        return Condition(parent.name, draw(st.sampled_from(order)), (parent.min,))
    if draw(st.booleans()):
        return Condition(parent.name, Comparison.IN, tuple(parent.choices))
    return Condition(parent.name, Comparison.NOT_EQUAL, (parent.choices[0],))


objectives = st.builds(
    Objective,
    metric=texts.filter(bool),
    goal=st.sampled_from(Goal),
    use=st.sampled_from(Use),
    window=st.integers(1, 9),
)
seconds = st.none() | st.floats(0.001, 1e9)
times = st.integers(0, 100)
retry_on = st.builds(
    RetryOn,
    timeout=times,
    start_error=times,
    no_metric=times,
    exit=st.builds(
        ExitRetries, times=times, codes=st.lists(st.integers(1, 255), max_size=2).map(tuple)
    ),
)
preferences = st.builds(
    Preference,
    texts,
    st.sampled_from(End) | st.lists(values, min_size=1, max_size=3).map(tuple),
)
limits = st.builds(
    Limits,
    trials=st.none() | st.integers(1, 10**6),
    parallel=st.integers(1, 10_000),
    failed=st.none() | st.integers(1, 100),
    timeout_s=seconds,
    trial_timeout_s=seconds,
    retries=times,
    retry_on=retry_on,
    failed_at_least=st.integers(0, 100),
    failed_share=st.floats(0, 1),
    no_progress_s=seconds,
    cost=st.none() | st.floats(0.01, 1e6),
    target=st.none() | st.floats(-1e6, 1e6),
    patience=st.none() | st.integers(1, 100),
    improvement=st.none() | st.just("auto") | st.floats(1e-9, 1e3),
)
text_tuples = st.lists(texts, max_size=3).map(tuple)
programs = st.one_of(
    st.builds(Argv, text_tuples),
    st.builds(Shell, texts),
    st.builds(PythonModule, texts, text_tuples),
    st.just(External()),
)
literals = st.builds(Literal, values, texts)
passings = st.builds(
    Passing,
    append=st.booleans(),
    constants=st.dictionaries(texts, literals, max_size=2),
    names=st.dictionaries(texts, texts, max_size=2),
    composed=text_tuples,
    file=st.none() | texts,
    variable_prefixes=text_tuples,
)
data_inputs = st.builds(DataInput, st.sampled_from(DataKind), texts)
launches = st.builds(
    LaunchSpec,
    program=programs,
    code=st.builds(CodeSpec, root=st.none() | texts, exclude=text_tuples, link=text_tuples),
    packages=text_tuples,
    passing=passings,
    inputs=st.dictionaries(texts, literals | data_inputs, max_size=2),
    outputs=st.dictionaries(texts, st.sampled_from(DataKind), max_size=2),
    job_dir=st.none() | texts,
    env=st.dictionaries(texts, texts, max_size=3),
    pass_all_env=st.booleans(),
    python=st.none() | texts,
    resources=st.builds(
        Resources,
        cpus=st.none() | st.floats(0.1, 64),
        gpus=st.none() | st.integers(0, 8),
        memory_mb=st.none() | st.integers(1, 10**6),
        machine=st.none() | texts,
    ),
    stdout_pattern=st.none() | texts,
    event_dirs=text_tuples,
)
in_order_of_completion = st.builds(
    JobSpec,
    space=spaces(),
    objectives=st.tuples(objectives),
    limits=limits,
    launch=launches,
    algorithm=st.builds(AlgorithmSpec, name=names, options=free_objects, repeats=st.booleans()),
    stopping=st.none()
    | st.builds(
        StoppingSpec, rule=names, options=free_objects, controls=st.none() | st.floats(0, 1)
    ),
    failures=st.sampled_from(FailurePolicy),
    side_metrics=text_tuples,
    prefer=st.lists(preferences, max_size=2).map(tuple),
    seed=st.integers(0, 2**64),
    name=st.none() | names,
    description=st.none() | texts,
    labels=st.dictionaries(texts, texts, max_size=3),
    dialect=names,
    document=texts,
    warnings=text_tuples,
)
finite = st.floats(allow_nan=False, allow_infinity=False)
metric_limits = st.lists(
    st.builds(MetricLimit, metric=texts, at_most=finite), max_size=2
) | st.lists(st.builds(MetricLimit, metric=texts, at_least=finite), max_size=2)
several = st.builds(
    lambda spec, others, kept: replace(
        spec,
        objectives=(*spec.objectives, *others),
        metric_limits=tuple(kept),
        stopping=None,
        limits=replace(spec.limits, target=None, improvement=None),
    ),
    in_order_of_completion,
    st.lists(objectives, max_size=3),
    metric_limits,
)
specs: st.SearchStrategy[JobSpec] = (
    in_order_of_completion
    | in_order_of_completion.map(lambda spec: replace(spec, stopping=None, order=Order.LOGICAL))
    | several
)

counts = st.integers(1, 2**31)
reasons = st.none() | st.sampled_from(Reason)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(JobSubmitted, dialect=texts, warnings=text_tuples),
    st.builds(
        JobChanged,
        before=st.sampled_from(JobState),
        after=st.sampled_from(JobState),
        reason=reasons,
        message=texts,
    ),
    st.builds(
        IntentChanged,
        before=st.sampled_from(Intent),
        after=st.sampled_from(Intent),
        reason=reasons,
    ),
    st.builds(
        TrialSuggested,
        trial=counts,
        parameters=st.dictionaries(names, values, max_size=4),
        why=free_objects,
        known_event=counts,
        asked=counts,
    ),
    st.builds(SuggesterStarted, versions=st.dictionaries(texts, texts, max_size=3)),
    st.builds(TrialDeleted, trial=counts),
    st.builds(
        TrialChanged,
        trial=counts,
        attempt=counts,
        before=st.sampled_from(TrialState),
        after=st.sampled_from(TrialState),
        reason=reasons,
        message=texts,
        objective=st.none() | numbers,
        further=st.dictionaries(texts, numbers, max_size=2),
    ),
    st.builds(
        StopDecided,
        trial=counts,
        attempt=counts,
        rule=names,
        message=texts,
        numbers=free_objects,
        report=counts,
        seen=st.dictionaries(counts, counts, max_size=3),
        pause=st.booleans(),
        expected=st.none()
        | st.builds(
            Expected,
            value=st.floats(allow_nan=False, allow_infinity=False),
            sd=st.floats(0.0, allow_infinity=False),
        ),
    ),
    st.builds(
        PromotionDecided,
        trial=counts,
        attempt=counts,
        rule=names,
        message=texts,
        numbers=free_objects,
        seen=st.dictionaries(counts, counts, max_size=3),
    ),
    st.builds(Noted, message=texts, trial=st.none() | counts),
)
