"""`limits`: the ceilings of a native job."""

from __future__ import annotations

from dowse.dialects import durations
from dowse.dialects.located import Scalar
from dowse.dialects.native import keys
from dowse.dialects.native.retries import read_retries
from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.spaces import built
from dowse.domain.spec import AUTO, MAX_PARALLEL, Limits

_GAIN = f"{AUTO} or a number above 0"


def read_limits(root: Table, places: Places) -> Limits | None:
    """None when something is wrong with them."""
    field = root.get("limits")
    if field is None:
        return Limits()
    table = field.table("a mapping such as {trials: 40, parallel: 4}")
    if table is None:
        return None
    before = root.log.error_count
    table.refuse_unknown(keys.LIMITS)
    for key in keys.LIMITS:
        places.put(f"limits.{key}", table.get(key))
    trials = _count(table, "trials", 1)
    failed = _count(table, "failed", 0)
    if trials and failed and failed > trials:
        _at(table, "failed").error(f"must not be above trials ({trials}), got {failed}")
    parallel = _count(table, "parallel", 1, MAX_PARALLEL)
    retries, retry_on = read_retries(table.get("retries"), places)
    least = _count(table, "failed_at_least", 0)
    share = _share(table)
    timeout, trial_timeout = _time(table, "timeout"), _time(table, "trial_timeout")
    no_progress, patience = _time(table, "no_progress"), _count(table, "patience", 1)
    cost, target = _amount(table, "cost"), table.get("target")
    reached = target.finite("the value of the metric that is good enough") if target else None
    improvement = _improvement(table)
    if root.log.error_count > before:
        return None
    return built(
        lambda: Limits(
            trials=trials,
            parallel=1 if parallel is None else parallel,
            failed=failed or None,
            timeout_s=timeout,
            trial_timeout_s=trial_timeout,
            retries=retries,
            retry_on=retry_on,
            failed_at_least=5 if least is None else least,
            failed_share=0.5 if share is None else share,
            no_progress_s=no_progress,
            cost=cost,
            target=None if reached is None else float(reached),
            patience=patience,
            improvement=improvement,
        ),
        places,
        field,
    )


def _at(table: Table, key: str) -> Field:
    return table.get(key) or Field(table.node, table.path, table.log)


def _count(table: Table, key: str, low: int, high: int = 2**31 - 1) -> int | None:
    field = table.get(key)
    return field.integer(low, high) if field else None


def _share(table: Table) -> float | None:
    field = table.get("failed_share")
    share = field.finite("a number from 0 to 1") if field else None
    if field is not None and share is not None and not 0 <= share <= 1:
        field.error(f"must be a number from 0 to 1, got {field.node}")
    return None if share is None else float(share)


def _amount(table: Table, key: str) -> float | None:
    field = table.get(key)
    amount = field.finite("a number above 0") if field else None
    if field is not None and amount is not None and amount <= 0:
        field.error(f"must be a number above 0, got {field.node}")
    return None if amount is None else float(amount)


def _improvement(table: Table) -> float | str | None:
    field = table.get("improvement")
    if field is None or field.text(_GAIN) == AUTO:
        return AUTO if field else None
    gain = field.finite(_GAIN) if isinstance(field.node, Scalar) else None
    if gain is not None and gain <= 0:
        field.error(f"must be {_GAIN}, got {field.node}")
    return None if gain is None else float(gain)


def _time(table: Table, key: str) -> float | None:
    field = table.get(key)
    text = field.text("a time such as 2h, 90m or 30s") if field else None
    if field is None or text is None:
        return None
    seconds = durations.seconds(text)
    if seconds is None:
        field.error(f"must be a time above 0 such as 2h, 90m, 30s or 1h30m, got {field.node}")
    return seconds
