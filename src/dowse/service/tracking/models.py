"""Logged models of an attempt, and the names that its program registers them under.

There is no registry here: a name is kept with the trial, and each registration answers with the
next version, so that a program which registers its model goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import uuid4

from dowse.domain.annotations import Annotation, AnnotationKind
from dowse.errors import AlreadyExists, NotFound
from dowse.service.reports import Reports, said
from dowse.service.tracking.runs import SOURCE, Caller
from dowse.wire.mlflow.models import (
    CreateModel,
    ModelRecord,
    RegisterModel,
    registered_document,
    version_document,
)

PREFIX = "m-"


class Models:
    """`new_id` gives the ids of logged models."""

    def __init__(
        self, reports: Reports, *, new_id: Callable[[], str] = lambda: f"{PREFIX}{uuid4().hex}"
    ) -> None:
        self._reports = reports
        self._new_id = new_id

    def create(self, caller: Caller, request: CreateModel) -> ModelRecord:
        model = self._new_id()
        now = self._now_ms()
        fields = {
            "name": request.name or f"model-{model[-8:]}",
            "model_type": request.model_type,
            "source_run_id": request.source_run_id,
            "status": "LOGGED_MODEL_PENDING",
            "created": str(now),
            "updated": str(now),
        }
        self._annotate(
            caller,
            said(AnnotationKind.MODEL, fields, holder=model),
            said(AnnotationKind.PARAMETER, {p.key: p.value for p in request.params}, holder=model),
            said(AnnotationKind.TAG, {tag.key: tag.value for tag in request.tags}, holder=model),
        )
        return self.get(caller, model)

    def change(
        self,
        caller: Caller,
        model: str,
        *,
        status: str | None = None,
        parameters: Mapping[str, str] | None = None,
        tags: Mapping[str, str | None] | None = None,
    ) -> ModelRecord:
        self.get(caller, model)
        fields = {"updated": str(self._now_ms())}
        if status is not None:
            fields["status"] = status
        self._annotate(
            caller,
            said(AnnotationKind.MODEL, fields, holder=model),
            said(AnnotationKind.PARAMETER, parameters or {}, holder=model),
            said(AnnotationKind.TAG, tags or {}, holder=model),
        )
        return self.get(caller, model)

    def get(self, caller: Caller, model: str) -> ModelRecord:
        """Raises NotFound for a model that is not of this attempt."""
        found = _built(caller, model, self._reports.annotations(caller.job_id, caller.attempt))
        if found is None:
            raise NotFound(f"model {model!r} was not logged by this trial")
        return found

    def all(self, caller: Caller) -> list[ModelRecord]:
        annotations = self._reports.annotations(caller.job_id, caller.attempt)
        ids = dict.fromkeys(one.holder for one in annotations if one.kind is AnnotationKind.MODEL)
        found = [_built(caller, model, annotations) for model in ids]
        return [model for model in found if model is not None]

    # ------------------------------------------------------------------ names

    def register(self, caller: Caller, request: RegisterModel) -> dict[str, Any]:
        """A name for models. Raises AlreadyExists for one that this trial has registered."""
        if self._versions(caller, request.name) is not None:
            raise AlreadyExists(f"name: there is already a registered model {request.name!r}")
        self._keep_versions(caller, request.name, [])
        return registered_document(request.name, created_ms=self._now_ms())

    def registered(self, caller: Caller, name: str) -> dict[str, Any]:
        self._known_versions(caller, name)
        return registered_document(name, created_ms=self._now_ms())

    def add_version(self, caller: Caller, request: RegisterModel) -> dict[str, Any]:
        versions = self._known_versions(caller, request.name)
        number = str(len(versions) + 1)
        version = version_document(request, version=number, created_ms=self._now_ms())
        self._keep_versions(caller, request.name, [*versions, version])
        return version

    def version(self, caller: Caller, name: str, number: str) -> dict[str, Any]:
        for version in self._known_versions(caller, name):
            if version["version"] == number:
                return version
        raise NotFound(f"registered model {name!r} has no version {number!r}")

    def _known_versions(self, caller: Caller, name: str) -> list[dict[str, Any]]:
        versions = self._versions(caller, name)
        if versions is None:
            raise NotFound(f"this trial has not registered a model {name!r}")
        return versions

    def _versions(self, caller: Caller, name: str) -> list[dict[str, Any]] | None:
        for one in self._reports.annotations(caller.job_id, caller.attempt):
            if one.kind is AnnotationKind.REGISTERED and one.key == name:
                versions: list[dict[str, Any]] = json.loads(one.value or "[]")
                return versions
        return None

    def _keep_versions(self, caller: Caller, name: str, versions: list[dict[str, Any]]) -> None:
        kept = {name: json.dumps(versions)}
        self._annotate(caller, said(AnnotationKind.REGISTERED, kept))

    # ------------------------------------------------------------------ both

    def _now_ms(self) -> int:
        return round(self._reports.now() * 1000)

    def _annotate(self, caller: Caller, *groups: Iterable[Annotation]) -> None:
        annotations = [one for group in groups for one in group]
        self._reports.record(caller.job_id, caller.attempt, source=SOURCE, annotations=annotations)


def _built(caller: Caller, model: str, annotations: Iterable[Annotation]) -> ModelRecord | None:
    found: dict[AnnotationKind, dict[str, str]] = {kind: {} for kind in AnnotationKind}
    for one in annotations:
        if one.holder == model:
            found[one.kind][one.key] = one.value or ""
    if not model or not found[AnnotationKind.MODEL]:
        return None
    return ModelRecord(
        id=model,
        experiment_id=caller.experiment_id,
        fields=found[AnnotationKind.MODEL],
        parameters=found[AnnotationKind.PARAMETER],
        tags=found[AnnotationKind.TAG],
    )
