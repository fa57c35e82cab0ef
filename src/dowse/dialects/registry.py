"""The table of dialects, and the one way in."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dowse.dialects import documents
from dowse.dialects.ai_platform.dialect import AIPlatform
from dowse.dialects.azure_ml import objects as azure_ml_objects
from dowse.dialects.azure_ml.dialect import AzureML
from dowse.dialects.located import Mapping, refuse
from dowse.dialects.native.dialect import Native
from dowse.dialects.openbayes.dialect import OpenBayes
from dowse.dialects.protocol import Dialect, ReadContext, Reading
from dowse.dialects.reader import nearest
from dowse.errors import InvalidInput

DIALECTS: AnyMapping[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        Native(),
        AIPlatform(),
        OpenBayes(),
        AzureML(),
    )
}


def read(
    source: str | AnyMapping[str, Any] | object,
    *,
    context: ReadContext,
    dialect: str | None = None,
) -> Reading:
    """A job from text (YAML, JSON, a Python literal), a mapping, or an object of `azure.ai.ml`.

    Raises InvalidInput with every problem of the document, each with its place.
    """
    if azure_ml_objects.is_exportable(source):
        source = azure_ml_objects.exported(source)
    if not isinstance(source, str | AnyMapping):
        kind = type(source).__name__
        message = f"a job is text, a mapping or an object of azure.ai.ml, got {kind}"
        raise InvalidInput(message)
    document = documents.load(source, context.file)
    chosen = _named(dialect) if dialect is not None else detect(document.root)
    reading = chosen.read(document, context)
    if context.learning is None:
        return reading
    return replace(reading, spec=replace(reading.spec, learning=context.learning))


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
        "`metric`; a Google job has `trainingInput` with `hyperparameters`; an OpenBayes job has "
        "`hyper_tuning`; an Azure ML sweep job has `type: sweep`",
    )


def _named(name: str) -> Dialect:
    """`ai-platform`, as commands and pages write it, is `ai_platform`."""
    names = {each.replace("_", "-"): each for each in DIALECTS}
    hyphened = name.replace("_", "-")
    if hyphened not in names:
        raise InvalidInput(f"there is no dialect {name!r}{nearest(hyphened, names)}")
    return DIALECTS[names[hyphened]]
