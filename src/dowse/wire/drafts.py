"""Documents that are no jobs yet: what is wrong with them, and what they would do."""

from __future__ import annotations

from typing import Any, Self

from pydantic import model_validator

from dowse.wire.base import Flag, Form, Free, Value, Whole
from dowse.wire.documents import ProblemDocument
from dowse.wire.requests import SubmitRequest


class DraftRequest(SubmitRequest):
    """As a submission; without folder and upload, relative paths of the document lead nowhere."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.folder is not None and self.upload is not None:
            raise ValueError("one of folder and upload may be given, not both")
        return self


class DraftDocument(Form):
    """`problems` are errors and warnings, each with its path and, where it is known, line and
    column. With no error the draft is valid and `spec` is what would be submitted; `needs` is what
    must be given beside it, and `space` says how many configurations there are.
    """

    valid: Flag
    problems: tuple[ProblemDocument, ...]
    dialect: str | None = None
    title: str | None = None
    needs: str | None = None
    space: str | None = None
    spec: dict[str, Any] | None = None


class PreviewedTrialDocument(Form):
    """`command` is what a person would type; `environment` what it gets beside the server's own."""

    number: Whole
    parameters: dict[str, Value]
    why: Free
    command: str
    working_directory: str
    environment: dict[str, str]


class PreviewDocument(Form):
    dialect: str
    warnings: tuple[ProblemDocument, ...]
    trials: tuple[PreviewedTrialDocument, ...]


class StarterDocument(Form):
    """`file` is how such a document is usually called, `title` what a person calls it."""

    dialect: str
    title: str
    file: str
    document: str


class RenderedDocument(Form):
    """`unsaid` is what the form of this dialect cannot say of the job, in sentences that begin with
    a key of the native form; `file` is how such a document is usually called.
    """

    dialect: str
    file: str
    document: str
    unsaid: tuple[str, ...]


class StartersDocument(Form):
    starters: tuple[StarterDocument, ...]
