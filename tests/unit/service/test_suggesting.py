"""The suggester's process, as a real process."""

import os
import signal
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from dowse.domain.history import History
from dowse.domain.spec import AlgorithmSpec
from dowse.service.suggesting import Answer, Question, SuggestingProcess
from tests.unit.service.values import a_spec

PLUGIN = """
import os, sys, time

class Plugin:
    def __init__(self, way):
        self.way = way

    def suggest(self, request):
        if self.way == "crash":
            os._exit(3)
        if self.way == "hang":
            time.sleep(600)
        if self.way == "raise":
            raise RuntimeError("no luck")
        print("a word on standard output")
        os.write(1, b'{"id": 1}\\n')
        from dowse.optim.protocol import SuggestDecision, Suggestion
        return SuggestDecision(suggestions=(Suggestion(parameters={"lr": 0.25}, why={}),))
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a suggester of another package, as its installer would."""
    (tmp_path / "odd_plugin.py").write_text(textwrap.dedent(PLUGIN))
    info = tmp_path / "odd_plugin-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd-plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[dowse.suggesters]\nodd = odd_plugin:Plugin\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))


class Asker:
    """Asks, and waits for what is answered."""

    def __init__(self, limit_s: float = 600.0) -> None:
        self._rang = threading.Semaphore(0)
        self.process = SuggestingProcess(on_answer=self._rang.release, limit_s=limit_s)

    def ask(self, job_id: int, algorithm: str = "random", **options: str) -> None:
        spec = replace(a_spec(), algorithm=AlgorithmSpec(name=algorithm, options=options))
        self.process.ask(
            Question(job_id=job_id, spec=spec, history=History(), note=None, count=1, known_event=4)
        )

    def answer(self) -> Answer:
        assert self._rang.acquire(timeout=30)
        (answer,) = self.process.poll()
        return answer


@contextmanager
def asking(limit_s: float = 600.0) -> Iterator[Asker]:
    asker = Asker(limit_s)
    try:
        yield asker
    finally:
        asker.process.close()


def test_questions_are_answered_by_another_process_each_once() -> None:
    with asking() as asker:
        asker.ask(1)
        first = asker.answer()
        assert (first.job_id, first.known_event, first.error) == (1, 4, None)
        (suggestion,) = first.suggestions
        assert 0.0 <= float(suggestion[0]["lr"]) <= 1.0
        asker.ask(1)
        assert asker.answer().suggestions == first.suggestions
        assert asker.process.poll() == ()


def test_a_crash_costs_one_answer_and_the_next_question_starts_a_new_process(
    plugin: None,
) -> None:
    with asking() as asker:
        asker.ask(1, "odd", way="crash")
        assert asker.answer().error == "the suggester process ended with code 3"
        asker.ask(1, "odd", way="crash")
        assert asker.answer().error == "the suggester process ended with code 3"
        asker.ask(2, "random")
        assert asker.answer().error is None


def test_a_killed_process_is_replaced_and_knows_every_job_again() -> None:
    with asking() as asker:
        asker.ask(1)
        before = asker.answer()
        os.kill(asker.process._process.pid, signal.SIGKILL)
        asker.process._process.wait()
        asker.ask(1)
        assert asker.answer().suggestions == before.suggestions


def test_an_error_of_a_plug_in_arrives_as_words(plugin: None) -> None:
    with asking() as asker:
        asker.ask(1, "odd", way="raise")
        assert asker.answer().error == "RuntimeError: no luck"


def test_what_a_plug_in_prints_is_no_answer(plugin: None) -> None:
    with asking() as asker:
        asker.ask(1, "odd", way="print")
        assert [parameters for parameters, _ in asker.answer().suggestions] == [{"lr": 0.25}]
        asker.ask(1)
        assert asker.answer().error is None


def test_a_plug_in_that_hangs_is_ended_after_the_limit(plugin: None) -> None:
    with asking(limit_s=0.5) as asker:
        asker.ask(1, "odd", way="hang")
        deadline = time.monotonic() + 30
        found: tuple[Answer, ...] = ()
        while not found and time.monotonic() < deadline:
            found = asker.process.poll()
            time.sleep(0.05)
        assert [answer.error for answer in found] == ["the suggester process ended with code -9"]


def test_closing_ends_the_process_and_answers_nothing_more(plugin: None) -> None:
    with asking() as asker:
        asker.ask(1, "odd", way="hang")
        process = asker.process._process
    assert process.poll() == -9
    assert asker.process.poll() == ()
