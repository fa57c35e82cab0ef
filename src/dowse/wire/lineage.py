"""What a job asks of earlier ones as JSON, and what was pinned of them, kept in the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from dowse.domain.lineage import Chosen, Inherited, Kin, Lineage, Pinned
from dowse.wire.base import Flag, Form, Free, Number, Value, Whole, read
from dowse.wire.sources import (
    ObservationForm,
    SourceForm,
    form_of_source,
    observation_of_form,
    source_of_form,
)


class ContinuationForm(Form):
    job: str
    changed: Flag = False
    fixed: dict[str, Value] = Field(default_factory=dict)


class LearningForm(Form):
    similar: Flag = False
    jobs: tuple[str, ...] = ()


class InheritedForm(Form):
    job: str
    trial: Whole
    observation: ObservationForm


class PinnedForm(Form):
    chosen: Chosen
    name_score: Number
    space_score: Number
    source: SourceForm


class LineageForm(Form):
    parent: str | None = None
    inherited: tuple[InheritedForm, ...] = ()
    index: Whole = 0
    note: Free | None = None
    sources: tuple[PinnedForm, ...] = ()


class InheritedTrial(Form):
    job: str
    trial: Whole
    value: Number | None
    parameters: dict[str, Value]


class SourceDocument(Form):
    """A job that is learnt from; `weight` and `dropped` are those of the newest suggestion."""

    job: str
    chosen: Chosen
    score: Number
    name_score: Number
    space_score: Number
    results: Whole
    weight: Number | None
    dropped: str | None


class KinDocument(Form):
    """`ancestors` are the jobs whose trials count as this one's, with how many of each."""

    parent: str | None
    parent_exists: Flag
    children: tuple[str, ...]
    ancestors: dict[str, Whole]
    inherited_best: InheritedTrial | None
    sources: tuple[SourceDocument, ...]


def kin_document(kin: Kin) -> dict[str, Any]:
    best = kin.inherited_best
    shown = (
        None
        if best is None
        else InheritedTrial(
            job=best.job,
            trial=best.trial,
            value=best.observation.value,
            parameters=dict(best.observation.parameters),
        )
    )
    form = KinDocument(
        parent=kin.parent,
        parent_exists=kin.parent_exists,
        children=kin.children,
        ancestors=dict(kin.ancestors),
        inherited_best=shown,
        sources=tuple(SourceDocument.model_validate(each) for each in kin.sources),
    )
    return form.to_json()


def lineage_to_json(lineage: Lineage) -> dict[str, Any]:
    """Without the number of the parent, which stands in a column of its own."""
    form = LineageForm(
        parent=lineage.parent,
        inherited=tuple(InheritedForm.model_validate(each) for each in lineage.inherited),
        index=lineage.index,
        note=None if lineage.note is None else dict(lineage.note),
        sources=tuple(
            PinnedForm(
                chosen=each.chosen,
                name_score=each.name_score,
                space_score=each.space_score,
                source=form_of_source(each.source),
            )
            for each in lineage.sources
        ),
    )
    return form.to_json()


def lineage_from_json(document: Mapping[str, Any], *, parent_id: int | None) -> Lineage:
    """The inverse. Raises InvalidInput."""
    form = read(LineageForm, document)
    return Lineage(
        parent=form.parent,
        parent_id=parent_id,
        inherited=tuple(
            Inherited(
                job=each.job, trial=each.trial, observation=observation_of_form(each.observation)
            )
            for each in form.inherited
        ),
        index=form.index,
        note=form.note,
        sources=tuple(
            Pinned(
                source=source_of_form(each.source),
                chosen=each.chosen,
                name_score=each.name_score,
                space_score=each.space_score,
            )
            for each in form.sources
        ),
    )
