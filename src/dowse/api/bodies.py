"""JSON that came as a body, read as job files are: a key that stands twice is refused by name.

Readers differ in which of the two they believe, so that a job could be checked as one and run as
another.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from dowse.errors import InvalidInput, Problem


def read_json(body: bytes) -> Any:
    """Raises ValueError for what is no JSON, InvalidInput for a key that stands twice."""
    return _DECODER.decode(body.decode(json.detect_encoding(body), "surrogatepass"))


class JsonRoute(APIRoute):
    """A documented route whose body is read so."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_json(request: Request) -> Response:
            return await handle(_JsonRequest(request.scope, request.receive))

        return handle_json


class _JsonRequest(Request):
    async def json(self) -> Any:
        return read_json(await self.body())


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        message = f"the body has the key {twice[:100]!r} twice in one object; keep one"
        raise InvalidInput([Problem(path="", message=message)])
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_unique)
