"""Routes of what jobs cost, of what early stopping saved, and of jobs side by side."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.routing import BaseRoute

from dowse.api.bodies import JsonRoute
from dowse.api.documented import JobName, answer
from dowse.api.services import Services
from dowse.service.accounts import MOST_COMPARED, Bill
from dowse.wire.accounts import (
    ComparisonDocument,
    CostsDocument,
    SavingsDocument,
    comparison_to_json,
    cost_to_json,
    savings_to_json,
)


def routes(services: Services) -> list[BaseRoute]:
    """The routes below /jobs/{name}, and /compare."""
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)
    accounts = services.accounts

    @router.get("/jobs/{name}/costs", **answer(CostsDocument))
    def get_costs(name: JobName) -> dict[str, Any]:
        """What a job and each of its trials cost up to now."""
        trials = [
            {"trial": number, **bill_document(bill)}
            for number, bill in accounts.trial_bills(name).items()
        ]
        return {**bill_document(accounts.bill(name)), "trials": trials}

    @router.get("/jobs/{name}/savings", **answer(SavingsDocument))
    def get_savings(name: JobName) -> dict[str, Any]:
        """What early stopping saved, trial by trial, and how often it was wrong."""
        found = accounts.savings(name)
        return savings_to_json(
            name,
            found.savings,
            price=found.price,
            currency=found.currency,
            control_share=found.control_share,
        )

    @router.get("/compare", **answer(ComparisonDocument))
    def compare_jobs(
        job: Annotated[
            list[str],
            Query(description="A name; given once for each job.", max_length=MOST_COMPARED),
        ],
    ) -> dict[str, Any]:
        """Jobs side by side: trials, cost, best parameters, best, worst, comment."""
        return comparison_to_json(accounts.compare(job), currency=accounts.currency)

    return router.routes


def bill_document(bill: Bill) -> dict[str, Any]:
    return cost_to_json(
        machine=bill.machine, currency=bill.currency, seconds=bill.seconds, cost=bill.cost
    )
