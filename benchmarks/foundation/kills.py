"""Jobs that are killed again and again, and what became of their trials."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.foundation import witness
from benchmarks.foundation.command import DOWSE, TIMEOUT_S, environment, run_words
from benchmarks.foundation.processes import Process, kill, marked, survivors
from benchmarks.foundation.verdict import Attempt, Ended, Start, Tally
from benchmarks.report import Row, at_most
from dowse.domain.events import TrialChanged
from dowse.domain.trial import FINAL_TRIAL_STATES, AttemptRef
from dowse.service.folders import DataDirectory
from dowse.store.sqlite import SqliteStore
from dowse.wiring import SystemClock

Run = subprocess.Popen[bytes]
"""One `dowse run` or `dowse resume` in the foreground."""

PARALLEL = 4
SEED = 20261120
DEATH_S = 10.0
"""How long a program may outlive its killed runner, and anything the end of its job."""

DOCUMENT = """\
command: python witness.py
metric: loss
goal: minimize
parameters:
  x: {{type: double, min: 0, max: 1}}
  seconds: {{type: double, min: 1, max: 2}}
algorithm: bayesian
seed: {seed}
limits: {{trials: {trials}, parallel: {parallel}, failed: {trials}}}
"""


def measure_kills(*, quick: bool) -> list[Row]:
    return [_row("kills of dowse run", kills=3 if quick else 20, runners_too=False)]


def measure_runner_kills(*, quick: bool) -> list[Row]:
    return [_row("kills of dowse run and runners", kills=3 if quick else 20, runners_too=True)]


def _row(name: str, *, kills: int, runners_too: bool) -> Row:
    folder = Path(tempfile.mkdtemp(prefix="dowse-kills-"))
    campaign = Campaign(folder, seed=SEED, runners_too=runners_too, trials=40)
    tally = campaign.run(kills)
    for fault in tally.faults:
        print(f"  fault: {fault}", file=sys.stderr)
    if tally.faults:
        print(f"  everything is in {folder}", file=sys.stderr)
    else:
        shutil.rmtree(folder)
    seen = (
        f"{tally.trials} trials, {tally.measurements} measurements, "
        f"{campaign.early_kills} kills more during recovery"
    )
    if runners_too:
        seen += f", {tally.killed_runners} runners killed, {tally.lost_trials} trials lost"
    return at_most(f"faults after {kills} {name}", len(tally.faults), "", 0, seen)


class Campaign:
    """Kills at random moments while four trials run, and a resume after each.

    A kill takes everything but the runners and their programs; with `runners_too` it also takes
    some of the runners. Some kills more hit the recovery itself. A job that comes to its end
    before all kills were made is followed by another one.
    """

    def __init__(self, folder: Path, *, seed: int, runners_too: bool, trials: int) -> None:
        self._folder = folder
        self._random = random.Random(seed)
        self._seed = seed
        self._runners_too = runners_too
        self._trials = trials
        self._mark = f"BENCH_{uuid.uuid4().hex}"
        self._killed: set[str] = set()
        self.early_kills = 0
        (folder / "witness").mkdir(parents=True)
        (folder / "code").mkdir()
        shutil.copy(witness.__file__, folder / "code" / "witness.py")

    def run(self, kills: int) -> Tally:
        tally = Tally()
        jobs, done = 0, 0
        while done < kills:
            jobs += 1
            name = f"job{jobs}"
            done += self._run_job(name, kills - done)
            tally.add(name, list(self._gather(name)), wanted=self._trials)
        left = survivors(f"{self._mark}=1", patience_s=DEATH_S)
        tally.faults += [f"process {one.pid} is left behind: {one.command}" for one in left]
        kill(left)
        return tally

    # ------------------------------------------------------------------ killing

    def _run_job(self, name: str, kills: int) -> int:
        """Carry a job to its end through at most so many kills; how many there were."""
        file = self._folder / "code" / "job.yaml"
        text = DOCUMENT.format(seed=self._seed, trials=self._trials, parallel=PARALLEL)
        file.write_text(text)
        data = self._folder / "data"
        run = self._start(run_words(file, name, data))
        resume = [*DOWSE, "resume", name, "--json", "--quiet", "--data-dir", str(data)]
        done = 0
        while done < kills and self._wait_for_trials(run):
            time.sleep(self._random.uniform(0, 1.5))
            if run.poll() is not None:
                break
            self._kill(run)
            done += 1
            print(f"  kill {done} of {name}", file=sys.stderr, flush=True)
            time.sleep(self._random.choice([0, self._random.uniform(0, 2)]))
            run = self._start(resume)
            if self._random.random() < 0.3:
                time.sleep(self._random.uniform(0.1, 1.5))
                if run.poll() is None:
                    self._kill(run)
                    self.early_kills += 1
                    run = self._start(resume)
        code = run.wait(timeout=TIMEOUT_S)
        if not self._is_over(name):
            output = (self._folder / "output.txt").read_text()[-3000:]
            raise RuntimeError(f"{name} goes on, and dowse has ended with {code}: {output}")
        return done

    def _start(self, words: list[str]) -> Run:
        variables = {self._mark: "1", witness.FOLDER_VARIABLE: str(self._folder / "witness")}
        with (self._folder / "output.txt").open("ab") as output:
            return subprocess.Popen(
                words,
                env=environment(**variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def _wait_for_trials(self, run: Run) -> bool:
        """True when four programs run, False when the job is over."""
        until = time.monotonic() + TIMEOUT_S
        while time.monotonic() < until:
            if run.poll() is not None:
                return False
            running = {one.attempt for one in self._marked() if one.attempt and not one.is_runner}
            if len(running) >= PARALLEL:
                return True
            time.sleep(0.05)
        raise RuntimeError(f"no {PARALLEL} trials run; everything is in {self._folder}")

    def _marked(self) -> list[Process]:
        return marked(f"{self._mark}=1")

    def _kill(self, run: Run) -> None:
        """Again until nothing is left, for what is killed may just be starting something."""
        victims = self._runner_victims() if self._runners_too else set()
        until = time.monotonic() + DEATH_S
        while found := [one for one in self._marked() if one.attempt in {None, *victims}]:
            if time.monotonic() > until:
                raise RuntimeError(f"{DEATH_S:g} s after a kill there is still {found}")
            kill(one for one in found if one.attempt is None or one.is_runner)
            run.poll()  # It would stay in the list as a zombie.
        run.wait()

    def _runner_victims(self) -> set[str]:
        runners = sorted({one.attempt for one in self._marked() if one.attempt and one.is_runner})
        count = self._random.randint(min(1, len(runners)), len(runners))
        victims = set(self._random.sample(runners, count))
        self._killed |= victims
        return victims

    # ------------------------------------------------------------------ gathering

    def _store(self) -> SqliteStore:
        return SqliteStore(DataDirectory(self._folder / "data").database, clock=SystemClock())

    def _is_over(self, job: str) -> bool:
        with closing(self._store()) as store:
            return store.job(job).state.is_final

    def _gather(self, job: str) -> Iterator[Ended]:
        folders = DataDirectory(self._folder / "data")
        with closing(self._store()) as store:
            job_id = store.job(job).id
            endings = _endings(store, job_id)
            for trial in store.trials(job_id):
                refs = [AttemptRef(job, trial.number, n + 1) for n in range(trial.attempt)]
                yield Ended(
                    number=trial.number,
                    state=trial.state.value,
                    reason=trial.reason.value if trial.reason else None,
                    exit_code=trial.exit_code,
                    x=float(trial.parameters["x"]),
                    attempts={ref.attempt: self._attempt(store, folders, ref) for ref in refs},
                    endings=endings.get(trial.number, 0),
                )

    def _attempt(self, store: SqliteStore, folders: DataDirectory, ref: AttemptRef) -> Attempt:
        log = folders.attempt(ref) / "log.txt"
        pattern = f"{str(ref).replace('/', '.')}.*.jsonl"
        stored = [one.measurement for one in store.curve(ref, "loss")]
        return Attempt(
            starts=tuple(_start_of(path) for path in (self._folder / "witness").glob(pattern)),
            log=log.read_text() if log.exists() else "",
            stored=tuple((one.step, one.value) for one in stored),
            was_killed=str(ref) in self._killed,
        )


def _endings(store: SqliteStore, job_id: int) -> dict[int, int]:
    """How often each trial came to a final state."""
    counts: dict[int, int] = {}
    last = 0
    while page := store.events(job_id, after=last):
        last = page[-1][0]
        for _, _, event in page:
            if isinstance(event, TrialChanged) and event.after in FINAL_TRIAL_STATES:
                counts[event.trial] = counts.get(event.trial, 0) + 1
    return counts


def _start_of(path: Path) -> Start:
    facts: dict[str, Any] = {}
    reported = []
    for line in path.read_text().splitlines(keepends=True):
        if not line.endswith("\n"):
            break  # The program was killed within this line.
        fact = json.loads(line)
        facts |= fact
        if "reported" in fact:
            reported.append(fact["reported"])
    return Start(x=facts["x"], reported=tuple(reported), ended=facts.get("ended"))
