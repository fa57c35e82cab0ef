"""What jobs cost, what early stopping saved, and jobs side by side, as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dowse.domain.metrics import Goal
from dowse.domain.prices import Cost, Price
from dowse.wire.base import Form, Number, Value, Whole
from dowse.wire.insights import Word


class CostDocument(Form):
    """`seconds` is running time; `amount`, in `currency`, and `ml_units` are null without a price.

    `machine` is what the job names, null where it names none.
    """

    machine: str | None
    currency: str
    seconds: Number
    amount: Number | None
    ml_units: Number | None


class TrialCostDocument(CostDocument):
    trial: Whole


class CostsDocument(CostDocument):
    """The cost of a job, and of each of its trials."""

    trials: tuple[TrialCostDocument, ...]


class LengthDocument(Form):
    """A full length in reports of the objective and in the program's steps.

    `basis` says how it is known: `equal` (all `trials` that ran to their end made as many reports),
    `median` (of them), `longest` (of the longest trial, so at least), `unknown`.
    """

    reports: Number
    step: Number
    basis: Word
    trials: Whole


class SavingDocument(Form):
    """What a stopped trial did not spend; null where that is not known."""

    trial: Whole
    rule: str
    reports: Whole
    expected: LengthDocument
    saved_reports: Number | None
    saved_steps: Number | None
    saved_seconds: Number | None
    saved_amount: Number | None
    saved_ml_units: Number | None


class SavedDocument(Form):
    """What one rule saved. `unknown` counts the stopped trials of which nothing is known."""

    rule: str
    stopped: Whole
    reports: Number
    steps: Number
    seconds: Number
    amount: Number | None
    ml_units: Number | None
    unknown: Whole


class AuditDocument(Form):
    """How often stopping was wrong, by the controls: condemned trials that ran on.

    `wrong` of `judged` controls beat every trial that is no control; `rate` is null while none is
    judged, `low` and `high` hold the true share with 95 % confidence. `open` still run, `failed`
    ended without a result. `reports`, `seconds` and `amount` are what they spent after the verdict.
    """

    share: Number
    controls: Whole
    judged: Whole
    wrong: Whole
    open: Whole
    failed: Whole
    rate: Number | None
    low: Number
    high: Number
    reports: Whole
    seconds: Number
    amount: Number | None
    message: str


class SavingsDocument(Form):
    """`share` is the saved part of all reports that the job would have made."""

    job: str
    currency: str
    spent_reports: Whole
    spent_seconds: Number
    spent_amount: Number | None
    share: Number | None
    totals: tuple[SavedDocument, ...]
    audit: AuditDocument
    stopped: tuple[SavingDocument, ...]


class ComparedDocument(Form):
    """`trials` counts those that were started; `best` and `worst` are values of the metric."""

    job: str
    state: str
    metric: str
    goal: Goal
    trials: Whole
    seconds: Number
    amount: Number | None
    ml_units: Number | None
    best_trial: Whole | None
    parameters: dict[str, Value] | None
    best: Number | None
    worst: Number | None
    comment: str


class ComparisonDocument(Form):
    currency: str
    jobs: tuple[ComparedDocument, ...]


def cost_to_json(
    *, machine: str | None, currency: str, seconds: float, cost: Cost | None
) -> dict[str, Any]:
    return {"machine": machine, "currency": currency, "seconds": seconds, **_amounts(cost)}


def savings_to_json(
    job: str,
    found: Any,
    *,
    price: Price | None,
    currency: str,
    control_share: float,
) -> dict[str, Any]:
    """`found` as the analysis has it; costs are those of its seconds at the machine's price."""
    spent = _cost(price, found.spent_seconds)
    audit = _plain(found.audit)
    after = _cost(price, found.audit.seconds)
    document = {
        "job": job,
        "currency": currency,
        "spent_reports": found.spent_reports,
        "spent_seconds": found.spent_seconds,
        "spent_amount": spent and spent.amount,
        "share": found.share,
        "totals": [
            {**_plain(each), **_amounts(_cost(price, each.seconds))} for each in found.totals
        ],
        "audit": {**audit, "share": control_share, "amount": after and after.amount},
        "stopped": [
            {
                **_plain(each),
                "expected": _plain(each.expected),
                **{
                    f"saved_{name}": value
                    for name, value in _amounts(_cost(price, each.saved_seconds)).items()
                },
            }
            for each in found.entries
        ],
    }
    return SavingsDocument.model_validate(document).to_json()


def comparison_to_json(columns: Sequence[Any], *, currency: str) -> dict[str, Any]:
    rows = [
        {
            "job": each.job.name,
            "state": each.job.state.value,
            "metric": each.spec.objective.metric,
            "goal": each.spec.objective.goal,
            "trials": each.trials,
            "seconds": each.seconds,
            **_amounts(each.cost),
            "best_trial": each.best and each.best.number,
            "parameters": None if each.best is None else dict(each.best.parameters),
            "best": each.best and each.best.objective,
            "worst": each.worst and each.worst.objective,
            "comment": each.comment,
        }
        for each in columns
    ]
    return ComparisonDocument.model_validate({"currency": currency, "jobs": rows}).to_json()


def _cost(price: Price | None, seconds: float | None) -> Cost | None:
    return None if price is None or seconds is None else price.of(seconds)


def _amounts(cost: Cost | None) -> Mapping[str, float | None]:
    return {
        "amount": None if cost is None else cost.amount,
        "ml_units": None if cost is None else cost.ml_units,
    }


def _plain(found: Any) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__dataclass_fields__}
