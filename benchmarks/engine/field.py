"""The runs of all optimisers that a figure compares: ours and the light peers' made now, the slow
peers' from `benchmarks/results/peers.json`.

A recorded run holds the improvements of its trace, [evaluation, gap], which say all of it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks.engine import drivers, runs
from benchmarks.engine.options import Options
from benchmarks.engine.runs import Run, Trace

RECORDED = Path(__file__).parents[1] / "results" / "peers.json"
LIGHT = ("optuna-tpe", "optuna-cmaes")
"""Peers that are cheap enough to run beside us every time."""


def ours(
    names: Sequence[str], options: Options, *, seeds: int, trials: int = 100, batch: int = 1
) -> list[Trace]:
    wanted = _runs(drivers.OURS, names, seeds=seeds, trials=trials, batch=batch)
    return list(runs.traces(wanted, options.jobs).values())


def peers(
    names: Sequence[str],
    options: Options,
    *,
    seeds: int,
    trials: int = 100,
    batch: int = 1,
    among: Sequence[str] = tuple(drivers.PEERS),
) -> dict[str, list[Trace]]:
    """Of every peer the runs there are with these settings; a peer without any is left out.

    A recorded run may be longer than asked for, or shorter: whoever reads it looks at its length.
    """
    found: dict[str, list[Trace]] = {}
    for peer in among:
        if options.live and peer in LIGHT:
            wanted = _runs(peer, names, seeds=seeds, trials=trials, batch=batch)
            traces = list(runs.traces(wanted, options.jobs).values())
        else:
            traces = [
                trace
                for trace in recorded().get(peer, ())
                if trace.run.task in set(names)
                and trace.run.batch == batch
                and trace.run.seed < seeds
            ]
        if traces:
            found[peer] = traces
    return found


def _runs(name: str, tasks: Sequence[str], *, seeds: int, trials: int, batch: int) -> list[Run]:
    return [
        Run(optimizer=name, task=task, seed=seed, trials=trials, batch=batch)
        for seed in range(seeds)
        for task in tasks
    ]


@lru_cache(maxsize=1)
def recorded() -> Mapping[str, Sequence[Trace]]:
    """Peer → its recorded runs."""
    if not RECORDED.exists():
        return {}
    document = json.loads(RECORDED.read_text())
    return {peer: [_trace(peer, each) for each in kept["runs"]] for peer, kept in document.items()}


def record(peer: str, made: Iterable[Trace], version: str, machine: Mapping[str, Any]) -> None:
    """Put runs of a peer into the file, in the place of earlier ones that are no longer."""
    document = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
    kept: dict[tuple[int, str, int], Trace] = {}
    for trace in (*recorded().get(peer, ()), *made):
        key = (trace.run.batch, trace.run.task, trace.run.seed)
        if key not in kept or trace.run.trials >= kept[key].run.trials:
            kept[key] = trace
    document[peer] = {
        "title": drivers.TITLES[peer],
        "version": version,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": dict(machine),
        "runs": [_entry(kept[key]) for key in sorted(kept)],
    }
    RECORDED.write_text(_text(document))
    recorded.cache_clear()


def _entry(trace: Trace) -> dict[str, Any]:
    run = trace.run
    steps = [
        [n, gap]
        for n, (gap, before) in enumerate(
            zip(trace.gaps, [None, *trace.gaps[:-1]], strict=True), start=1
        )
        if gap != before
    ]
    return {
        "task": run.task,
        "seed": run.seed,
        "trials": run.trials,
        "batch": run.batch,
        "cpu_s": round(trace.cpu_s, 3),
        "improvements": [[n, float(f"{gap:.5g}")] for n, gap in steps],
    }


def _trace(peer: str, entry: Mapping[str, Any]) -> Trace:
    run = Run(
        optimizer=peer,
        task=entry["task"],
        seed=entry["seed"],
        trials=entry["trials"],
        batch=entry["batch"],
    )
    gaps: list[float] = []
    for n, gap in entry["improvements"]:
        gaps += [gaps[-1]] * (n - 1 - len(gaps)) if gaps else []
        gaps.append(gap)
    gaps += [gaps[-1]] * (run.trials - len(gaps))
    return Trace(run=run, gaps=gaps, cpu_s=entry["cpu_s"])


def _text(document: Mapping[str, Any]) -> str:
    """JSON with one run a line, so that differences can be read."""
    peers = []
    for name in sorted(document):
        head = {key: value for key, value in document[name].items() if key != "runs"}
        lines = ",\n   ".join(
            json.dumps(run, separators=(",", ":")) for run in document[name]["runs"]
        )
        peers.append(f' {json.dumps(name)}: {json.dumps(head)[:-1]}, "runs": [\n   {lines}]}}')
    return "{\n" + ",\n".join(peers) + "\n}\n"
