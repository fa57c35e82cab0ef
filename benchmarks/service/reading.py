"""How fast large jobs and long lists are answered."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.foundation.command import scratch
from benchmarks.report import Row, at_most
from benchmarks.service.filled import FilledJob, fill
from benchmarks.service.servers import DowseServer, dowse_server

LARGE = 1_000
PAGE = 50
PROJECT = "/v1/projects/benchmark/jobs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked for, and how many items its answer must hold under `key`."""

    name: str
    path: str
    key: str
    count: int
    limit_ms: float | None = None


class Asking:
    """A client of a server that keeps its connection, as clients do."""

    def __init__(self, server: DowseServer) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._headers = {"Authorization": f"Bearer {server.token}"}

    def get(self, path: str) -> tuple[float, Any]:
        """Seconds to the last byte of the answer, and the answer."""
        began = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        lasted = time.perf_counter() - began
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body.decode(errors='replace')}")
        return lasted, json.loads(body)


def measure_reading(*, quick: bool) -> list[Row]:
    repeats = 5 if quick else 30
    jobs, huge = (20, 2_000) if quick else (1_000, 100_000)
    # Each large job is asked for twice: what is told anew, and what is told again.
    large = [f"large{k}" for k in range(repeats + 1)]
    with scratch() as folder:
        _fill(folder / "data", jobs=jobs, large=large, huge=huge)
        with dowse_server(folder) as server:
            asking = Asking(server)
            anew, again = _large_jobs(asking, large)
            times = {
                question: [_asked(asking, question) for _ in range(repeats)]
                for question in _questions(large[0], jobs=jobs, huge=huge)
            }
    return [*job_rows(anew, again), *question_rows(times), _start_row(server)]


def _fill(data_dir: Path, *, jobs: int, large: Sequence[str], huge: int) -> None:
    wanted = [FilledJob(name=f"small{k}", trials=1) for k in range(jobs)]
    wanted += [FilledJob(name=name, trials=LARGE) for name in large]
    fill(data_dir, [*wanted, FilledJob(name="huge", trials=huge)])


def _questions(large: str, *, jobs: int, huge: int) -> list[Question]:
    trials = "/api/v1/jobs/huge/trials"
    return [
        Question(
            name=f"first {PAGE} trials of {huge:,}",
            path=f"{trials}?limit={PAGE}",
            key="trials",
            count=PAGE,
            limit_ms=100,
        ),
        Question(
            name=f"last {PAGE} trials of {huge:,}",
            path=f"{trials}?limit={PAGE}&after={huge - PAGE}",
            key="trials",
            count=PAGE,
        ),
        Question(
            name=f"/api/v1, a job of {LARGE:,} trials",
            path=f"/api/v1/jobs/{large}",
            key="trials",
            count=LARGE,
        ),
        Question(
            name=f"newest {PAGE} of {jobs:,} jobs",
            path=f"/api/v1/jobs?limit={PAGE}&name=small",
            key="jobs",
            count=min(PAGE, jobs),
        ),
    ]


def _large_jobs(asking: Asking, names: Sequence[str]) -> tuple[list[float], list[float]]:
    """Seconds of the first and of the second `jobs.get` of each job but one, which warms up."""
    found = []
    for name in names:
        pair = [asking.get(f"{PROJECT}/{name}") for _ in range(2)]
        for _, answer in pair:
            told = len(answer["trainingOutput"]["trials"])
            if (answer["jobId"], told) != (name, LARGE):
                raise RuntimeError(f"{name} came as {answer['jobId']} with {told} trials")
        found.append([lasted for lasted, _ in pair])
    anew, again = zip(*found[1:], strict=True)
    return list(anew), list(again)


def _asked(asking: Asking, question: Question) -> float:
    lasted, answer = asking.get(question.path)
    if len(answer[question.key]) != question.count:
        raise RuntimeError(f"{question.path}: {len(answer[question.key])} {question.key}")
    return lasted


def job_rows(anew: Sequence[float], again: Sequence[float]) -> list[Row]:
    """Of seconds."""
    name = f"ml.v1 jobs.get, {LARGE:,} trials"
    return [
        at_most(f"{name}, made anew, median", median(anew) * 1000, "ms", 50),
        Row(name=f"{name}, made anew, slowest", value=max(anew) * 1000, unit="ms"),
        Row(name=f"{name}, unchanged since", value=median(again) * 1000, unit="ms"),
    ]


def question_rows(times: Mapping[Question, Sequence[float]]) -> list[Row]:
    """Of seconds. The slowest is held to a limit, for it is the first, which finds no warmth."""
    rows = []
    for question, lasted in times.items():
        if question.limit_ms is not None:
            name = f"{question.name}, slowest"
            rows.append(at_most(name, max(lasted) * 1000, "ms", question.limit_ms))
        rows.append(Row(name=f"{question.name}, median", value=median(lasted) * 1000, unit="ms"))
    return rows


def _start_row(server: DowseServer) -> Row:
    return Row(name="server start over all of these jobs", value=server.start_s, unit="s")
