"""Peers' stopping rules on the same jobs as ours, recorded once: they need minutes each.

    python -m benchmarks.control.stopping_peers --record optuna-median

What a peer did is kept in benchmarks/results/stopping_peers.json with its version, the machine and
the day, and with a fingerprint of the jobs: of other jobs it says nothing.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.control.curves import FloatArray, tables
from benchmarks.control.replays import PARALLEL, REPLICAS, Replayed, jobs, outcome
from benchmarks.engine import environments
from benchmarks.report import machine

RECORDED = Path(__file__).parents[1] / "results" / "stopping_peers.json"
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """`environment` is the folder below benchmarks/peers; settings are the peer's defaults, and
    `options` what it needs beyond them.
    """

    title: str
    environment: str
    rule: str
    options: Mapping[str, Any] = field(default_factory=dict)


PEERS: Mapping[str, Peer] = {
    "optuna-median": Peer(title="Optuna MedianPruner", environment="optuna", rule="median"),
    "optuna-median-5": Peer(
        title="Optuna MedianPruner after 5 reports",
        environment="optuna",
        rule="median",
        options={"n_warmup_steps": 5},
    ),
    "optuna-halving": Peer(
        title="Optuna SuccessiveHalvingPruner", environment="optuna", rule="halving"
    ),
    "optuna-hyperband": Peer(
        title="Optuna HyperbandPruner", environment="optuna", rule="hyperband"
    ),
    "syne-tune-asha": Peer(title="Syne Tune ASHA", environment="syne_tune", rule="asha"),
    "syne-tune-asha-5": Peer(
        title="Syne Tune ASHA from report 5",
        environment="syne_tune",
        rule="asha",
        options={"grace_period": 5},
    ),
    "syne-tune-hyperband": Peer(
        title="Syne Tune Hyperband", environment="syne_tune", rule="asha", options={"brackets": 3}
    ),
    "syne-tune-median": Peer(
        title="Syne Tune MedianStoppingRule", environment="syne_tune", rule="median"
    ),
}


def fingerprint(drawn: Sequence[FloatArray]) -> str:
    """Of all curves of all jobs, and of how many run side by side."""
    found = hashlib.sha256(str(PARALLEL).encode())
    for curves in drawn:
        found.update(np.ascontiguousarray(curves).tobytes())
    return found.hexdigest()[:16]


def recorded(name: str, drawn: Sequence[FloatArray]) -> list[Replayed] | None:
    """What a peer did on these jobs; None where that was not recorded."""
    if not RECORDED.exists():
        return None
    known = json.loads(RECORDED.read_text(encoding="utf-8")).get(name)
    if known is None or known["jobs"] != fingerprint(drawn):
        return None
    return [Replayed(saved=saved, loss=loss) for saved, loss in known["saved_and_lost"]]


def replay_with(peer: Peer, drawn: Sequence[FloatArray]) -> tuple[list[Replayed], str]:
    """What the peer saves and loses in each job, and its version."""
    python = environments.python(peer.environment)
    questions = "".join(
        json.dumps(
            {
                "rule": peer.rule,
                "options": dict(peer.options),
                "parallel": PARALLEL,
                "curves": curves.tolist(),
            }
        )
        + "\n"
        for curves in drawn
    )
    done = subprocess.run(
        [str(python), "-W", "ignore", "-m", f"benchmarks.peers.{peer.environment}.pruning"],
        input=questions,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    pairs = zip(drawn, answers, strict=True)
    return [outcome(curves, answer["given"]) for curves, answer in pairs], answers[0]["version"]


def record(name: str, drawn: Sequence[FloatArray]) -> None:
    """Run a peer on all jobs and keep what it did."""
    made, version = replay_with(PEERS[name], drawn)
    document = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    document[name] = {
        "version": version,
        "machine": machine(),
        "date": datetime.now(UTC).date().isoformat(),
        "jobs": fingerprint(drawn),
        "saved_and_lost": [[round(each.saved, 6), round(each.loss, 9)] for each in made],
    }
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in sorted(document.items()))
    RECORDED.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.control.stopping_peers")
    parser.add_argument("--record", nargs="+", choices=sorted(PEERS), default=sorted(PEERS))
    drawn = jobs(tables(), REPLICAS)
    for name in parser.parse_args().record:
        print(f"recording {name} …", file=sys.stderr, flush=True)
        record(name, drawn)


if __name__ == "__main__":
    main()
