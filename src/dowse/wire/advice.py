"""Advice on a job, suggested ranges and the report on runs that confirm, as JSON."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from dowse.wire.base import Flag, Form, Number, Value, Whole
from dowse.wire.insights import Word


class RangeDocument(Form):
    """An interval has `min`, `max` and `scale`; a list has `values`.

    `text` is either as people write it: `3..27` or `4,16,32`.
    """

    min: Number | None = None
    max: Number | None = None
    scale: Word | None = None
    values: tuple[Value, ...] | None = None
    text: str


class RangeProposalDocument(Form):
    """`sure` says whether to take it over without a second look."""

    parameter: str
    change: Word
    now: RangeDocument
    suggested: RangeDocument
    why: str
    top: Whole
    inside: Whole
    sure: Flag


class RangesDocument(Form):
    ranges: tuple[RangeProposalDocument, ...]


class AdviceDocument(Form):
    kind: Word
    about: str
    message: str


class CandidateDocument(Form):
    trial: Whole
    parameters: dict[str, Value]
    value: Number
    mean: Number
    low: Number
    high: Number
    chance: Number


class TrustDocument(Form):
    """The best observed trial, the best as the model sees it, and those that are as good."""

    observed: CandidateDocument
    model: CandidateDocument
    close: tuple[CandidateDocument, ...]
    noise: Number
    message: str


class OutlookDocument(Form):
    """`running_s` and `cost` are of all these trials together."""

    trials: Whole
    gain: Number
    chance: Number
    running_s: Number | None
    cost: Number | None


class CounselDocument(Form):
    """`trust` is null with too few results."""

    advice: tuple[AdviceDocument, ...]
    ranges: tuple[RangeProposalDocument, ...]
    trust: TrustDocument | None
    forecast: tuple[OutlookDocument, ...]
    currency: str


class ConfirmForm(Form):
    """`seeds` times `top` are the most runs. `seed_flag` is the argument by which the program gets
    its seed, beside the variable DOWSE_SEED.
    """

    top: Whole = 5
    seeds: Whole = 10
    seed_flag: str | None = None
    parallel: Whole | None = Field(default=None, ge=1)
    name: str | None = None
    environment: dict[str, str] | None = None


class ConfirmedDocument(Form):
    trial: Whole
    parameters: dict[str, Value]
    searched: Number
    runs: Whole
    failed: Whole
    mean: Number | None
    low: Number | None
    high: Number | None
    sd: Number | None
    chance: Number
    dropped: Whole | None
    behind: Number | None
    p: Number | None


class ConfirmationDocument(Form):
    """`name` is the job of the runs, `job` the one whose trials they repeat."""

    name: str
    job: str
    metric: str
    seeds: Whole
    runs: Whole
    budget: Whole
    over: Flag
    decided: Flag
    best: Whole | None
    estimate: Number | None
    curse: Number | None
    message: str
    entrants: tuple[ConfirmedDocument, ...]


def counsel_to_json(found: object) -> dict[str, Any]:
    return CounselDocument.model_validate(found).to_json()


def ranges_to_json(found: object) -> dict[str, Any]:
    return RangesDocument.model_validate({"ranges": found}).to_json()


def confirmation_to_json(found: object, *, name: str, metric: str) -> dict[str, Any]:
    fields = {
        key: getattr(found, key)
        for key in ConfirmationDocument.model_fields
        if key not in ("name", "metric")
    }
    return ConfirmationDocument.model_validate({**fields, "name": name, "metric": metric}).to_json()
