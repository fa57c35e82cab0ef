"""The judge: the mixed set of real tables, surrogates and functions."""

from collections.abc import Mapping, Sequence

from benchmarks.engine import field, scoring, tasks
from benchmarks.engine.drivers import OURS, TITLES
from benchmarks.engine.options import Options
from benchmarks.engine.runs import Trace
from benchmarks.engine.scoring import Traces
from benchmarks.report import Row, at_most

_SEQUENTIAL = {25: 0.32, 50: 0.20, 100: 0.12}
_BATCHES = {24: 0.45, 40: 0.28}


def rows(options: Options) -> list[Row]:
    """Scores on the core tasks, one at a time and in batches of four, and ranks on all of them."""
    core = tasks.runnable(tasks.CORE)
    whole = core == tasks.CORE
    seeds = options.seeds or 10
    found: list[Row] = []
    for batch, goals in ((1, _SEQUENTIAL), (4, _BATCHES)):
        trials = max(goals)
        own = grouped(field.ours(core, options, seeds=seeds, trials=trials, batch=batch))
        ran = field.peers(core, options, seeds=seeds, trials=trials, batch=batch)
        others = {peer: grouped(traces) for peer, traces in ran.items()}
        how = "one at a time" if batch == 1 else f"batches of {batch}"
        for n, goal in goals.items():
            name = f"mixed set, {how}, score at {n} ({len(core)} tasks, {seeds} seeds)"
            value = scoring.mean_score(own, n)
            peers = _beside({peer: _long_enough(each, core, n) for peer, each in others.items()}, n)
            # Without the data it is another set, which nothing was promised of.
            found.append(
                at_most(name, value, "", goal, peers)
                if whole
                else Row(name=name, value=value, unit="", peer=peers)
            )
        found.append(_cost(own, others, f"mixed set, {how}, CPU of a suggestion, mean"))
        if batch == 1:
            found += [
                Row(
                    name=f"  {task}, score at {n}",
                    value=scoring.mean_score({task: own[task]}, n),
                    unit="",
                    peer=_beside({p: _long_enough(e, (task,), n) for p, e in others.items()}, n),
                )
                for task in core
                for n in goals
            ]
    return [*found, *_ranks(options, seeds)]


def _cost(own: Traces, others: Mapping[str, Traces], name: str) -> Row:
    """Of asking and telling, over the whole runs; recorded ones were made on another day."""
    said = [(cost, f"{TITLES[peer]} {cost:.0f}") for peer, e in others.items() if (cost := _ms(e))]
    peers = ", ".join(words for _, words in sorted(said))
    return Row(name=name, value=_ms(own), unit="ms", peer=peers or None)


def _ms(traces: Traces) -> float:
    """CPU milliseconds of a suggestion."""
    made = [trace for each in traces.values() for trace in each]
    return 1e3 * sum(t.cpu_s for t in made) / max(1, sum(t.run.trials for t in made))


def _ranks(options: Options, seeds: int) -> list[Row]:
    """Mean rank over all open tasks, among the optimisers that ran them all."""
    names = tasks.runnable(tasks.OPEN)
    own = grouped(field.ours(names, options, seeds=seeds))
    peers = field.peers(names, options, seeds=seeds)
    found = []
    for n in (25, 50, 100):
        contest: dict[str, Traces] = {OURS: own}
        for peer, traces in peers.items():
            able = _long_enough(grouped(traces), names, n)
            if len(able) == len(names):
                contest[peer] = able
        ranks = scoring.mean_ranks(contest, n)
        best = min((rank for who, rank in ranks.items() if who != OURS), default=0.0)
        others = sorted((rank, TITLES[who]) for who, rank in ranks.items() if who != OURS)
        found.append(
            Row(
                name=f"mean rank at {n} of {len(ranks)} optimisers over {len(names)} open tasks",
                value=ranks[OURS],
                unit="",
                goal=f"< {best:.2f}" if others else None,
                holds=ranks[OURS] < best if others else None,
                peer=", ".join(f"{title} {rank:.2f}" for rank, title in others) or None,
            )
        )
    return found


def grouped(traces: Sequence[Trace]) -> dict[str, list[Trace]]:
    """Task → its runs."""
    found: dict[str, list[Trace]] = {}
    for trace in traces:
        found.setdefault(trace.run.task, []).append(trace)
    return found


def _long_enough(traces: Traces, names: Sequence[str], n: int) -> Traces:
    """The tasks among these that were run to n evaluations, with those runs."""
    able = {
        task: [trace for trace in traces.get(task, ()) if len(trace.gaps) >= n] for task in names
    }
    return {task: each for task, each in able.items() if each}


def _beside(others: Mapping[str, Traces], n: int) -> str | None:
    """The peers' scores, the best first; how many tasks or seeds where they are fewer."""
    most = max((len(each) for each in others.values()), default=0)
    said = []
    for peer, traces in others.items():
        if traces:
            seeds = min(len(each) for each in traces.values())
            few = f" on {len(traces)} tasks" if len(traces) < most else ""
            count = f"{seeds} seed{'s' if seeds > 1 else ''}"
            score = scoring.mean_score(traces, n)
            said.append((score, f"{TITLES[peer]} {score:.2f} ({count}{few})"))
    return ", ".join(words for _, words in sorted(said)) or None
