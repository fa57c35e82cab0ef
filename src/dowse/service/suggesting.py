"""Suggestions computed beside the loop, in a process of its own, so that nothing waits for them.

The process speaks JSON lines: no pickle, and a crash of it costs one request. No database lock is
held while it computes.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Protocol

from dowse.domain.history import History
from dowse.domain.source import Source
from dowse.domain.space import Assignment
from dowse.domain.spec import JobSpec
from dowse.wire.history import history_to_json
from dowse.wire.sources import sources_to_json
from dowse.wire.spec import spec_to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request for `count` suggestions. `history` reflects the events up to `known_event`; in the
    logical order, what the suggestion may see of them.

    `sources` are pinned when a job is submitted: like its spec, they are sent once.
    """

    job_id: int
    spec: JobSpec
    history: History
    note: Mapping[str, Any] | None
    count: int
    known_event: int
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a question: suggestions as (parameters, why), or an error as a sentence.

    `asked` is how many there should be; `exhausted` says that no further configuration exists,
    `converged` in a sentence that none is expected to be better. `versions` are those of what
    answered, as far as digits may depend on them.
    """

    job_id: int
    known_event: int
    asked: int
    suggestions: tuple[tuple[Assignment, Mapping[str, Any]], ...] = ()
    note: Mapping[str, Any] | None = None
    exhausted: bool = False
    converged: str | None = None
    error: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)


class Suggesting(Protocol):
    """Answers questions in its own time; each question is answered exactly once."""

    def ask(self, question: Question) -> None: ...

    def poll(self) -> tuple[Answer, ...]:
        """The answers that came since the last call."""
        ...

    def close(self) -> None: ...


class SuggestingProcess:
    """One `dowse.service.suggester` process, restarted when it dies.

    `on_answer` is called from another thread whenever `poll` has something new. A process that
    answers nothing for `limit_s` seconds while questions are open is ended: a plug-in may hang.
    """

    def __init__(
        self,
        *,
        on_answer: Callable[[], None],
        log: IO[bytes] | None = None,
        limit_s: float = 600.0,
    ) -> None:
        self._on_answer = on_answer
        self._log = log
        self._limit_s = limit_s
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._open: dict[int, tuple[subprocess.Popen[bytes], Question]] = {}
        self._known: set[int] = set()
        self._next = 0
        self._busy_since = time.monotonic()
        self._closed = False
        self._process, self._reader = self._spawn()

    def ask(self, question: Question) -> None:
        with self._lock:
            if self._process.poll() is not None:
                self._process, self._reader = self._spawn()
            self._next += 1
            if not self._open:
                self._busy_since = time.monotonic()
            self._open[self._next] = (self._process, question)
            message: dict[str, Any] = {
                "id": self._next,
                "job": question.job_id,
                "history": history_to_json(question.history),
                "note": question.note,
                "count": question.count,
            }
            if question.job_id not in self._known:
                message["spec"] = spec_to_json(question.spec)
                message["sources"] = sources_to_json(question.sources)
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
        with self._lock:
            if self._open and time.monotonic() - self._busy_since > self._limit_s:
                self._process.kill()
        return tuple(found)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            process, reader = self._process, self._reader
            process.kill()
        process.wait()
        reader.join()

    def _spawn(self) -> tuple[subprocess.Popen[bytes], threading.Thread]:
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
        reader = threading.Thread(
            target=self._read, args=(process,), name="dowse-suggestions", daemon=True
        )
        reader.start()
        return process, reader

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                message = json.loads(line)
                with self._lock:
                    self._busy_since = time.monotonic()
                    _, question = self._open.pop(message["id"])
                self._deliver(_answer(question, message))
        self._fail_open(process, f"the suggester process ended with code {process.wait()}")

    def _fail_open(self, process: subprocess.Popen[bytes], error: str) -> None:
        """Answer what this process was asked; a newer one may be at work already."""
        with self._lock:
            lost = {key: one for key, (asked, one) in self._open.items() if asked is process}
            for key in lost:
                del self._open[key]
            assert process.stdin is not None
            with contextlib.suppress(OSError):  # A question that it never read.
                process.stdin.close()
            if self._closed:
                return
        for question in lost.values():
            self._deliver(
                Answer(
                    job_id=question.job_id,
                    known_event=question.known_event,
                    asked=question.count,
                    error=error,
                )
            )

    def _deliver(self, answer: Answer) -> None:
        self._answers.put(answer)
        self._on_answer()


class OneByOne:
    """Waits for each answer, of a process that is begun by the first question."""

    def __init__(self) -> None:
        self._there = threading.Event()
        self._process: SuggestingProcess | None = None

    def answer(self, question: Question) -> Answer:
        if self._process is None:
            self._process = SuggestingProcess(on_answer=self._there.set)
        self._there.clear()
        self._process.ask(question)
        while not (found := self._process.poll()):
            # Now and then it is looked whether the process hangs.
            self._there.wait(1.0)
        return found[0]

    def close(self) -> None:
        if self._process is not None:
            self._process.close()


def _answer(question: Question, message: Mapping[str, Any]) -> Answer:
    return Answer(
        job_id=question.job_id,
        known_event=question.known_event,
        asked=question.count,
        suggestions=tuple((one["parameters"], one["why"]) for one in message["suggestions"]),
        note=message["note"],
        exhausted=message["exhausted"],
        converged=message["converged"],
        error=message["error"],
        versions=message["versions"],
    )
