"""Which jobs a list holds: Google's filter expressions and opaque page tokens."""

from __future__ import annotations

import base64
import binascii
import fnmatch
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from dowse.errors import InvalidInput, Problem

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_FILTER = 2_000

_TERM = re.compile(
    r"""\s*(?P<negated>NOT\s+|-)?(?P<field>[A-Za-z_][\w.\-]*)\s*(?P<sign>!=|=|:)\s*"""
    r"""(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s()"]+))"""
)
_JOINED = re.compile(r"\s+AND(?=\s)|\s+(?!AND\b|OR\b)|\s*\Z")

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison. `:` compares whole words with `*` for any text; so does `=`."""

    field: str
    pattern: str
    negated: bool

    def fits(self, values: Mapping[str, str]) -> bool:
        value = values.get(self.field)
        found = value is not None and fnmatch.fnmatchcase(value, self.pattern)
        return found is not self.negated


def parse_filter(text: str, fields: Sequence[str]) -> tuple[Term, ...]:
    """The terms of `jobId:census* AND state=RUNNING`, all of which must fit.

    `fields` are the names that may be compared, besides `labels.NAME`. Raises InvalidInput.
    """
    if len(text) > MAX_FILTER:
        raise _wrong(f"must have at most {MAX_FILTER} characters, got {len(text)}")
    terms = []
    place = 0
    while text[place:].strip():
        found = _TERM.match(text, place)
        if found is None:
            raise _wrong(
                "must be comparisons such as jobId:census* or state=RUNNING, joined by AND; "
                f"cannot read {text[place:].strip()[:60]!r}"
            )
        joined = _JOINED.match(text, found.end())
        if joined is None:
            raise _wrong(f"knows AND and NOT, and cannot read {text[found.end() :].strip()[:60]!r}")
        field = found["field"]
        if field not in fields and not field.startswith("labels."):
            known = ", ".join((*fields, "labels.NAME"))
            raise _wrong(f"compares {known}, got {field!r}")
        terms.append(_term(found))
        place = joined.end()
    return tuple(terms)


def _term(found: re.Match[str]) -> Term:
    quoted = found["quoted"]
    text = found["bare"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    # Only the star has a meaning here; other signs of file names stand for themselves.
    pattern = re.sub(r"[\[?]", lambda sign: f"[{sign[0]}]", text)
    return Term(found["field"], pattern, bool(found["negated"]) != (found["sign"] == "!="))


def page_of(
    items: Sequence[Item],
    number_of: Callable[[Item], int],
    *,
    size: int | None,
    token: str | None,
    question: str,
) -> tuple[Sequence[Item], str | None]:
    """One page of items that are ordered by falling numbers, and the token of the next page.

    A token belongs to its `question`. What came or went meanwhile moves no other item.
    """
    if size is not None and size < 0:
        raise InvalidInput([Problem(path="pageSize", message=f"must be 0 or more, got {size}")])
    size = min(size or PAGE_SIZE, MAX_PAGE_SIZE)
    last = _number_in(token, question) if token else None
    rest = [item for item in items if last is None or number_of(item) < last]
    page = rest[:size]
    return page, _token(number_of(page[-1]), question) if len(rest) > size else None


def _digest(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()[:8]


def _token(number: int, question: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([number, _digest(question)]).encode()).decode()


def _number_in(token: str, question: str) -> int:
    try:
        number, digest = json.loads(base64.urlsafe_b64decode(token.encode()))
    except (ValueError, TypeError, binascii.Error):
        number, digest = None, ""
    if not isinstance(number, int) or digest != _digest(question):
        message = (
            "must be the nextPageToken of an earlier answer to the same request, "
            f"got {token[:60]!r}"
        )
        raise InvalidInput([Problem(path="pageToken", message=message)])
    return number


def _wrong(message: str) -> InvalidInput:
    return InvalidInput([Problem(path="filter", message=message)])
