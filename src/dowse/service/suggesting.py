"""Suggestions computed beside the loop, in a process of its own, so that nothing waits for them.

The process speaks JSON lines: no pickle, and a crash of it costs one request. No database lock is
held while it computes.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any, Protocol

from dowse.domain.history import History
from dowse.domain.space import Assignment
from dowse.domain.spec import JobSpec
from dowse.wire.history import history_to_json
from dowse.wire.spec import spec_to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request for `count` suggestions. `history` reflects the events up to `known_event`."""

    job_id: int
    spec: JobSpec
    history: History
    note: Mapping[str, Any] | None
    count: int
    known_event: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a question: suggestions as (parameters, why), or an error as a sentence.

    `exhausted` says that no further configuration exists.
    """

    job_id: int
    known_event: int
    suggestions: tuple[tuple[Assignment, Mapping[str, Any]], ...] = ()
    note: Mapping[str, Any] | None = None
    exhausted: bool = False
    error: str | None = None


class Suggesting(Protocol):
    """Answers questions in its own time; each question is answered exactly once."""

    def ask(self, question: Question) -> None: ...

    def poll(self) -> tuple[Answer, ...]:
        """The answers that came since the last call."""
        ...

    def close(self) -> None: ...


class SuggestingProcess:
    """One `dowse.service.suggester` process, restarted when it dies.

    `on_answer` is called from another thread whenever `poll` has something new.
    """

    def __init__(self, *, on_answer: Callable[[], None], log: IO[bytes] | None = None) -> None:
        self._on_answer = on_answer
        self._log = log
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._open: dict[int, Question] = {}
        self._known: set[int] = set()
        self._next = 0
        self._closed = False
        self._process = self._spawn()

    def ask(self, question: Question) -> None:
        with self._lock:
            if self._process.poll() is not None:
                self._process = self._spawn()
            self._next += 1
            self._open[self._next] = question
            message: dict[str, Any] = {
                "id": self._next,
                "job": question.job_id,
                "history": history_to_json(question.history),
                "note": question.note,
                "count": question.count,
            }
            if question.job_id not in self._known:
                message["spec"] = spec_to_json(question.spec)
                self._known.add(question.job_id)
            assert self._process.stdin is not None
            try:
                self._process.stdin.write(json.dumps(message).encode() + b"\n")
                self._process.stdin.flush()
            except OSError:
                pass  # The process died just now: its reader answers all open questions.

    def poll(self) -> tuple[Answer, ...]:
        found = []
        while not self._answers.empty():
            found.append(self._answers.get())
        return tuple(found)

    def close(self) -> None:
        self._closed = True
        self._process.kill()
        self._process.wait()

    def _spawn(self) -> subprocess.Popen[bytes]:
        self._known.clear()
        # One computing thread: replay demands the same sums, and trials need the cores.
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        process = subprocess.Popen(
            [sys.executable, "-m", "dowse.service.suggester"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log or subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        threading.Thread(
            target=self._read, args=(process,), name="dowse-suggestions", daemon=True
        ).start()
        return process

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            message = json.loads(line)
            with self._lock:
                question = self._open.pop(message["id"], None)
            if question is not None:
                self._deliver(_answer(question, message))
        if not self._closed:
            self._fail_open(f"the suggester process ended with code {process.wait()}")

    def _fail_open(self, error: str) -> None:
        with self._lock:
            lost, self._open = self._open, {}
        for question in lost.values():
            self._deliver(
                Answer(job_id=question.job_id, known_event=question.known_event, error=error)
            )

    def _deliver(self, answer: Answer) -> None:
        self._answers.put(answer)
        self._on_answer()


def _answer(question: Question, message: Mapping[str, Any]) -> Answer:
    return Answer(
        job_id=question.job_id,
        known_event=question.known_event,
        suggestions=tuple((one["parameters"], one["why"]) for one in message["suggestions"]),
        note=message["note"],
        exhausted=message["exhausted"],
        error=message["error"],
    )
