"""A job in every dialect: what can be said comes back, and what cannot is listed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from dowse.dialects.documents import read_text
from dowse.dialects.native.writer import native_tree
from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import DIALECTS, read
from dowse.dialects.rendering import WRITERS, differences, render
from dowse.domain.confirmation import Confirmation, Entrant, algorithm_of
from dowse.domain.parameters import Categorical, Double, Integer
from dowse.domain.scales import Normal
from dowse.domain.space import SearchSpace
from dowse.domain.spec import Argv, JobSpec, StoppingSpec
from dowse.errors import InvalidInput, Refused
from tests.golden.dialects.test_documents import previous
from tests.unit.dialects.specs import SPECS

GOLDEN = Path(__file__).parents[2] / "golden" / "dialects"
SAYS_MORE = {"sampling-with-extras"}  # Azure has a seed for random sampling only.


def context(dialect: str) -> ReadContext:
    module = "trainer.task" if dialect == "ai_platform" else None
    return ReadContext(folder="/jobs/one", module_name=module, previous=previous)


DOCUMENTS = [
    path
    for dialect in ("ai_platform", "openbayes", "azure_ml")
    for path in sorted((GOLDEN / dialect).iterdir())
    if path.suffix != ".expected"
    and path.stem not in SAYS_MORE
    and path.with_name(path.name + ".expected").read_text(encoding="utf-8").startswith("read\n")
]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_document_is_rendered_back_in_its_own_dialect_without_a_loss(path: Path) -> None:
    dialect = path.parent.name
    spec = read(read_text(path), context=context(dialect)).spec
    rendering = render(spec, dialect)
    assert rendering.unsaid == ()
    again = read(rendering.text, context=context(dialect), dialect=dialect).spec
    assert list(differences(native_tree(spec), native_tree(again))) == []


def iris() -> JobSpec:
    return read(read_text(GOLDEN / "azure_ml" / "iris.yaml"), context=context("azure_ml")).spec


@pytest.mark.parametrize("dialect", WRITERS)
def test_a_job_that_confirms_has_no_document_and_says_what_to_type(dialect: str) -> None:
    before = read(
        "command: x\nmetric: m\ngoal: maximize\nparameters: {a: [1, 2]}\n",
        context=ReadContext(folder=None),
    ).spec
    entrants = tuple(Entrant(trial=k, parameters={"a": k}, value=0.5) for k in (1, 2))
    wanted = Confirmation(job="digits", entrants=entrants, seeds=4, seed_flag="seed")
    with pytest.raises(Refused) as refused:
        render(replace(before, algorithm=algorithm_of(wanted)), dialect)
    assert str(refused.value) == (
        "this job runs the best configurations of digits again, which no document can ask for; "
        "begin another one like it with: dowse confirm digits --top 2 --seeds 4 --seed-flag seed"
    )


def test_there_is_a_writer_for_every_dialect() -> None:
    assert set(WRITERS) == set(DIALECTS)
    assert render(iris(), "azure-ml") == render(iris(), "azure_ml")
    with pytest.raises(InvalidInput, match="there is no dialect 'azure'; did you mean azure_ml"):
        render(iris(), "azure")


def test_a_job_reads_as_people_write_it() -> None:
    spec = replace(iris(), launch=replace(iris().launch, program=Argv(("python", "main.py"))))
    assert render(spec, "openbayes").text == (
        "resource: cpu-cluster\n"
        "command: python main.py\n"
        "hyper_tuning:\n"
        "  max_job_count: 20\n"
        "  parallel_count: 10\n"
        "  hyperparameter_metric: test-multi_logloss\n"
        "  goal: MINIMIZE\n"
        "  algorithm: Random\n"
        "  on_failure: continue\n"
        "  parameter_specs:\n"
        "  - name: learning_rate\n"
        "    type: DOUBLE\n"
        "    min_value: 0.01\n"
        "    max_value: 0.9\n"
        "    scale_type: UNIT_LINEAR_SCALE\n"
        "  - name: boosting\n"
        "    type: CATEGORICAL\n"
        "    categorical_values: [gbdt, dart]\n"
    )


def test_what_a_dialect_cannot_say_is_listed() -> None:
    spec = replace(
        iris(),
        space=SearchSpace(
            [
                Double("lr", 0.0, float("inf"), scale="log", prior=Normal(0.0, 1.0)),
                Integer("n", 4, 16, step=4),
                Categorical("c", ["a", "b"]),
            ],
            ["n > 4"],
        ),
        stopping=StoppingSpec(rule="bandit", options={"slack_factor": 0.1}),
        seed=3,
        launch=replace(iris().launch, program=Argv(("python", "main.py"))),
    )
    unsaid = render(spec, "ai-platform").unsaid
    assert 'constraints: ["n > 4"] is left out' in unsaid
    assert "early_stopping: {rule: bandit, slack_factor: 0.1} becomes auto" in unsaid
    assert "seed: 3 is left out" in unsaid
    step = "{type: integer, min: 4, max: 16, step: 4}"
    assert f"parameters.n: {step} becomes [4, 8, 12, 16]" in unsaid
    assert any(line.startswith("parameters.lr.mu: 0.0 is left out") for line in unsaid)
    assert render(spec, "native").unsaid == ()


def test_options_that_a_policy_has_not_are_left_out_by_name() -> None:
    options = {"delay_evaluation": 5, "min_trials": 4}
    spec = replace(iris(), stopping=StoppingSpec(rule="median", options=options))
    assert render(spec, "azure_ml").unsaid == (
        "early_stopping.min_trials: 4 becomes 1",
        "early_stopping.evaluation_interval: becomes 1",
        "early_stopping.compared_with: becomes all",
    )


def test_places_that_a_service_appends_itself_are_left_to_it() -> None:
    words = ("python", "t.py", "--lr", "${lr}", "--n=${n}", "--m", "${n}", "--o=${lr}", "$${x}")
    space = SearchSpace([Double("lr", 0.1, 1.0), Integer("n", 1, 9)])
    spec = replace(iris(), space=space, launch=replace(iris().launch, program=Argv(words)))
    text = render(spec, "openbayes").text
    assert """command: "python t.py --m '${n}' '--o=${lr}' '${x}'"\n""" in text


def test_parameters_without_a_place_get_one_where_nothing_is_appended() -> None:
    text = "command: python t.py -l ${lr} 'a b'\nmetric: x\ngoal: minimize\n"
    text += "parameters: {lr: {type: uniform, min: 0, max: 1}, n: [1, 2]}\nlimits: {trials: 20}\n"
    spec = read(text, context=ReadContext(folder="/jobs")).spec
    line = "python t.py -l ${{search_space.lr}} 'a b' --n=${{search_space.n}}"
    assert f'  command: "{line}"\n' in render(spec, "azure_ml").text


@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.data_too_large],
)
@given(SPECS)
def test_any_job_is_rendered_in_any_dialect(spec: JobSpec) -> None:
    assert render(spec, "native").unsaid == ()
    for dialect in WRITERS:
        rendering = render(spec, dialect)
        assert rendering.text.endswith("\n")
        assert all(line for line in rendering.unsaid)
