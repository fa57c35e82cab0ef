"""The table of dialects, and the one way in."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dowse.dialects import documents
from dowse.dialects.ai_platform import AIPlatform
from dowse.dialects.documents import Document
from dowse.dialects.located import Mapping, Scalar, refuse
from dowse.dialects.native import Native
from dowse.dialects.openbayes import OpenBayes
from dowse.dialects.protocol import Dialect, ReadContext, Reading
from dowse.dialects.reader import nearest
from dowse.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Announced:
    """A dialect that is recognised and not readable yet; its module will take this place."""

    name: str
    title: str
    marks: frozenset[str]
    types: frozenset[str] = frozenset()

    def recognise(self, root: Mapping) -> float:
        kind = root.get("type")
        typed = isinstance(kind, Scalar) and kind.raw in self.types
        return 1.0 if typed or self.marks & set(root.keys) else 0.0

    def read(self, document: Document, context: ReadContext) -> Reading:
        raise refuse(
            document.root.location,
            f"is {self.title}, which is not readable yet; write it as a native or a Google "
            "AI Platform job",
        )


DIALECTS: AnyMapping[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        Native(),
        AIPlatform(),
        OpenBayes(),
        Announced(
            "azure_ml",
            "an Azure ML sweep job",
            frozenset({"search_space", "sampling_algorithm", "primary_metric", "trial", "jobs"}),
            frozenset({"sweep", "sweep_job", "pipeline", "command"}),
        ),
    )
}


def read(
    source: str | AnyMapping[str, Any], *, context: ReadContext, dialect: str | None = None
) -> Reading:
    """A job from text (YAML, JSON, a Python literal) or a mapping.

    Raises InvalidInput with every problem of the document, each with its place.
    """
    document = documents.load(source, context.file)
    chosen = _named(dialect) if dialect is not None else detect(document.root)
    return chosen.read(document, context)


def read_file(path: Path, *, context: ReadContext, dialect: str | None = None) -> Reading:
    """As `read`; the name of the file stands in every message."""
    text = documents.read_text(path)
    return read(text, context=replace(context, file=str(path)), dialect=dialect)


def detect(root: Mapping) -> Dialect:
    """The dialect that is surest. Raises InvalidInput when none is."""
    best = max(DIALECTS.values(), key=lambda dialect: dialect.recognise(root))
    if best.recognise(root) > 0:
        return best
    shown = ", ".join(root.keys[:8]) or "no key at all"
    raise refuse(
        root.location,
        f"is no job that is known here: it holds {shown}. A native job has `parameters` and "
        "`metric`; a Google job has `trainingInput` with `hyperparameters`",
    )


def _named(name: str) -> Dialect:
    if name not in DIALECTS:
        raise InvalidInput(f"there is no dialect {name!r}{nearest(name, DIALECTS)}")
    return DIALECTS[name]
