"""Several objectives and limits on metrics, beside Optuna's samplers.

    python -m benchmarks.engine --only pareto
    python -m benchmarks.engine.pareto --record optuna-gp --seeds 2    runs of a slow peer

What a peer reached is kept in benchmarks/results/pareto_peers.json with its version, the machine
and the day: peer → problem → seed → result.
"""

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.engine import drivers
from benchmarks.engine.options import Options
from benchmarks.engine.several import Evaluated, Problem, problems
from benchmarks.report import Row, at_least, at_most, machine
from dowse import Optimizer
from dowse.domain.pareto import hypervolume
from dowse.optimizer import Suggestion

RECORDED = Path(__file__).parents[1] / "results" / "pareto_peers.json"
PEERS: Mapping[str, tuple[str, str]] = {
    "optuna-gp": ("gp", "Optuna GPSampler"),
    "optuna-nsga2": ("nsga2", "Optuna NSGA-II"),
    "optuna-tpe": ("tpe", "Optuna TPE"),
}
"""Name → variant of the adapter, and title."""
_TRIALS = 100
_SEEDS = 10
_SHARE = 0.98
"""Of the hypervolume of Optuna's GPSampler."""


def rows(options: Options) -> list[Row]:
    found = []
    for name, problem in problems().items():
        seeds = options.seeds or _SEEDS
        own = [own_result(problem, seed) for seed in range(seeds)]
        found.append(_row(name, problem, own))
    return found


def _row(name: str, problem: Problem, own: Sequence[float]) -> Row:
    beside = {peer: known for peer in PEERS if (known := _recorded(peer, name))}
    chance = [random_result(problem, seed) for seed in range(len(own))]
    if problem.objectives > 1:
        said = [f"{PEERS[peer][1]} {np.mean(known):.3f}" for peer, known in beside.items()]
        said.append(f"random {np.mean(chance):.3f}")
        rivals = [np.mean(known) for known in beside.values()]
        goal = _SHARE * float(max([*rivals, np.mean(chance)]))
        return at_least(
            f"{name}, share of the front's hypervolume at {_TRIALS} ({len(own)} seeds)",
            float(np.mean(own)),
            "",
            goal,
            ", ".join(said),
        )
    said = [f"{PEERS[peer][1]} {np.median(known):.3g}" for peer, known in beside.items()]
    said.append(f"random {np.median(chance):.3g}")
    goal = float(min(np.median(known) for known in (*beside.values(), chance)))
    return at_most(
        f"{name}, regret of the best that keeps its limits at {_TRIALS} ({len(own)} seeds)",
        float(np.median(own)),
        "",
        goal,
        ", ".join(said),
    )


def own_result(problem: Problem, seed: int, algorithm: str = "bayesian") -> float:
    """That of our optimiser, through its public face."""
    objectives = dict.fromkeys((f"f{k}" for k in range(problem.objectives)), "minimize")
    limits = [f"c{k} <= 0" for k in range(problem.limits)]
    optimizer = Optimizer(
        problem.space, algorithm=algorithm, seed=seed, objectives=objectives, limits=limits
    )
    found: list[Evaluated] = []
    for _ in range(_TRIALS):
        suggestion: Suggestion = optimizer.ask()
        values, excess = problem.evaluate(_ordered(problem, suggestion.parameters))
        found.append((values, excess))
        told = {f"f{k}": value for k, value in enumerate(values)}
        told |= {f"c{k}": value for k, value in enumerate(excess)}
        optimizer.tell(suggestion, told)
    return result(problem, found)


def random_result(problem: Problem, seed: int) -> float:
    """That of random search."""
    return own_result(problem, seed, "random")


def peer_result(peer: str, problem: Problem, seed: int) -> float:
    """That of a peer in a process of its own. Raises RuntimeError when the process ends."""
    more = {"objectives": problem.objectives, "limits": problem.limits}
    process = drivers.PeerProcess(
        "optuna", PEERS[peer][0], problem.space, seed, 1, adapter="several", more=more
    )
    found: list[Evaluated] = []
    try:
        for _ in range(_TRIALS):
            ((number, parameters),) = process.ask(1)
            values, excess = problem.evaluate(_ordered(problem, parameters))
            found.append((values, excess))
            process.tell([(number, {"objectives": list(values), "excess": list(excess)})])
    finally:
        process.close()
    return result(problem, found)


def result(problem: Problem, found: Sequence[Evaluated]) -> float:
    """The share of the true front's hypervolume, or the regret of the best within the limits."""
    if problem.objectives > 1:
        points = [tuple(values) for values, _ in found]
        return hypervolume(points, problem.reference) / problem.best
    kept = [values[0] for values, excess in found if max(excess) <= 0.0]
    return min(kept, default=math.inf) - problem.best


def _ordered(problem: Problem, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: parameters[name] for name in problem.space.names}


def _recorded(peer: str, problem: str) -> list[float]:
    if not RECORDED.exists():
        return []
    document = json.loads(RECORDED.read_text())
    known = document.get(peer, {}).get("results", {}).get(problem, {})
    return [float(value) for value in known.values()]


def record(peer: str, names: Sequence[str], seeds: int) -> None:
    """Run a peer, and keep each result as it comes."""
    for seed in range(seeds):
        for name in names:
            reached = peer_result(peer, problems()[name], seed)
            document = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
            kept = document.setdefault(peer, {"results": {}})
            kept["version"] = drivers.version("optuna-gp")
            kept["machine"] = machine()
            kept["date"] = datetime.now(UTC).date().isoformat()
            of_problem = kept["results"].setdefault(name, {})
            # JSON has no infinity; `float` reads the word.
            of_problem[str(seed)] = reached if math.isfinite(reached) else "Infinity"
            RECORDED.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")
            print(f"{peer} on {name}, seed {seed}: {reached:.4g}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine.pareto", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--record", required=True, choices=list(PEERS))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--problems", nargs="+", choices=list(problems()), default=list(problems()))
    arguments = parser.parse_args()
    record(arguments.record, arguments.problems, arguments.seeds)


if __name__ == "__main__":
    main()
