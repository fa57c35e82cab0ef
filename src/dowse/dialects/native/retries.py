"""`limits.retries`: a number of attempts after a loss, or one for each class of failure."""

from __future__ import annotations

from dowse.dialects.located import Mapping
from dowse.dialects.native import keys
from dowse.dialects.reader import Field, Places, Table
from dowse.domain.retries import LARGEST_CODE, MOST, ExitRetries, RetryOn

LOST = 1
"""Further attempts after a loss, unless it is said."""


def read_retries(field: Field | None, places: Places) -> tuple[int, RetryOn]:
    """Those after a loss, and those after other failures; what is wrong counts as not given."""
    if field is None:
        return LOST, RetryOn()
    if not isinstance(field.node, Mapping):
        return _times(field, LOST), RetryOn()
    table = Table(field.node, field.path, field.log)
    table.refuse_unknown(keys.RETRIES, {"codes": "it belongs under exit"})
    others = {name: _times(table.get(name), 0) for name in ("timeout", "start_error", "no_metric")}
    return _times(table.get("lost"), LOST), RetryOn(**others, exit=_exit(table.get("exit")))


def _exit(field: Field | None) -> ExitRetries:
    if field is None or not isinstance(field.node, Mapping):
        return ExitRetries(times=_times(field, 0))
    table = Table(field.node, field.path, field.log)
    table.refuse_unknown(keys.EXIT_RETRIES)
    times = _times(table.required("times", "the number of further attempts"), 0)
    listed = table.get("codes")
    items = (listed.items("a list of exit codes such as [137]") if listed else None) or ()
    codes = [item.integer(1, LARGEST_CODE) for item in items]
    return ExitRetries(times=times, codes=tuple(code for code in codes if code is not None))


def _times(field: Field | None, usual: int) -> int:
    times = field.integer(0, MOST) if field else None
    return usual if times is None else times
