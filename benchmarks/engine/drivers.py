"""Optimisers behind one face: ours in this process, a peer in a process of its own environment."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from benchmarks.engine import environments
from benchmarks.engine.tasks import Task
from dowse import Categorical, Discrete, Optimizer, SearchSpace
from dowse.domain.parameters import Parameter, Value
from dowse.domain.scales import Scale
from dowse.optimizer import Suggestion

OURS = "dowse"
PEERS: Mapping[str, tuple[str, str]] = {
    "optuna-tpe": ("optuna", "tpe"),
    "optuna-gp": ("optuna", "gp"),
    "optuna-cmaes": ("optuna", "cmaes"),
    "ax": ("ax", "default"),
    "hebo": ("hebo", "default"),
}
"""Name → environment and variant of the adapter."""
TITLES: Mapping[str, str] = {
    "optuna-tpe": "Optuna TPE",
    "optuna-gp": "Optuna GPSampler",
    "optuna-cmaes": "Optuna CMA-ES",
    "ax": "Ax",
    "hebo": "HEBO",
}
_ROOT = Path(__file__).parents[2]


class Driver(Protocol):
    """`cpu_s` is the CPU time of asking and telling so far."""

    cpu_s: float

    def ask(self, count: int) -> list[tuple[int, Mapping[str, Value]]]: ...

    def tell(self, results: Sequence[tuple[int, float]]) -> None: ...

    def pick(self) -> int | None: ...

    def close(self) -> None: ...


def version(peer: str) -> str:
    """That of a peer's package, as its pinned requirements say."""
    package = {"optuna": "optuna", "ax": "ax-platform", "hebo": "HEBO"}[PEERS[peer][0]]
    pins = environments.requirements(PEERS[peer][0]).read_text().splitlines()
    return next(pin.split("==")[1] for pin in pins if pin.startswith(f"{package}=="))


def driver(name: str, task: Task, seed: int, batch: int) -> Driver:
    """Raises KeyError for an unknown optimiser."""
    if name == OURS:
        return Ours(task.space, seed)
    environment, variant = PEERS[name]
    return PeerProcess(environment, variant, task.space, seed, batch)


class Ours:
    def __init__(self, space: SearchSpace, seed: int) -> None:
        self.cpu_s = 0.0
        self._optimizer = Optimizer(space, seed=seed)
        self._asked: dict[int, Suggestion] = {}

    def ask(self, count: int) -> list[tuple[int, Mapping[str, Value]]]:
        began = time.process_time()
        asked = self._optimizer.ask(count)
        self.cpu_s += time.process_time() - began
        self._asked.update((each.number, each) for each in asked)
        return [(each.number, each.parameters) for each in asked]

    def tell(self, results: Sequence[tuple[int, float]]) -> None:
        began = time.process_time()
        for number, value in results:
            self._optimizer.tell(self._asked.pop(number), value)
        self.cpu_s += time.process_time() - began

    def pick(self) -> int | None:
        """The trial that the model thinks best."""
        best = self._optimizer.best()
        return best.model.number if best and best.model else None

    def close(self) -> None:
        """Nothing is held."""


class PeerProcess:
    """`adapter` is the module of the environment that is run, `more` what it takes beyond the
    protocol's start.
    """

    def __init__(
        self,
        environment: str,
        variant: str,
        space: SearchSpace,
        seed: int,
        batch: int,
        *,
        adapter: str = "adapter",
        more: Mapping[str, Any] | None = None,
    ) -> None:
        self.cpu_s = 0.0
        python = environments.python(environment)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process.
        self._process = subprocess.Popen(
            [str(python), "-W", "ignore", "-m", f"benchmarks.peers.{environment}.{adapter}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
        )
        form = [_form(parameter) for parameter in space.parameters]
        start = {"space": form, "seed": seed, "variant": variant, "batch": batch}
        start |= more or {}
        self.version: str = self._say({"start": start})["version"]
        self.cpu_s = 0.0

    def ask(self, count: int) -> list[tuple[int, Mapping[str, Value]]]:
        return [(number, each) for number, each in self._say({"ask": count})["trials"]]

    def tell(self, results: Sequence[tuple[int, Any]]) -> None:
        self._say({"tell": list(results)})

    def latencies(
        self, known: Sequence[tuple[Mapping[str, Value], float]], count: int
    ) -> list[float]:
        """CPU seconds of suggestions after a history; the first, which begins cold, is left out."""
        self._say({"load": list(known)})
        spent = []
        for _ in range(count + 1):
            began = self.cpu_s
            asked = self.ask(1)
            spent.append(self.cpu_s - began)
            self.tell([(number, 0.5) for number, _ in asked])
        return spent[1:]

    def importance(
        self, known: Sequence[tuple[Mapping[str, Value], float | None]]
    ) -> Mapping[str, float]:
        """What the peer says of the parameters after a history."""
        self._say({"load": list(known)})
        found: dict[str, float] = self._say({"importance": "ped-anova"})["importance"]
        return found

    def pick(self) -> int | None:
        """The peers' own answer is the best observation."""
        return None

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._said.close()

    def _say(self, question: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            self._said.seek(0)
            last = self._said.read().decode(errors="replace")[-2_000:]
            raise RuntimeError(f"the peer ended with {code} at {str(question)[:200]}:\n{last}")
        answer: dict[str, Any] = json.loads(line)
        self.cpu_s += answer["cpu_s"]
        return answer


def _form(parameter: Parameter) -> dict[str, Any]:
    if isinstance(parameter, Categorical | Discrete):
        kind = type(parameter).__name__.lower()
        return {"kind": kind, "name": parameter.name, "choices": list(parameter.choices)}
    return {
        "kind": type(parameter).__name__.lower(),
        "name": parameter.name,
        "min": parameter.min,
        "max": parameter.max,
        "log": parameter.scale is Scale.LOG,
    }
