"""ml.v1 studies (AI Platform Vizier): `/v1/projects/*/locations/*/studies`.

Projects and locations are names only: all have the same studies.
"""

from __future__ import annotations

import contextlib
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from starlette.routing import BaseRoute

from dowse.api.ai_platform.errors import naming
from dowse.api.ai_platform.study_resource import (
    Place,
    final_report_of,
    operation_form,
    parameters_of,
    report_of,
    study_form,
    trial_form,
)
from dowse.api.bodies import JsonRoute
from dowse.api.services import Services
from dowse.dialects.vizier.dialect import read_study
from dowse.domain.operations import Operation, SuggestTrials
from dowse.domain.trial import Trial
from dowse.errors import InvalidInput, NotFound, Problem
from dowse.service.studies.trials import Reports
from dowse.wire.google_base import read
from dowse.wire.google_studies import (
    AddMeasurementForm,
    CompleteTrialForm,
    EmptyForm,
    SuggestRequestForm,
    TrialForm,
)

Document = dict[str, Any]
JsonBody = Annotated[Document | None, Body()]

LOCATION = "/v1/projects/{project}/locations/{location}"
TRIALS = "/studies/{study}/trials"


def routes(services: Services) -> list[BaseRoute]:
    router = APIRouter(prefix=LOCATION, include_in_schema=False, route_class=JsonRoute)
    # Before what would take `name:verb` for a name.
    _add_suggestions(router, services)
    _add_reports(router, services)
    _add_trials(router, services)
    _add_studies(router, services)
    return router.routes


def _add_studies(router: APIRouter, services: Services) -> None:
    studies, queries = services.studies, services.queries

    @router.post("/studies")
    def create_study(
        project: str,
        location: str,
        study: Annotated[str, Query(alias="studyId")] = "",
        body: JsonBody = None,
    ) -> Document:
        if not study:
            message = "is missing; give the name of the study"
            raise InvalidInput([Problem(path="studyId", message=message)])
        spec = read_study(_object(body)).spec
        with naming("studyId", study):
            job = studies.create(spec, study)
        return study_form(Place(project, location), job, spec).to_json()

    @router.get("/studies")
    def list_studies(project: str, location: str) -> Document:
        """Newest first."""
        place = Place(project, location)
        found = [(job, queries.spec_of(job)) for job in queries.jobs()]
        forms = [study_form(place, job, spec).to_json() for job, spec in found if spec.is_external]
        return {"studies": forms} if forms else {}

    @router.get("/studies/{study}")
    def get_study(project: str, location: str, study: str) -> Document:
        return study_form(Place(project, location), *studies.study(study)).to_json()

    @router.delete("/studies/{study}")
    def delete_study(study: str) -> Document:
        studies.delete(study)
        return {}


def _add_suggestions(router: APIRouter, services: Services) -> None:
    studies = services.studies

    def answer(place: Place, operation: Operation) -> Document:
        job, spec = studies.study(operation.job)

        def trials_of(numbers: tuple[int, ...]) -> list[Document]:
            forms = []
            for number in numbers:
                with contextlib.suppress(NotFound):  # It was deleted meanwhile.
                    found = studies.trial(operation.job, number)
                    forms.append(trial_form(place, spec, *found).to_json())
            return forms

        return operation_form(place, operation, job, trials_of).to_json()

    @router.post(f"{TRIALS}:suggest")
    def suggest_trials(project: str, location: str, study: str, body: JsonBody = None) -> Document:
        """The client's open trials first; done at once where the answer comes in time."""
        asked = read(SuggestRequestForm, _object(body))
        operation = studies.suggest(study, SuggestTrials(asked.client_id, asked.suggestion_count))
        return answer(Place(project, location), operation)

    @router.post(TRIALS + "/{trial}:checkEarlyStoppingState")
    def check_stopping(
        project: str, location: str, study: str, trial: str, body: JsonBody = None
    ) -> Document:
        read(EmptyForm, body or {})
        operation = studies.check_stopping(study, _number(trial, "trial"))
        return answer(Place(project, location), operation)

    @router.post("/operations/{operation}:cancel")
    def cancel_operation(operation: str) -> Document:
        """An operation is over within moments: cancelling it is asking for nothing."""
        studies.operation(_number(operation, "operation"))
        return {}

    @router.get("/operations/{operation}")
    def get_operation(project: str, location: str, operation: str) -> Document:
        found = studies.operation(_number(operation, "operation"))
        return answer(Place(project, location), found)


def _add_reports(router: APIRouter, services: Services) -> None:
    studies = services.studies

    def answer(project: str, location: str, study: str, number: int) -> Document:
        _, spec = studies.study(study)
        return trial_form(Place(project, location), spec, *studies.trial(study, number)).to_json()

    @router.post(TRIALS + "/{trial}:addMeasurement")
    def add_measurement(
        project: str, location: str, study: str, trial: str, body: JsonBody = None
    ) -> Document:
        number = _number(trial, "trial")
        form = read(AddMeasurementForm, _object(body)).measurement
        studies.report(study, number, report_of(form, "measurement"))
        return answer(project, location, study, number)

    @router.post(TRIALS + "/{trial}:complete")
    def complete_trial(
        project: str, location: str, study: str, trial: str, body: JsonBody = None
    ) -> Document:
        """Without a final measurement the last one counts."""
        number = _number(trial, "trial")
        form = read(CompleteTrialForm, body or {})
        if form.infeasible_reason and not form.trial_infeasible:
            message = "is only for a trial that is infeasible: set trialInfeasible"
            raise InvalidInput([Problem(path="infeasibleReason", message=message)])
        if form.trial_infeasible:
            studies.complete_infeasible(study, number, form.infeasible_reason)
        else:
            studies.complete(study, number, final_report_of(form.final_measurement))
        return answer(project, location, study, number)

    @router.post(TRIALS + "/{trial}:stop")
    def stop_trial(
        project: str, location: str, study: str, trial: str, body: JsonBody = None
    ) -> Document:
        read(EmptyForm, body or {})
        studies.stop_trial(study, _number(trial, "trial"))
        return answer(project, location, study, _number(trial, "trial"))


def _add_trials(router: APIRouter, services: Services) -> None:
    studies = services.studies

    def forms(
        place: Place, study: str, trials: list[Trial], reports: dict[int, Reports]
    ) -> Document:
        _, spec = studies.study(study)
        found = [trial_form(place, spec, one, reports[one.number]).to_json() for one in trials]
        return {"trials": found} if found else {}

    @router.post(f"{TRIALS}:listOptimalTrials")
    def list_optimal_trials(
        project: str, location: str, study: str, body: JsonBody = None
    ) -> Document:
        """The best trial, or the front of several metrics; none before one was completed."""
        read(EmptyForm, body or {})
        return forms(Place(project, location), study, *studies.optimal(study))

    @router.post(TRIALS)
    def create_trial(project: str, location: str, study: str, body: JsonBody = None) -> Document:
        """A configuration of the client's own, or with a final measurement its result."""
        form = read(TrialForm, _object(body))
        _, spec = studies.study(study)
        if form.state == "COMPLETED" and form.final_measurement is None:
            message = "is missing: a completed trial needs its result"
            raise InvalidInput([Problem(path="finalMeasurement", message=message)])
        result = final_report_of(form.final_measurement)
        made = studies.create_trial(study, parameters_of(form, spec), result=result)
        place = Place(project, location)
        return trial_form(place, spec, *studies.trial(study, made.number)).to_json()

    @router.get(TRIALS)
    def list_trials(project: str, location: str, study: str) -> Document:
        """By number."""
        return forms(Place(project, location), study, *studies.trials(study))

    @router.get(TRIALS + "/{trial}")
    def get_trial(project: str, location: str, study: str, trial: str) -> Document:
        found = studies.trial(study, _number(trial, "trial"))
        _, spec = studies.study(study)
        return trial_form(Place(project, location), spec, *found).to_json()

    @router.delete(TRIALS + "/{trial}")
    def delete_trial(study: str, trial: str) -> Document:
        studies.delete_trial(study, _number(trial, "trial"))
        return {}


def _object(body: Document | None) -> Document:
    if body is None:
        raise InvalidInput("the body must be a JSON object, got nothing")
    return body


def _number(text: str, what: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise NotFound(f"there is no {what} {text[:60]!r}; their names are numbers")
    return int(text)
