"""What a trial left behind, as JSON."""

from __future__ import annotations

from dowse.wire.base import Form, Whole


class OutputFileDocument(Form):
    """`output` is the name of an output, null for an artifact; `size` in bytes."""

    output: str | None
    path: str
    size: Whole


class OutputsDocument(Form):
    """`outputs` are the names there are; `elsewhere` is a job directory beyond the server."""

    outputs: tuple[str, ...]
    files: tuple[OutputFileDocument, ...]
    elsewhere: str | None
