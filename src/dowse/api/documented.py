"""What the OpenAPI document says of a route beyond its signature."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

from fastapi import Path, Query

from dowse.wire.base import Form

MAX_NUMBER = 2**63 - 1
"""The largest number that the store holds."""

JobName = Annotated[
    str, Path(description="The name of a job.", min_length=1, max_length=128, examples=["digits"])
]
TrialNumber = Annotated[
    int, Path(description="Trials count from 1.", ge=1, le=MAX_NUMBER, examples=[1])
]
After = Annotated[int, Query(description="Only what comes after it.", ge=0, le=MAX_NUMBER)]
Limit = Annotated[int | None, Query(description="At most so many.", ge=1, le=10_000)]

Filter = Annotated[
    str | None,
    Query(
        description="Only what this expression keeps; docs/filters.md has the language.",
        examples=["learning_rate < 1e-2 and val_loss.min < 1.2"],
        max_length=4_096,
    ),
]


class Answer(TypedDict):
    """Keyword arguments for a route."""

    response_model: None
    responses: dict[int | str, dict[str, Any]]


def answer(form: type[Form], status: int = 200) -> Answer:
    """A route that answers a document of this form.

    The documents are built from such forms; checking them once more would only cost time.
    """
    return {"response_model": None, "responses": {status: {"model": form}}}
