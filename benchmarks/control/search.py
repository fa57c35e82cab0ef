"""What stopping and pausing make of a search: random, and by our engine, over the curve tables.

The budget is that of 20 full trainings. A search is scored by the final value of the configuration
whose last observed value is the best: 0 is the best of the table, 1 what random search finds when
every training runs to its end.
"""

import sys
from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.control.configurations import AtRandom, ByTheEngine, Chooser, configurations_of
from benchmarks.control.curves import Table, tables
from benchmarks.control.searching import Search, scale_of
from benchmarks.report import Row, at_most
from dowse import catalog
from dowse.domain.spec import StoppingSpec
from dowse.stopping.protocol import StoppingRule

_SEEDS = 10
_SEEDS_OF_THE_ENGINE = 3
_LIMIT = 0.5
_HYPERBAND = {"max_resource": "reports"}
RULES: Mapping[str, StoppingSpec | None] = {
    "no rule": None,
    "median": StoppingSpec(rule="median", options={"delay_evaluation": 5}),
    "auto": StoppingSpec(rule="auto"),
    "ASHA that stops": StoppingSpec(rule="asha"),
    "ASHA that pauses": StoppingSpec(rule="asha", options={"resume": True}),
    "Hyperband that stops": StoppingSpec(rule="hyperband", options=_HYPERBAND),
    "Hyperband that pauses": StoppingSpec(rule="hyperband", options={**_HYPERBAND, "resume": True}),
}
"""`reports` stands for the length of the curves of a table."""
PROMISED = ("ASHA that pauses",)

Choosing = Callable[[int, int], Chooser]
"""A chooser for the table of this place in the list, and a seed."""


def measure_search(*, quick: bool = False) -> list[Row]:
    found, untrained = tables(), tables(untrained=True)
    configurations = [configurations_of(table) for table in found]

    def at_random(place: int, seed: int) -> Chooser:
        return AtRandom(len(found[place].values), seed)

    def by_the_engine(place: int, seed: int) -> Chooser:
        return ByTheEngine(configurations[place], seed)

    rows = []
    for name in RULES:
        seeds = 1 if quick else _SEEDS
        rows += rows_of(name, "random search", found, at_random, seeds)
    for name in ("ASHA that stops", "ASHA that pauses"):
        about = "random search, first report before training"
        rows += rows_of(name, about, untrained, at_random, seeds)
    for name in RULES:
        seeds = 1 if quick else _SEEDS_OF_THE_ENGINE
        rows += rows_of(name, "the engine's suggestions", found, by_the_engine, seeds)
    return rows


def rows_of(name: str, who: str, found: list[Table], choosing: Choosing, seeds: int) -> list[Row]:
    """The mean score over all tables, and how many trials were begun on average."""
    scores, trials = [], []
    for place, table in enumerate(found):
        scale = scale_of(table.finals)
        for seed in range(seeds):
            rule = rule_for(RULES[name], table)
            done = Search(values=table.values, rule=rule, chooser=choosing(place, seed)).run()
            scores.append(scale.score(done.row))
            trials.append(done.trials)
    print(f"  {name}, {who}: {np.mean(scores):.3f}", file=sys.stderr, flush=True)
    title = f"{name}, {who} ({len(scores)} searches)"
    begun = Row(name=f"{title}: trials begun", value=float(np.mean(trials)), unit="")
    about, score = f"{title}: score", float(np.mean(scores))
    if name in PROMISED:
        return [at_most(about, score, "", _LIMIT), begun]
    return [Row(name=about, value=score, unit=""), begun]


def rule_for(spec: StoppingSpec | None, table: Table) -> StoppingRule | None:
    """A new rule for one search over a table."""
    if spec is None:
        return None
    length = table.values.shape[1]
    options = {
        name: length if value == "reports" else value for name, value in spec.options.items()
    }
    return catalog.stopping_rule(StoppingSpec(rule=spec.rule, options=options))
