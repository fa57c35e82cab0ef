"""What stopping and pausing make of a search: random, and by our engine, over the curve tables.

The budget is that of 20 full trainings. A search is scored by the final value of the configuration
whose last observed value is the best: 0 is the best of the table, 1 what random search finds when
every training runs to its end.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

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
LATER = "ASHA that pauses, from report 2 on"
UNTRAINED: Mapping[str, StoppingSpec | None] = {
    "no rule": None,
    "ASHA that stops": RULES["ASHA that stops"],
    "ASHA that pauses": RULES["ASHA that pauses"],
    LATER: StoppingSpec(rule="asha", options={"resume": True, "min_resource": 2}),
}
"""For programs whose first report comes before any training, and says nothing."""
Choosing = Callable[[int, int], Chooser]
"""A chooser for the table of this place in the list, and a seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Who chooses among the configurations of which tables, how often for each."""

    who: str
    tables: list[Table]
    choosing: Choosing
    seeds: int


PROMISED = (("ASHA that pauses", "random search"), (LATER, "random search after an empty report"))
"""Rules and settings whose score is promised."""


def measure_search(*, quick: bool = False) -> list[Row]:
    found = tables()
    configurations = [configurations_of(table) for table in found]

    def at_random(place: int, seed: int) -> Chooser:
        return AtRandom(len(found[place].values), seed)

    def by_the_engine(place: int, seed: int) -> Chooser:
        return ByTheEngine(configurations[place], seed)

    many, few = (1, 1) if quick else (_SEEDS, _SEEDS_OF_THE_ENGINE)
    empty = tables(untrained=True)
    plain = Setting(who="random search", tables=found, choosing=at_random, seeds=many)
    after = replace(plain, who="random search after an empty report", tables=empty)
    engine = Setting(who="our suggestions", tables=found, choosing=by_the_engine, seeds=few)
    return [
        row
        for setting, rules in ((plain, RULES), (after, UNTRAINED), (engine, RULES))
        for name, spec in rules.items()
        for row in rows_of(name, spec, setting)
    ]


def rows_of(name: str, spec: StoppingSpec | None, setting: Setting) -> list[Row]:
    """The mean score over all tables, and how many trials were begun on average."""
    scores, trials = [], []
    for place, table in enumerate(setting.tables):
        scale = scale_of(table.finals)
        for seed in range(setting.seeds):
            chooser = setting.choosing(place, seed)
            done = Search(values=table.values, rule=rule_for(spec, table), chooser=chooser).run()
            scores.append(scale.score(done.row))
            trials.append(done.trials)
    score = float(np.mean(scores))
    print(f"  {name}, {setting.who}: {score:.3f}", file=sys.stderr, flush=True)
    title = f"{name}, {setting.who} ({len(scores)} searches)"
    about = f"{title}: score"
    promised = (name, setting.who) in PROMISED
    return [
        at_most(about, score, "", _LIMIT) if promised else Row(name=about, value=score, unit=""),
        Row(name=f"{title}: trials begun", value=float(np.mean(trials)), unit=""),
    ]


def rule_for(spec: StoppingSpec | None, table: Table) -> StoppingRule | None:
    """A new rule for one search over a table."""
    if spec is None:
        return None
    length = table.values.shape[1]
    options = {
        name: length if value == "reports" else value for name, value in spec.options.items()
    }
    return catalog.stopping_rule(StoppingSpec(rule=spec.rule, options=options))
