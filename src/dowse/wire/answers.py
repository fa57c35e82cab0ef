"""The answers of the native API that hold documents, or hold no document at all."""

from __future__ import annotations

from typing import Any

from dowse.domain.metrics import Goal
from dowse.wire.base import Flag, Form, Free, Number, Whole
from dowse.wire.documents import (
    JobSummary,
    MeasurementDocument,
    ProblemDocument,
    StoredMeasurementDocument,
    TrialDocument,
)
from dowse.wire.events import NumberedEventForm
from dowse.wire.targets import LimitForm, ObjectiveForm


class FailureDocument(Form):
    """Why a request was not granted (RFC 9457). `type` says what to do about it:

    mend the input (`invalid-input`, `already-exists`, `too-large`, `unsupported`), look at the
    names there are (`not-found`), read again (`conflict`), try again later (`unavailable`,
    `timeout`, `too-many-requests`), show a token (`unauthenticated`), or do not ask for this
    (`refused`, `forbidden`, `wrong-host`, `method-not-allowed`). `error` is a fault of the server.
    """

    type: str
    status: Whole
    detail: str
    problems: tuple[ProblemDocument, ...]


class HealthDocument(Form):
    """Only the owner is told more than that there is somebody."""

    status: str
    version: str
    data_dir: str | None = None
    pid: Whole | None = None
    url: str | None = None


class JobsDocument(Form):
    """Newest first; `next` is the `before` of the next page, null on the last."""

    jobs: tuple[JobSummary, ...]
    next: Whole | None


class SubmittedDocument(Form):
    job: JobSummary
    warnings: tuple[ProblemDocument, ...]


class ValidatedDocument(Form):
    """`spec` is what would be submitted, everything written out."""

    spec: dict[str, Any]
    warnings: tuple[ProblemDocument, ...]


class UploadDocument(Form):
    """`id` is named by a submission; `files` counts files and folders."""

    id: str
    files: Whole


class TrialsDocument(Form):
    """`next` is the `after` of the next page, null on the last."""

    trials: tuple[TrialDocument, ...]
    next: Whole | None


class MetricsDocument(Form):
    metrics: dict[str, tuple[StoredMeasurementDocument, ...]]


class LogDocument(Form):
    """`text` ends at byte `offset`, from which the next question goes on; `path` is the file."""

    path: str
    text: str
    offset: Whole


class CommandDocument(Form):
    """The program with its arguments, as a person would type it; null where Dowse started none."""

    command: str | None


class EventsDocument(Form):
    events: tuple[NumberedEventForm, ...]


class NumberedNoteForm(Form):
    """What a suggester noted for its next turn, from event `event` on; null was nothing."""

    event: Whole
    note: Free | None


class NotesDocument(Form):
    """`next` is the `after` of the next page, null on the last."""

    notes: tuple[NumberedNoteForm, ...]
    next: Whole | None


class ImprovementDocument(Form):
    """A trial that was the best when its number came."""

    trial: Whole
    value: Number


class ProgressDocument(Form):
    """`latest` has the last report of the objective for each live trial's number. Of several
    objectives `metric` and `goal` are those of the first one, `best` is null, and `front` has the
    numbers of the trials that no other one beats. `improvements` say how the best of one objective
    came about, at most 40 of them.
    """

    job: JobSummary
    metric: str
    goal: Goal
    objectives: tuple[ObjectiveForm, ...]
    metric_limits: tuple[LimitForm, ...]
    max_trials: Whole | None
    directory: str
    counts: dict[str, Whole]
    best: TrialDocument | None
    front: tuple[Whole, ...]
    improvements: tuple[ImprovementDocument, ...]
    live: tuple[TrialDocument, ...]
    latest: dict[str, MeasurementDocument]
    last_event: Whole


class SettingsDocument(Form):
    """What the server goes by; secrets are left out."""

    version: str
    url: str
    settings: dict[str, str | Number | Whole | Flag | list[str] | dict[str, Any] | None]


class InvitationDocument(Form):
    """`url` opens the console; the code behind its `#` logs a browser in, once."""

    url: str
