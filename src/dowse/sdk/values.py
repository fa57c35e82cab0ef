"""What a handle answers: trials, progress and events as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, overload

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One configuration that was tried, as it stood when it was asked for.

    `objective` is the value that counts, None while there is none; `further` has the values of the
    other objectives and of metrics with limits, by name; `why` the suggester's account
    of the choice. `output_dir` is a path of the server. Times are epoch seconds.
    """

    number: int
    state: str
    reason: str | None
    message: str
    parameters: Mapping[str, Any]
    objective: float | None
    further: Mapping[str, float] = field(default_factory=dict)
    step: int | None
    attempt: int
    exit_code: int | None
    output_dir: str | None
    why: Mapping[str, Any]
    created_at: float
    started_at: float | None
    ended_at: float | None
    tags: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float | None:
        if self.started_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.started_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A job at a glance. `counts` are trials by state; `max_trials` None is without limit."""

    state: str
    counts: Mapping[str, int]
    max_trials: int | None
    best: Trial | None
    running: tuple[Trial, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    """One thing that happened; `text` says it in a sentence, `data` has the details by `kind`."""

    number: int
    time: float
    kind: str
    text: str
    data: Mapping[str, Any]


class Trials(Sequence[Trial]):
    """Trials by number."""

    def __init__(self, trials: Sequence[Trial], metric: str) -> None:
        self._trials = tuple(trials)
        self._metric = metric

    @overload
    def __getitem__(self, index: int) -> Trial: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Trial, ...]: ...
    def __getitem__(self, index: int | slice) -> Trial | tuple[Trial, ...]:
        return self._trials[index]

    def __len__(self) -> int:
        return len(self._trials)

    def __iter__(self) -> Iterator[Trial]:
        return iter(self._trials)

    def __repr__(self) -> str:
        return f"<{len(self)} trials>"

    def rows(self) -> list[dict[str, Any]]:
        """One flat row for each trial: what it is, and a column `parameters.<name>` for each."""
        return [_row(trial, self._metric) for trial in self]

    def to_pandas(self) -> Any:
        """The rows as a DataFrame with the number as its index. Needs pandas."""
        try:
            import pandas
        except ImportError:
            message = "to_pandas needs pandas: install dowse[pandas], or use rows()"
            raise ImportError(message) from None
        frame = pandas.DataFrame(self.rows())
        return frame if frame.empty else frame.set_index("number")


def _row(trial: Trial, metric: str) -> dict[str, Any]:
    return {
        "number": trial.number,
        "state": trial.state,
        "reason": trial.reason,
        metric: trial.objective,
        **{name: value for name, value in trial.further.items() if name != metric},
        "step": trial.step,
        **{f"parameters.{name}": value for name, value in trial.parameters.items()},
        "attempt": trial.attempt,
        "duration_s": trial.duration_s,
        "output_dir": trial.output_dir,
    }


def trial_of(document: Document) -> Trial:
    known = {each.name for each in fields(Trial)}
    values = {key: value for key, value in document.items() if key in known}
    if values["objective"] is not None:
        # Numbers that JSON lacks come as words.
        values["objective"] = float(values["objective"])
    further = {name: float(value) for name, value in document["further"].items()}
    return Trial(**values | {"tags": tuple(document["tags"]), "further": further})


def progress_of(document: Document) -> Progress:
    best = document["best"]
    return Progress(
        state=document["job"]["state"],
        counts=document["counts"],
        max_trials=document["max_trials"],
        best=None if best is None else trial_of(best),
        running=tuple(trial_of(one) for one in document["live"]),
    )


def event_of(document: Document) -> JobEvent:
    from dowse.domain.sentences import sentence
    from dowse.wire.events import event_from_json

    data = dict(document["event"])
    return JobEvent(
        number=document["number"],
        time=document["time"],
        kind=data["kind"],
        text=sentence(event_from_json(data)),
        data=data,
    )
