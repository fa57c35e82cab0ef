"""A data directory with ended jobs of many trials, written in one transaction by the store."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert

from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import read_file
from dowse.domain.events import Event, TrialSuggested
from dowse.domain.job import JobState
from dowse.domain.lifecycle import Outcome, advance_job, advance_trial
from dowse.domain.parameters import Value
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.service.folders import DataDirectory
from dowse.store import changes
from dowse.store.connections import make_engine
from dowse.store.rows import trial_values
from dowse.store.schema import prepare
from dowse.store.tables import trials
from dowse.store.writer import Writer

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai_platform" / "reference"
BEGAN = 1_700_000_000.0


Draw = Callable[[random.Random], Mapping[str, Value]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledJob:
    """`draw` makes the parameters of a trial of `spec`; without, both are those of EXAMPLE."""

    name: str
    trials: int
    spec: JobSpec | None = None
    draw: Draw | None = None


def fill(data_dir: Path, jobs: Sequence[FilledJob]) -> None:
    """Make the data directory; its jobs have succeeded, and so have all of their trials."""
    folders = DataDirectory(data_dir)
    folders.make()
    context = ReadContext(folder=str(EXAMPLE), module_name="trainer.task")
    spec = read_file(EXAMPLE / "hptuning_config.yaml", context=context).spec
    engine = make_engine(folders.database)
    with engine.connect() as connection:
        prepare(connection, folders.database)
    writer = Writer(engine, folders.database)
    rng = random.Random(0)
    try:
        writer.run(lambda connection: _write(connection, spec, jobs, rng))
    finally:
        writer.close()
        engine.dispose()


def _write(
    connection: Connection, spec: JobSpec, jobs: Sequence[FilledJob], rng: random.Random
) -> None:
    for wanted in jobs:
        job = changes.create_job(connection, wanted.spec or spec, name=wanted.name, now=BEGAN)
        draw = wanted.draw or _drawn
        running = advance_job(job, JobState.RUNNING, at=BEGAN)
        job = changes.change_job(connection, running, now=BEGAN)
        rows, events = [], list[Event]()
        for number in range(1, wanted.trials + 1):
            queued = _queued(job.id, job.name, number, draw(rng))
            suggested = TrialSuggested(trial=number, parameters=queued.parameters)
            running_trial = advance_trial(queued, TrialState.RUNNING, at=BEGAN + number)
            outcome = Outcome(exit_code=0, objective=rng.random(), step=100)
            ended = advance_trial(
                running_trial.after, TrialState.SUCCEEDED, at=BEGAN + number + 60, outcome=outcome
            )
            rows.append(trial_values(ended.after))
            events += [suggested, *running_trial.events, *ended.events]
        connection.execute(insert(trials), rows)
        changes.append_events(connection, job.id, tuple(events), now=BEGAN)
        over = advance_job(job, JobState.SUCCEEDED, at=BEGAN + wanted.trials + 60)
        changes.change_job(connection, over, now=BEGAN)


def _queued(job_id: int, job: str, number: int, parameters: Mapping[str, Value]) -> Trial:
    return Trial(
        job_id=job_id, job=job, number=number, parameters=parameters, created_at=BEGAN + number
    )


def _drawn(rng: random.Random) -> Mapping[str, Value]:
    """A random place of the space of EXAMPLE."""
    return {
        "hidden1": rng.randint(40, 400),
        "numRnnCells": rng.choice([1, 2, 3, 4]),
        "rnnCellType": rng.choice(["BasicLSTMCell", "BasicRNNCell", "GRUCell", "LSTMCell"]),
    }
