"""Large JSON answers, gzipped for clients that take it."""

from __future__ import annotations

import gzip
import json
from typing import Annotated

from fastapi import Header
from starlette.responses import Response

MIN_BYTES = 2_000
LEVEL = 1
"""Higher ones take several times longer and save a tenth."""

AcceptEncoding = Annotated[str | None, Header(include_in_schema=False)]


def json_response(document: object, accept_encoding: str | None) -> Response:
    content = json.dumps(document, allow_nan=False, separators=(",", ":")).encode()
    headers = {"Vary": "Accept-Encoding", "Cache-Control": "no-store"}
    if len(content) >= MIN_BYTES and _takes_gzip(accept_encoding or ""):
        content = gzip.compress(content, LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type="application/json", headers=headers)


def _takes_gzip(accepted: str) -> bool:
    for part in accepted.lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";")
        if coding in ("gzip", "*"):
            return weight.rstrip("0") not in ("q=", "q=0.")
    return False
