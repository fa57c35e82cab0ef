"""Events as JSON, told apart by `kind`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError

from dowse.domain.events import (
    ControlChosen,
    Event,
    IntentChanged,
    JobChanged,
    JobSubmitted,
    LimitsChanged,
    Noted,
    PromotionDecided,
    StopDecided,
    SuggesterStarted,
    TrialChanged,
    TrialDeleted,
    TrialSuggested,
)
from dowse.domain.expected import Expected
from dowse.domain.job import Intent, JobState
from dowse.domain.reasons import Reason
from dowse.domain.trial import TrialState
from dowse.errors import InvalidInput
from dowse.wire.base import Flag, Form, Free, Number, Value, Whole, problems_of


class JobSubmittedForm(Form):
    kind: Literal["job_submitted"] = "job_submitted"
    dialect: str
    warnings: tuple[str, ...] = ()


class JobChangedForm(Form):
    kind: Literal["job_changed"] = "job_changed"
    before: JobState
    after: JobState
    reason: Reason | None = None
    message: str = ""


class IntentChangedForm(Form):
    kind: Literal["intent_changed"] = "intent_changed"
    before: Intent
    after: Intent
    reason: Reason | None = None


class LimitsChangedForm(Form):
    kind: Literal["limits_changed"] = "limits_changed"
    before: dict[str, Whole | None]
    after: dict[str, Whole | None]


class TrialSuggestedForm(Form):
    kind: Literal["trial_suggested"] = "trial_suggested"
    trial: Whole
    parameters: dict[str, Value]
    why: Free = Field(default_factory=dict)
    known_event: Whole = 0
    asked: Whole = 0


class SuggesterStartedForm(Form):
    kind: Literal["suggester_started"] = "suggester_started"
    versions: dict[str, str]


class TrialDeletedForm(Form):
    kind: Literal["trial_deleted"] = "trial_deleted"
    trial: Whole


class TrialChangedForm(Form):
    kind: Literal["trial_changed"] = "trial_changed"
    trial: Whole
    attempt: Whole
    before: TrialState
    after: TrialState
    reason: Reason | None = None
    message: str = ""
    objective: Number | None = None
    further: dict[str, Number] = Field(default_factory=dict)


class StopDecidedForm(Form):
    kind: Literal["stop_decided"] = "stop_decided"
    trial: Whole
    attempt: Whole
    rule: str
    message: str
    numbers: Free = Field(default_factory=dict)
    report: Whole = 0
    seen: dict[int, Whole] = Field(default_factory=dict)
    pause: Flag = False
    expected: Expected | None = None


class PromotionDecidedForm(Form):
    kind: Literal["promotion_decided"] = "promotion_decided"
    trial: Whole
    attempt: Whole
    rule: str
    message: str
    numbers: Free = Field(default_factory=dict)
    seen: dict[int, Whole] = Field(default_factory=dict)


class ControlChosenForm(Form):
    kind: Literal["control_chosen"] = "control_chosen"
    trial: Whole
    attempt: Whole
    rule: str
    message: str
    numbers: Free = Field(default_factory=dict)
    report: Whole = 0
    seen: dict[int, Whole] = Field(default_factory=dict)


class NotedForm(Form):
    kind: Literal["noted"] = "noted"
    message: str
    trial: Whole | None = None


EventForm: TypeAlias = Annotated[
    JobSubmittedForm
    | JobChangedForm
    | IntentChangedForm
    | SuggesterStartedForm
    | LimitsChangedForm
    | TrialSuggestedForm
    | TrialChangedForm
    | TrialDeletedForm
    | StopDecidedForm
    | ControlChosenForm
    | PromotionDecidedForm
    | NotedForm,
    Field(discriminator="kind"),
]

_FORM_OF: dict[type[Event], type[Form]] = {
    JobSubmitted: JobSubmittedForm,
    JobChanged: JobChangedForm,
    IntentChanged: IntentChangedForm,
    SuggesterStarted: SuggesterStartedForm,
    LimitsChanged: LimitsChangedForm,
    TrialSuggested: TrialSuggestedForm,
    TrialChanged: TrialChangedForm,
    TrialDeleted: TrialDeletedForm,
    StopDecided: StopDecidedForm,
    ControlChosen: ControlChosenForm,
    PromotionDecided: PromotionDecidedForm,
    Noted: NotedForm,
}
_EVENT_OF = {form: event for event, form in _FORM_OF.items()}
_READER: TypeAdapter[Form] = TypeAdapter(EventForm)


class NumberedEventForm(Form):
    """An event with its place in its job's history; `time` is epoch seconds."""

    number: Whole
    time: Number
    event: EventForm


def event_to_json(event: Event) -> dict[str, Any]:
    try:
        return _FORM_OF[type(event)].model_validate(event).to_json()
    except ValidationError as error:
        raise InvalidInput(problems_of(error, {})) from None


def event_from_json(document: Mapping[str, Any]) -> Event:
    """Raises InvalidInput for an unknown kind or key."""
    try:
        form = _READER.validate_python(document)
    except ValidationError as error:
        raise InvalidInput(problems_of(error, document)) from None
    values = dict(form)
    del values["kind"]
    return _EVENT_OF[type(form)](**values)


def numbered_event_to_json(number: int, time: float, event: Event) -> dict[str, Any]:
    return {"number": number, "time": time, "event": event_to_json(event)}


def numbered_event_from_json(document: Mapping[str, Any]) -> tuple[int, float, Event]:
    return document["number"], document["time"], event_from_json(document["event"])
