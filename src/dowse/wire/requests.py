"""What clients send to the API."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from dowse.wire.base import Flag, Form, Value, Whole


class SubmitRequest(Form):
    """A job document and what the command line says beside it.

    `folder` is where relative paths of the document begin; `file` is its name in messages and
    the stem of a job without a name. `environment` is handed on to the trials; None is a
    server's own. `trials` lowers the document's limit of trials. `learn_from` is `auto`, `off` or
    names of jobs; None leaves it to the document.
    """

    document: str = Field(max_length=1_000_000)
    file: str = "job.yaml"
    folder: str | None = None
    upload: str | None = None
    dialect: str | None = None
    name: str | None = None
    module_name: str | None = None
    package_path: str | None = None
    job_dir: str | None = None
    python: str | None = None
    seed: Whole | None = None
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] | None = None
    trials: Whole | None = Field(default=None, ge=1)
    learn_from: tuple[str, ...] | None = Field(default=None, max_length=8)

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.folder is None) == (self.upload is None):
            raise ValueError("one of folder and upload must be given")
        return self


class ExtendRequest(Form):
    """What is different in a job that goes on with another.

    `trials` counts further ones. `ranges` are texts: `3..30`, or `4,16,32` of listed values; so are
    the parameters of `add`, or they are written in the native form. `fixed` are values of
    parameters that only one of the two jobs tunes: of a new one, what all earlier trials had; of
    one that is removed, what all trials have from now on. Without `name`, the job's own name gets
    a counter.
    """

    trials: Whole = Field(ge=1)
    parallel: Whole | None = Field(default=None, ge=1)
    name: str | None = None
    seed: Whole | None = None
    ranges: dict[str, str] = Field(default_factory=dict)
    add: dict[str, Any] = Field(default_factory=dict)
    remove: tuple[str, ...] = ()
    fixed: dict[str, Value] = Field(default_factory=dict)
    environment: dict[str, str] | None = None


class ResumeRequest(Form):
    environment: dict[str, str] | None = None


class PauseRequest(Form):
    """With `now`, running trials are ended and run again on resume."""

    now: Flag = False
    interrupted: Flag = False


class LimitsPatch(Form):
    """A key that is left out keeps what it is; `failed` null or 0 is no limit."""

    trials: Whole = Field(default=1, ge=1)
    parallel: Whole = Field(default=1, ge=1)
    failed: Whole | None = Field(default=None, ge=0)

    def changes(self) -> dict[str, int | None]:
        """What was given, by name."""
        given = self.model_dump(include=self.model_fields_set)
        return {name: None if name == "failed" and not one else one for name, one in given.items()}


class JobPatch(Form):
    limits: LimitsPatch


class TagsRequest(Form):
    """Tags that a trial gets, and those that are taken off it."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class TrialRequest(Form):
    """A trial with parameters that somebody chose; `like` gives those that are not said."""

    parameters: dict[str, Value] = Field(default_factory=dict)
    like: Whole | None = Field(default=None, ge=1)
