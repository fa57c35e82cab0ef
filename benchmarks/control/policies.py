"""Stopping rules replayed over recorded curves: the policies of Azure, our own, and peers'."""

import sys
from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.control.curves import FloatArray, tables
from benchmarks.control.replays import LOSS, PARALLEL, REPLICAS, Replayed, Ruled, jobs, replayed
from benchmarks.control.stopping_peers import PEERS, recorded
from benchmarks.report import Row, at_least
from dowse import catalog
from dowse.domain.spec import StoppingSpec

_AZURE = {"evaluation_interval": 1, "delay_evaluation": 5}
POLICIES: Mapping[str, StoppingSpec] = {
    "median 1/5": StoppingSpec(
        rule="median", options={**_AZURE, "compared_with": "all", "min_trials": 1}
    ),
    "bandit .1": StoppingSpec(rule="bandit", options={**_AZURE, "slack_factor": 0.1}),
    "truncation 20": StoppingSpec(
        rule="truncation", options={**_AZURE, "truncation_percentage": 20}
    ),
    "asha": StoppingSpec(rule="asha"),
    "auto": StoppingSpec(rule="auto"),
}
_SAVED = {"median 1/5": 0.25, "auto": 0.55}
"""What is promised of a policy, at no loss in 95 % of the jobs."""
_KEPT = 0.95
_CHANCES = (0.005, 0.03, 0.06, 0.12, 0.25)
"""Settings of `min_chance` beside the default: what `auto` saves at other shares of lost jobs."""


def measure_policies(*, quick: bool = False) -> list[Row]:
    drawn = jobs(tables(), 17 if quick else REPLICAS)
    ours = {name: replays(name, spec, drawn) for name, spec in POLICIES.items()}
    found = [row for name, made in ours.items() for row in rows_of(name, made)]
    beside = {peer.title: known for name, peer in PEERS.items() if (known := recorded(name, drawn))}
    if not beside:
        return found
    beside |= {name: made for name, made in ours.items() if name != "auto"}
    front = [ours["auto"]]
    for chance in _CHANCES:
        spec = StoppingSpec(rule="auto", options={"min_chance": chance})
        front.append(replays(f"auto at {chance:g}", spec, drawn))
    return found + [row_beside(title, made, front) for title, made in beside.items()]


def replays(name: str, spec: StoppingSpec, drawn: Sequence[FloatArray]) -> list[Replayed]:
    """Every job under one policy, which is made anew for each."""
    made = []
    for number, curves in enumerate(drawn, start=1):
        made.append(replayed(curves, Ruled(catalog.stopping_rule(spec))))
        if number % 50 == 0:
            print(f"  {name}: {number} of {len(drawn)} jobs", file=sys.stderr, flush=True)
    return made


def rows_of(name: str, made: Sequence[Replayed]) -> list[Row]:
    """What a policy saves on average, and in how many jobs the best is kept."""
    saved, kept = saved_and_kept(made)
    title = f"{name}, {PARALLEL} in parallel ({len(made)} jobs)"
    about = f"{title}: share of reports saved"
    best = f"{title}: share of jobs that lose at most {LOSS:.1%} of the range of finals"
    if name in _SAVED:
        return [at_least(about, saved, "", _SAVED[name]), at_least(best, kept, "", _KEPT)]
    return [
        Row(name=about, value=saved, unit=""),
        Row(name=best, value=kept, unit=""),
    ]


def row_beside(title: str, made: Sequence[Replayed], front: Sequence[Sequence[Replayed]]) -> Row:
    """What `auto` saves where it loses the best in as many jobs as another policy.

    Between two settings it is interpolated; where even the strictest setting loses more often, or
    the loosest less often, that one's saving counts.
    """
    saved, kept = saved_and_kept(made)
    known = sorted(
        (kept_there, saved_there) for saved_there, kept_there in map(saved_and_kept, front)
    )
    at, savings = zip(*known, strict=True)
    return at_least(
        f"auto where it loses the best as often as {title}: share of reports saved",
        float(np.interp(kept, at, savings)),
        "",
        saved,
        f"{title} {saved:.3f}, best kept in {kept:.1%} of jobs",
    )


def saved_and_kept(made: Sequence[Replayed]) -> tuple[float, float]:
    """The mean share of reports saved, and the share of jobs that do not lose the best."""
    saved = float(np.mean([each.saved for each in made]))
    return saved, float(np.mean([each.loss <= LOSS for each in made]))
