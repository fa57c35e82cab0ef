import sys
from pathlib import Path
from typing import Any

import pytest

from dowse import catalog
from dowse.domain.spec import AlgorithmSpec, StoppingSpec
from dowse.errors import InvalidInput
from dowse.optim.designs import GridSuggester
from dowse.stopping.median import MedianRule


def refusal(name: str, **options: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        catalog.suggester(AlgorithmSpec(name=name, options=options))
    return str(caught.value)


@pytest.mark.parametrize("name", sorted(catalog.SUGGESTERS))
def test_every_suggester_of_the_table_can_be_made(name: str) -> None:
    assert hasattr(catalog.suggester(AlgorithmSpec(name=name)), "suggest")
    assert name in catalog.suggester_names()


NEEDED: dict[str, dict[str, Any]] = {
    "bandit": {"slack_factor": 0.1},
    "hyperband": {"max_resource": 81},
    "truncation": {"truncation_percentage": 20},
}


@pytest.mark.parametrize("name", sorted(catalog.STOPPING_RULES))
def test_every_stopping_rule_of_the_table_can_be_made(name: str) -> None:
    spec = StoppingSpec(rule=name, options=NEEDED.get(name, {}))
    assert hasattr(catalog.stopping_rule(spec), "decide")
    assert name in catalog.stopping_rule_names()


def test_options_reach_the_factory() -> None:
    made = catalog.suggester(AlgorithmSpec(name="grid", options={"points": 3}))
    assert made == GridSuggester(points=3)
    rule = catalog.stopping_rule(StoppingSpec(rule="median", options={"min_trials": 7}))
    assert rule == MedianRule(min_trials=7)


def test_an_unknown_name_is_refused_with_the_known_ones_and_the_nearest() -> None:
    words = refusal("baysian")
    assert words.startswith("algorithm: must be one of auto, bayesian, grid, random, sobol")
    assert words.endswith("got 'baysian'; did you mean 'bayesian'?")
    with pytest.raises(InvalidInput) as caught:
        catalog.stopping_rule(StoppingSpec(rule="x"))
    assert str(caught.value) == (
        "early_stopping: must be one of asha, auto, bandit, hyperband, median, truncation, got 'x'"
    )


def test_an_unknown_option_is_refused_with_the_known_ones() -> None:
    words = refusal("grid", pionts=3)
    assert words == "algorithm.pionts: is no setting of grid; there are points"
    assert refusal("sobol", seed=3) == "algorithm.seed: is no setting of sobol; it has none"


def test_an_option_that_must_be_given_is_asked_for() -> None:
    with pytest.raises(InvalidInput, match=r"^early_stopping: truncation needs truncation_perc"):
        catalog.stopping_rule(StoppingSpec(rule="truncation"))


def test_options_are_checked_without_being_used() -> None:
    rule = StoppingSpec(rule="median", options={"delay": 1, "min_trials": 3})
    (problem,) = catalog.option_problems(rule)
    assert problem.path == "early_stopping.delay"
    assert catalog.option_problems(StoppingSpec(rule="median")) == ()
    noise = AlgorithmSpec(name="bayesian", options={"noise": "huge"})
    assert [each.path for each in catalog.option_problems(noise)] == ["algorithm.noise"]


def test_an_option_out_of_range_is_refused_by_its_owner() -> None:
    assert refusal("grid", points=0) == (
        "algorithm.points: must be a whole number of 1 or more, got 0"
    )


PLUGIN = """
class Mine:
    def __init__(self, size=1):
        self.size = size

    def suggest(self, request): ...
    def decide(self, curve, others, goal): ...
"""
ENTRY_POINTS = """
[dowse.suggesters]
mine = catalog_plugin:Mine
gone = catalog_plugin:Gone
missing = no_such_module_of_a_plugin:Mine
random = catalog_plugin:Mine
[dowse.stopping_rules]
mine = catalog_plugin:Mine
"""


@pytest.fixture
def _plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "catalog_plugin.py").write_text(PLUGIN)
    info = tmp_path / "catalog_plugin-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: catalog-plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "catalog_plugin", raising=False)


@pytest.mark.usefixtures("_plugin")
def test_a_plug_in_is_found_by_its_entry_point_and_gets_its_options() -> None:
    assert "mine" in catalog.suggester_names()
    assert "mine" in catalog.stopping_rule_names()
    made = catalog.suggester(AlgorithmSpec(name="mine", options={"size": 4}))
    assert vars(made) == {"size": 4}
    assert hasattr(catalog.stopping_rule(StoppingSpec(rule="mine")), "decide")


@pytest.mark.usefixtures("_plugin")
def test_a_plug_in_cannot_take_a_name_of_the_table() -> None:
    assert type(catalog.suggester(AlgorithmSpec(name="random"))).__name__ == "RandomSuggester"


@pytest.mark.usefixtures("_plugin")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone", "the plug-in 'gone' (catalog_plugin:Gone) cannot be loaded: "),
        ("missing", "the plug-in 'missing' (no_such_module_of_a_plugin:Mine) cannot be loaded: "),
    ],
)
def test_a_broken_plug_in_is_named(name: str, words: str) -> None:
    assert refusal(name).startswith(f"algorithm: {words}")
