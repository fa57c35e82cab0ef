"""The operations of studies as JSON, as the store keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias, assert_never

from pydantic import Field

from dowse.domain.operations import Asked, CheckStopping, Operation, SuggestTrials
from dowse.wire.base import Flag, Form, Whole, read


class SuggestTrialsForm(Form):
    kind: Literal["suggest_trials"] = "suggest_trials"
    client: str
    count: Whole


class CheckStoppingForm(Form):
    kind: Literal["check_stopping"] = "check_stopping"
    trial: Whole


AskedForm: TypeAlias = Annotated[SuggestTrialsForm | CheckStoppingForm, Field(discriminator="kind")]


class OperationForm(Form):
    """Without what the store keeps beside it: whose operation it is, and when it was."""

    asked: AskedForm
    trials: tuple[Whole, ...] = ()
    exhausted: Flag = False
    should_stop: Flag = False
    error: str | None = None


def operation_to_json(operation: Operation) -> dict[str, Any]:
    return OperationForm(
        asked=_form_of_asked(operation.asked),
        trials=operation.trials,
        exhausted=operation.exhausted,
        should_stop=operation.should_stop,
        error=operation.error,
    ).to_json()


def operation_from_json(document: Mapping[str, Any], **beside: Any) -> Operation:
    """`beside` is what the store keeps beside the document."""
    form = read(OperationForm, document)
    return Operation(**dict(form) | {"asked": _asked_of_form(form.asked)} | beside)


def _form_of_asked(asked: Asked) -> AskedForm:
    match asked:
        case SuggestTrials():
            return SuggestTrialsForm(client=asked.client, count=asked.count)
        case CheckStopping():
            return CheckStoppingForm(trial=asked.trial)
    assert_never(asked)


def _asked_of_form(form: AskedForm) -> Asked:
    match form:
        case SuggestTrialsForm():
            return SuggestTrials(form.client, form.count)
        case CheckStoppingForm():
            return CheckStopping(form.trial)
    assert_never(form)
