"""The filters and orders of MLflow's run search: `metrics.accuracy > 0.9 and params.lr = '0.1'`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dowse.errors import InvalidInput, Problem
from dowse.wire.mlflow.runs import RunRecord

Value = float | str | None
Test = Callable[[RunRecord], bool]

_ENTITIES = {
    "metric": "metrics",
    "metrics": "metrics",
    "param": "params",
    "params": "params",
    "parameter": "params",
    "parameters": "params",
    "tag": "tags",
    "tags": "tags",
    "attribute": "attributes",
    "attributes": "attributes",
    "attr": "attributes",
    "run": "attributes",
}
_NAME = r"""(?:"[^"]*"|`[^`]*`|[^\s=<>!()'",]+)"""
_TERM = re.compile(
    rf"""\s*(?:(?P<entity>[A-Za-z]+)\.)?(?P<key>{_NAME})
    \s*(?P<op>!=|>=|<=|=|>|<|\bnot\s+in\b|\bin\b|\bi?like\b|\bis\s+not\s+null\b|\bis\s+null\b)
    \s*(?P<value>'[^']*'|"[^"]*"|\([^)]*\)|[-+.\w]+)?\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_AND = re.compile(r"and\b", re.IGNORECASE)
_ORDER = re.compile(
    rf"\s*(?:(?P<entity>[A-Za-z]+)\.)?(?P<key>{_NAME})(?:\s+(?P<way>asc|desc))?\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Field:
    """Something of a run that a filter or an order names."""

    entity: str
    key: str

    def of(self, run: RunRecord) -> Value:
        match self.entity:
            case "metrics":
                found = {one.metric.removeprefix(run.prefix): one.value for one in run.metrics}
                return found.get(self.key)
            case "params":
                return run.parameters.get(self.key)
            case "tags":
                return run.tags.get(self.key)
        return _attributes(run).get(self.key)


def select(runs: Sequence[RunRecord], *, where: str, order: Sequence[str]) -> list[RunRecord]:
    """Raises InvalidInput, with the place, for what is no filter or no order."""
    tests = _parsed(where)
    found = [run for run in runs if all(test(run) for test in tests)]
    # The last order decides least, and sorting is stable.
    for text in reversed(order):
        field, descending = _order(text)
        known = [run for run in found if field.of(run) is not None]
        known.sort(key=lambda run: _rank(field.of(run)), reverse=descending)
        found = known + [run for run in found if field.of(run) is None]
    return found


def _attributes(run: RunRecord) -> Mapping[str, Value]:
    return {
        "run_id": run.id,
        "run_name": run.name,
        "Run name": run.name,
        "status": run.status,
        "user_id": run.user,
        "start_time": run.started_ms,
        "Created": run.started_ms,
        "end_time": run.ended_ms,
    }


def _rank(value: Value) -> tuple[bool, float, str]:
    if isinstance(value, str):
        return True, 0.0, value
    number = float("-inf") if value is None or math.isnan(value) else value
    return False, number, ""


def _parsed(where: str) -> list[Test]:
    tests: list[Test] = []
    place = 0
    while where[place:].strip():
        if tests:
            more = _AND.match(where, place)
            if more is None:
                raise _unreadable("filter", where, place, "`and` between two comparisons")
            place = more.end()
        term = _TERM.match(where, place)
        if term is None:
            raise _unreadable("filter", where, place, "a comparison such as metrics.accuracy > 0.9")
        tests.append(_test(where, term))
        place = term.end()
    return tests


def _test(where: str, term: re.Match[str]) -> Test:
    field = _field(term["entity"], term["key"], where, term.start())
    op = re.sub(r"\s+", " ", term["op"].lower())
    if op in ("is null", "is not null"):
        return lambda run: (field.of(run) is None) == (op == "is null")
    if term["value"] is None:
        raise _unreadable("filter", where, term.end(), f"a value after {term['op']}")
    wanted = _plain(term["value"])
    if op in ("in", "not in"):
        choices = [_plain(part.strip()) for part in term["value"].strip("()").split(",")]
        return lambda run: (field.of(run) in choices) == (op == "in")
    if op in ("like", "ilike"):
        return lambda run: _is_like(field.of(run), wanted, ignore_case=op == "ilike")
    if field.entity == "metrics" or isinstance(_attributes_kind(field), float):
        try:
            number = float(wanted)
        except ValueError:
            raise _unreadable("filter", where, term.start(), "a number to compare with") from None
        return lambda run: _compares(field.of(run), op, number)
    return lambda run: _compares(field.of(run), op, wanted)


def _attributes_kind(field: Field) -> Value:
    """A value of the kind that an attribute has."""
    return 0.0 if field.key in ("start_time", "end_time", "Created") else ""


def _field(entity: str | None, key: str, text: str, place: int) -> Field:
    kind = _ENTITIES.get((entity or "attributes").lower())
    if kind is None:
        raise _unreadable("filter", text, place, "metrics, params, tags or attributes")
    return Field(kind, _plain(key))


def _plain(text: str) -> str:
    quoted = len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"`"
    return text[1:-1] if quoted else text


def _compares(value: Value, op: str, wanted: float | str) -> bool:
    if value is None or isinstance(value, str) != isinstance(wanted, str):
        return False
    left, right = _rank(value), _rank(wanted)
    match op:
        case "=":
            return value == wanted
        case "!=":
            return value != wanted
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "<":
            return left < right
    return left <= right


def _is_like(value: Value, pattern: str, *, ignore_case: bool) -> bool:
    if not isinstance(value, str):
        return False
    letters = {"%": ".*", "_": "."}
    regex = "".join(letters.get(letter, re.escape(letter)) for letter in pattern)
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    return re.fullmatch(regex, value, flags) is not None


def _order(text: str) -> tuple[Field, bool]:
    found = _ORDER.fullmatch(text)
    if found is None:
        raise _unreadable("order_by", text, 0, "a field such as metrics.accuracy DESC")
    field = _field(found["entity"], found["key"], text, 0)
    return field, (found["way"] or "asc").lower() == "desc"


def _unreadable(path: str, text: str, place: int, wanted: str) -> InvalidInput:
    rest = text[place:].strip()[:60]
    message = f"expected {wanted} at character {place}, got {rest!r}"
    return InvalidInput([Problem(path=path, message=message)])
