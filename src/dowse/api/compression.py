"""Large JSON answers, gzipped for clients that take it, and kept while they stay the same."""

from __future__ import annotations

import gzip
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header
from starlette.responses import Response

MIN_BYTES = 2_000
LEVEL = 1
"""Higher ones take several times longer and save a tenth."""

AcceptEncoding = Annotated[str | None, Header(include_in_schema=False)]


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON document as it is sent."""

    content: bytes
    is_gzipped: bool

    def response(self) -> Response:
        headers = {"Vary": "Accept-Encoding", "Cache-Control": "no-store"}
        if self.is_gzipped:
            headers["Content-Encoding"] = "gzip"
        return Response(self.content, media_type="application/json", headers=headers)


def json_response(document: object, accept_encoding: str | None) -> Response:
    return _body(document, takes_gzip=_takes_gzip(accept_encoding or "")).response()


class KeptAnswers:
    """The latest large answers: telling 50,000 trials takes the server a second each time.

    A key must name what is told: the same key always gets the same answer. At most `max_bytes` of
    them are kept, those that were asked for last.
    """

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[tuple[str, bool], Body] = OrderedDict()
        self._lock = threading.Lock()

    def response(
        self, key: str, make: Callable[[], object], accept_encoding: str | None
    ) -> Response:
        place = (key, _takes_gzip(accept_encoding or ""))
        with self._lock:
            found = self._kept.get(place)
            if found is not None:
                self._kept.move_to_end(place)
        if found is None:
            found = _body(make(), takes_gzip=place[1])
            self._keep(place, found)
        return found.response()

    def _keep(self, place: tuple[str, bool], body: Body) -> None:
        with self._lock:
            self._kept[place] = body
            while sum(len(one.content) for one in self._kept.values()) > self._max_bytes:
                self._kept.popitem(last=False)


def _body(document: object, *, takes_gzip: bool) -> Body:
    content = json.dumps(document, allow_nan=False, separators=(",", ":")).encode()
    if takes_gzip and len(content) >= MIN_BYTES:
        return Body(gzip.compress(content, LEVEL, mtime=0), is_gzipped=True)
    return Body(content, is_gzipped=False)


def _takes_gzip(accepted: str) -> bool:
    for part in accepted.lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";")
        if coding in ("gzip", "*"):
            return weight.rstrip("0") not in ("q=", "q=0.")
    return False
