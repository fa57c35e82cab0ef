"""How the harness drives a peer: one JSON object a line, each answered by one.

    {"start": {"space": […], "seed": 0, "variant": "tpe", "batch": 1}}   {"version": "5.0.0"}
    {"ask": 4}                              {"trials": [[7, {"lr": 0.1}], …], "cpu_s": 0.01}
    {"tell": [[7, 0.31], …]}                {"cpu_s": 0.001}
    {"load": [[{"lr": 0.2}, 0.4], …]}       {"cpu_s": 0.2}
    {"importance": "ped-anova"}             {"importance": {"lr": 0.7}, "cpu_s": 0.01}

A space is a list of {"kind": "double" | "integer", "name", "min", "max", "log"} and
{"kind": "discrete" | "categorical", "name", "choices"}. `cpu_s` is the CPU time of the peer's own
work. Everything is minimised. Only the standard library is used here: every peer imports it.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, runtime_checkable

Space: TypeAlias = Sequence[Mapping[str, Any]]


class Peer(Protocol):
    version: str

    def ask(self, count: int) -> list[tuple[int, dict[str, Any]]]: ...

    def tell(self, results: Sequence[tuple[int, float]]) -> None: ...

    def load(self, known: Sequence[tuple[dict[str, Any], float]]) -> None: ...


@runtime_checkable
class Analyst(Protocol):
    """A peer that also says which parameters matter."""

    def importance(self, method: str) -> dict[str, float]: ...


def serve(make: Callable[..., Peer]) -> None:
    """Answer until the input ends; `make` takes space, seed, variant and batch."""
    out, sys.stdout = sys.stdout, sys.stderr  # Libraries print; their words are not answers.
    peer: Peer | None = None
    for line in sys.stdin:
        question = json.loads(line)
        answer: dict[str, Any]
        began = time.process_time()
        if "start" in question:
            peer = make(**question["start"])
            answer = {"version": peer.version}
        elif "ask" in question:
            assert peer is not None
            answer = {"trials": peer.ask(question["ask"])}
        elif "load" in question:
            assert peer is not None
            peer.load([(parameters, value) for parameters, value in question["load"]])
            answer = {}
        elif "importance" in question:
            assert isinstance(peer, Analyst)
            answer = {"importance": peer.importance(question["importance"])}
        else:
            assert peer is not None
            peer.tell([(number, value) for number, value in question["tell"]])
            answer = {}
        answer["cpu_s"] = time.process_time() - began
        out.write(json.dumps(answer) + "\n")
        out.flush()
