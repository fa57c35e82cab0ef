"""What a program logged of its trial besides metrics, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from dowse.domain.annotations import Annotation, AnnotationKind
from dowse.wire.base import Form, Whole


class LoggedRun(Form):
    """A run that the program opened beside its own; the metrics of a nested one begin `prefix`."""

    id: str
    name: str
    status: str
    prefix: str
    parameters: dict[str, str]
    tags: dict[str, str]


class LoggedModel(Form):
    id: str
    name: str
    type: str
    status: str
    parameters: dict[str, str]
    tags: dict[str, str]


class LoggedDataset(Form):
    """`run` is null for the trial's own."""

    run: str | None
    name: str
    digest: str


class LoggedFile(Form):
    """`path` lies below `logged-artifacts` in the trial's output directory; `size` in bytes."""

    path: str
    size: Whole


class LoggedDocument(Form):
    """`registered` has the versions under each name that the program registered a model as."""

    parameters: dict[str, str]
    tags: dict[str, str]
    runs: tuple[LoggedRun, ...]
    models: tuple[LoggedModel, ...]
    registered: dict[str, tuple[str, ...]]
    datasets: tuple[LoggedDataset, ...]
    files: tuple[LoggedFile, ...]


def logged_document(
    annotations: Iterable[Annotation], files: Iterable[tuple[str, int]]
) -> dict[str, Any]:
    """`files` are paths and sizes."""
    said: dict[tuple[str, AnnotationKind], dict[str, str]] = {}
    for one in annotations:
        said.setdefault((one.holder, one.kind), {})[one.key] = one.value or ""

    def of(holder: str, kind: AnnotationKind) -> dict[str, str]:
        return said.get((holder, kind), {})

    def holders(kind: AnnotationKind) -> list[str]:
        return [holder for holder, found in said if found is kind and holder]

    runs = [
        LoggedRun(
            id=run,
            name=of(run, AnnotationKind.RUN).get("name", ""),
            status=of(run, AnnotationKind.RUN).get("status", ""),
            prefix=of(run, AnnotationKind.RUN).get("prefix", ""),
            parameters=of(run, AnnotationKind.PARAMETER),
            tags=of(run, AnnotationKind.TAG),
        )
        for run in holders(AnnotationKind.RUN)
    ]
    models = [
        LoggedModel(
            id=model,
            name=of(model, AnnotationKind.MODEL).get("name", ""),
            type=of(model, AnnotationKind.MODEL).get("model_type", ""),
            status=of(model, AnnotationKind.MODEL).get("status", ""),
            parameters=of(model, AnnotationKind.PARAMETER),
            tags=of(model, AnnotationKind.TAG),
        )
        for model in holders(AnnotationKind.MODEL)
    ]
    return LoggedDocument(
        parameters=of("", AnnotationKind.PARAMETER),
        tags=of("", AnnotationKind.TAG),
        runs=tuple(runs),
        models=tuple(models),
        registered={
            name: tuple(version["version"] for version in json.loads(versions))
            for name, versions in of("", AnnotationKind.REGISTERED).items()
        },
        datasets=tuple(
            _dataset(holder, text)
            for (holder, kind), found in said.items()
            if kind is AnnotationKind.INPUT
            for text in found.values()
        ),
        files=tuple(LoggedFile(path=path, size=size) for path, size in files),
    ).to_json()


def _dataset(holder: str, text: str) -> LoggedDataset:
    dataset = json.loads(text)["dataset"]
    return LoggedDataset(
        run=holder or None,
        name=str(dataset.get("name", "")),
        digest=str(dataset.get("digest", "")),
    )
