"""One run of an optimiser on a task, many of them side by side, and a cache of what was run.

A run's trace is the gap between the true loss of the configuration with the best observed value
and the best known loss, after each evaluation. Runs are appended to `benchmarks/.cache/runs.jsonl`
as they end, so that an interrupted measurement goes on where it was.
"""

import fcntl
import hashlib
import json
import multiprocessing
import sys
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

import dowse.optimizer
from benchmarks.engine import drivers, environments, tasks

CACHE = Path(__file__).parents[1] / ".cache" / "runs.jsonl"
_ENGINE = ("numerics", "surrogate", "optim", "domain", "catalog.py", "optimizer.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    optimizer: str
    task: str
    seed: int
    trials: int
    batch: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """`gaps` after each evaluation; `pick` is the gap of the model's pick at the end."""

    run: Run
    gaps: Sequence[float]
    cpu_s: float
    pick: float | None = None


def perform(run: Run) -> Trace:
    """Raises RuntimeError when a peer's process ends."""
    task = tasks.get(run.task)
    rng = np.random.default_rng([run.seed, zlib.crc32(run.task.encode())])
    driver = drivers.driver(run.optimizer, task, run.seed, run.batch)
    gaps: list[float] = []
    true: dict[int, float] = {}
    best, gap = np.inf, np.inf
    try:
        while len(gaps) < run.trials:
            asked = driver.ask(min(run.batch, run.trials - len(gaps)))
            if not asked:
                break
            results = []
            for number, configuration in asked:
                value = task.observe(configuration, rng)
                true[number] = task.true(configuration) - task.best
                if value < best:
                    best, gap = value, true[number]
                gaps.append(float(f"{gap:.8g}"))
                results.append((number, value))
            driver.tell(results)
        pick = driver.pick()
    finally:
        driver.close()
    # A space that is exhausted keeps its best.
    gaps += [gaps[-1]] * (run.trials - len(gaps))
    return Trace(run=run, gaps=gaps, cpu_s=driver.cpu_s, pick=None if pick is None else true[pick])


def traces(runs: Iterable[Run], jobs: int = 1) -> dict[Run, Trace]:
    """All of them, from the cache or performed now; progress goes to standard error."""
    wanted = list(dict.fromkeys(runs))
    cached = _cached()
    found = {run: cached[run] for run in wanted if run in cached}
    missing = [run for run in wanted if run not in found]
    began = time.monotonic()
    for count, trace in enumerate(_performed(missing, jobs), start=1):
        found[trace.run] = trace
        _append(trace)
        run, spent = trace.run, time.monotonic() - began
        left = spent / count * (len(missing) - count)
        print(
            f"[{count}/{len(missing)}, {left / 60:.0f} min left] {run.optimizer} on {run.task}, "
            f"seed {run.seed}, batches of {run.batch}: {trace.gaps[-1]:.3g} "
            f"({1e3 * trace.cpu_s / run.trials:.0f} ms a suggestion)",
            file=sys.stderr,
            flush=True,
        )
    return {run: found[run] for run in wanted}


@lru_cache(maxsize=16)
def fingerprint(optimizer: str) -> str:
    """Changes with the code of an optimiser: the engine's sources, or a peer's pins and adapter."""
    if optimizer == drivers.OURS:
        source = Path(dowse.optimizer.__file__).parent
        files = [f for name in _ENGINE for f in sorted(_python_files(source / name))]
    else:
        pins = environments.requirements(drivers.PEERS[optimizer][0])
        files = [pins, pins.with_name("adapter.py")]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _python_files(path: Path) -> Iterator[Path]:
    return path.rglob("*.py") if path.is_dir() else iter([path])


def _performed(runs: Sequence[Run], jobs: int) -> Iterator[Trace]:
    if jobs == 1 or len(runs) <= 1:
        yield from map(perform, runs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        for done in as_completed([pool.submit(perform, run) for run in runs]):
            yield done.result()


def _cached() -> dict[Run, Trace]:
    """Traces of today's code; later lines win, and a line that was cut short is no trace."""
    found: dict[Run, Trace] = {}
    if not CACHE.exists():
        return found
    for line in CACHE.read_text(encoding="utf-8").splitlines():
        try:
            stored = json.loads(line)
        except ValueError:
            continue
        name = stored["run"]["optimizer"]
        known = name == drivers.OURS or name in drivers.PEERS
        if known and stored.pop("fingerprint") == fingerprint(name):
            run = Run(**stored.pop("run"))
            found[run] = Trace(run=run, **stored)
    return found


def _append(trace: Trace) -> None:
    stored = {**asdict(trace), "fingerprint": fingerprint(trace.run.optimizer)}
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    with CACHE.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps(stored) + "\n")
