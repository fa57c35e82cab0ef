"""Whatever is handed over: a reading, or InvalidInput with words; nothing else ever comes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dowse.dialects.ai_platform.schema import SCHEMA
from dowse.dialects.azure_ml.distributions import KEYS as DISTRIBUTIONS
from dowse.dialects.azure_ml.schema import SCHEMA as AZURE_SCHEMA
from dowse.dialects.documents import read_text
from dowse.dialects.native import keys
from dowse.dialects.openbayes.schema import SCHEMA as OPENBAYES_SCHEMA
from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import DIALECTS, read
from dowse.errors import InvalidInput

GOLDEN = Path(__file__).parents[2] / "golden" / "dialects"
TEXTS = [
    read_text(path)
    for group in ("any", "ai_platform", "native", "openbayes", "azure_ml")
    for path in sorted((GOLDEN / group).iterdir())
    if path.suffix != ".expected"
]
CONTEXT = ReadContext(folder="/jobs", file="job", module_name="trainer.task")
PLAIN = ReadContext(folder="/jobs", file="job")

SPICE = st.one_of(
    st.sampled_from("\t\n{}[]\"'|#\\\x85\u2028\ufeff`@~\ud7ff"),
    st.sampled_from(["  ", "- ", ": ", ">-", "&a ", "*a", "!!x ", "? ", "<<: ", "---\n", "...\n"]),
    st.sampled_from(["null", "true", "1e999", "-.inf", ".nan", "0x", "0o17", "1_0", "9" * 80]),
    st.sampled_from(["%YAML 1.1\n", "${x}"]),
)
FUZZ = settings(
    max_examples=80,
    suppress_health_check=[HealthCheck.data_too_large],
)


def check(source: str | Mapping[str, Any], context: ReadContext, dialect: str | None) -> None:
    problems = None
    try:
        reading = read(source, context=context, dialect=dialect)
    except InvalidInput as error:
        problems = error.problems
    if problems is None:
        assert reading.spec.space.parameters
    else:
        assert problems
        assert all(problem.message for problem in problems)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        stop = min(len(text), start + draw(st.integers(0, 6)))
        text = text[:start] + draw(SPICE | st.text(max_size=3)) + text[stop:]
    return text


ALL_KEYS = sorted(
    {key for message in SCHEMA.values() for key in message}
    | {*keys.ROOT, *keys.METRIC, *keys.LIMITS, *keys.RESOURCES, *keys.CODE, *keys.CONDITION}
    | {key for names in keys.PARAMETER.values() for key in names}
    | {"value", "mean_of_last", "options", "rule"}
)
WORDS = sorted(
    {"DOUBLE", "INTEGER", "DISCRETE", "CATEGORICAL", "UNIT_LOG_SCALE", "MAXIMIZE", "maximize"}
    | {*keys.PARAMETER, "log", "reverse_log", "grid", "a", "a > 1", 'a == "x"', "${a}", "2h", "4GB"}
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**80), 10**80)
    | st.integers(-3, 3)
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(max_size=4)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*ALL_KEYS, "a", "b"]), inner, max_size=6)
    ),
    max_leaves=25,
)


def mapping(names: tuple[str, ...] | list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(sorted(names)), VALUES, max_size=8)


def optional(*required: str, keys: Iterable[str]) -> dict[str, st.SearchStrategy[Any]]:
    return {key: VALUES for key in keys if key not in required}


PARAMETER = st.sampled_from(sorted(keys.PARAMETER)).flatmap(
    lambda kind: st.fixed_dictionaries(
        {"type": st.just(kind)},
        optional={key: VALUES for key in keys.PARAMETER[kind] if key != "type"},
    )
)
PARAMETER_SPEC = st.fixed_dictionaries(
    {
        "parameterName": st.sampled_from(["a", "b", "", "c=d"]),
        "type": st.sampled_from(["DOUBLE", "INTEGER", "DISCRETE", "CATEGORICAL"]),
    },
    optional={
        "minValue": SCALARS,
        "maxValue": SCALARS,
        "discreteValues": st.lists(SCALARS, max_size=4) | SCALARS,
        "categoricalValues": st.lists(SCALARS, max_size=4) | SCALARS,
        "scaleType": st.sampled_from(["NONE", "UNIT_LOG_SCALE", "UNIT_REVERSE_LOG_SCALE", 3]),
    },
)
NATIVE = st.fixed_dictionaries(
    {
        "command": st.just("python train.py"),
        "metric": st.just("loss"),
        "goal": st.just("minimize"),
        "parameters": st.dictionaries(
            st.sampled_from(["a", "b", "c"]), PARAMETER | VALUES, min_size=1, max_size=3
        ),
    },
    optional={
        "limits": mapping(keys.LIMITS),
        "constraints": st.lists(st.sampled_from(["a > 1", "a < b", "b in [1]", "x", "a %"])),
        "algorithm": VALUES,
        "early_stopping": VALUES,
        "code": mapping(keys.CODE),
        "resources": mapping(keys.RESOURCES),
        "env": st.dictionaries(st.text(max_size=3), SCALARS, max_size=2),
        "event_dirs": VALUES,
    },
)
GOOGLE = st.fixed_dictionaries(
    {
        "hyperparameters": st.fixed_dictionaries(
            {"params": st.lists(PARAMETER_SPEC | VALUES, min_size=1, max_size=3)},
            optional={key: SCALARS for key in SCHEMA["HyperparameterSpec"] if key != "params"},
        )
    },
    optional={key: VALUES for key in SCHEMA["TrainingInput"] if key != "hyperparameters"},
)


OPENBAYES = st.fixed_dictionaries(
    {
        "command": st.sampled_from(["python t.py", "cd x && python t.py", ["a"], "'", "a &"]),
        "hyper_tuning": st.fixed_dictionaries(
            {"parameter_specs": st.lists(VALUES, max_size=3)},
            optional=optional("parameter_specs", keys=OPENBAYES_SCHEMA["HyperTuning"]),
        ),
    },
    optional=optional("command", "hyper_tuning", keys=OPENBAYES_SCHEMA["Root"]),
)
DISTRIBUTION = st.sampled_from(sorted(DISTRIBUTIONS)).flatmap(
    lambda kind: st.fixed_dictionaries(
        {"type": st.just(kind)},
        optional={
            key: SCALARS | st.lists(SCALARS, max_size=4) for key in (*DISTRIBUTIONS[kind], "spec")
        },
    )
)
NESTED = st.recursive(
    DISTRIBUTION | SCALARS,
    lambda inner: st.lists(
        st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3) | SCALARS, max_size=3
    ).map(lambda values: {"type": "choice", "values": values}),
    max_leaves=8,
)
TEMPLATES = [
    "${{search_space.a}}",
    "{inputs.b}",
    "${{ outputs.a }}",
    "$[[${{inputs.a}}]]",
    "|",
    "'",
]
AZURE = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["sweep", "Sweep", "pipeline", "sweep_job"]),
        "trial": st.fixed_dictionaries(
            {"command": st.lists(st.sampled_from(["python", *TEMPLATES])).map(" ".join)},
            optional=optional("command", keys=AZURE_SCHEMA["Trial"]),
        )
        | VALUES,
        "search_space": st.dictionaries(st.sampled_from(["a", "b", "c"]), NESTED, max_size=3),
        "objective": st.just({"goal": "maximize", "primary_metric": "x"}),
        "limits": mapping([*AZURE_SCHEMA["Limits"], "timeout_minutes"]),
    },
    optional={
        **optional(
            *("type", "trial", "search_space", "objective", "limits"), keys=AZURE_SCHEMA["Sweep"]
        ),
        "sampling_algorithm": mapping(list(AZURE_SCHEMA["Sampling"])) | st.just("random"),
        "inputs": st.dictionaries(
            st.sampled_from("ab"), mapping(list(AZURE_SCHEMA["Input"])) | SCALARS, max_size=2
        ),
        "jobs": VALUES,
        "timeout_minutes": SCALARS,
    },
)
REST = st.fixed_dictionaries(
    {
        "jobType": st.just("Sweep"),
        "searchSpace": st.dictionaries(st.sampled_from(["a", "b"]), VALUES, max_size=2),
        "trial": st.just({"command": "python t.py"}) | VALUES,
    },
    optional={"limits": VALUES, "samplingAlgorithm": VALUES, "inputs": VALUES, "outputs": VALUES},
).map(lambda properties: {"properties": properties})


@FUZZ
@given(st.text(max_size=200) | st.lists(SPICE, max_size=25).map("".join))
def test_any_text(text: str) -> None:
    check(text, PLAIN, None)


@FUZZ
@given(mutated(), st.sampled_from([None, *DIALECTS]))
def test_a_document_with_a_few_letters_changed(text: str, dialect: str | None) -> None:
    check(text, CONTEXT, dialect)
    check(text, PLAIN, dialect)


@FUZZ
@given(mapping(ALL_KEYS), st.sampled_from([None, *DIALECTS]))
def test_known_keys_with_any_value(source: dict[str, Any], dialect: str | None) -> None:
    check(source, PLAIN, dialect)


@FUZZ
@given(NATIVE)
def test_a_native_job_with_odd_values(source: dict[str, Any]) -> None:
    check(source, PLAIN, "native")


@FUZZ
@given(GOOGLE)
def test_a_google_job_with_odd_values(source: dict[str, Any]) -> None:
    check(source, CONTEXT, "ai_platform")


@FUZZ
@given(OPENBAYES)
def test_an_openbayes_job_with_odd_values(source: dict[str, Any]) -> None:
    check(source, PLAIN, "openbayes")


@FUZZ
@given(AZURE | REST)
def test_a_sweep_job_with_odd_values(source: dict[str, Any]) -> None:
    check(source, PLAIN, "azure_ml")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        "{" * 200_000,
        "{'a': " * 30_000,
        "- " * 100_000,
        "a: " + "-" * 200_000,
        "{" + "-" * 100_000 + "1: 2}",
        "a: " + "9" * 200_000,
        "? " * 50_000,
        "'" * 100_001,
        "\\" * 100_000,
        '{"a": "' + "\\ud83d" * 30_000 + '"}',
    ],
    ids=range(11),
)
def test_a_hostile_text_is_refused_in_time(text: str) -> None:
    with pytest.raises(InvalidInput):
        read(text, context=PLAIN)


def test_thousands_of_mistakes_are_reported_as_a_hundred() -> None:
    text = "metric: loss\n" + "".join(f"k{count}: 1\n" for count in range(5_000))
    with pytest.raises(InvalidInput) as caught:
        read(text, context=PLAIN)
    assert len(caught.value.problems) == 101
