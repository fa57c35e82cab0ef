"""How a client reaches a server: over its Unix socket, or by HTTP with a token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from dowse.errors import (
    AlreadyExists,
    Conflict,
    DowseError,
    InvalidInput,
    NotFound,
    Problem,
    Refused,
    Unavailable,
)
from dowse.wire.documents import problem_from_json

TIMEOUT_S = 60.0
"""Longer than any answer takes, a snapshot of 200 MB included."""

_ERRORS: Mapping[str, type[DowseError]] = {
    "not-found": NotFound,
    "conflict": Conflict,
    "refused": Refused,
    "unauthenticated": Refused,
    "forbidden": Refused,
    "wrong-host": Refused,
    "unavailable": Unavailable,
    "timeout": Unavailable,
    "too-many-requests": Unavailable,
    "too-large": InvalidInput,
    "unsupported": InvalidInput,
}


class Transport:
    """Sends requests; an error comes back as the exception that it was at the server.

    `where` is the path of an owner's socket, or the URL of a server, to which `token` is shown.
    Raises Unavailable when nobody answers, InvalidInput for a URL that is none.
    """

    def __init__(self, where: Path | str, *, token: str | None = None) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        if isinstance(where, Path):
            self.name = "the owner of the data directory"
            self.http = httpx.Client(
                transport=httpx.HTTPTransport(uds=str(where)),
                base_url="http://dowse",
                timeout=TIMEOUT_S,
            )
            return
        self.name = where
        # No redirects: a token goes to the server that was named, and to no other.
        self.http = httpx.Client(
            base_url=_checked(where), headers=headers, timeout=TIMEOUT_S, follow_redirects=False
        )

    def send(self, method: str, path: str, **parts: Any) -> httpx.Response:
        try:
            response = self.http.request(method, path, **parts)
        except httpx.HTTPError as error:
            raise self.unavailable(error) from error
        if not response.is_success:
            raise error_of(response)
        return response

    def stream(self, path: str, **parts: Any) -> Iterator[bytes]:
        """The body of an answer in pieces: it may be larger than memory."""
        try:
            with self.http.stream("GET", path, **parts) as response:
                if not response.is_success:
                    response.read()
                    raise error_of(response)
                yield from response.iter_bytes()
        except httpx.HTTPError as error:
            raise self.unavailable(error) from error

    def unavailable(self, error: httpx.HTTPError) -> Unavailable:
        why = str(error) or type(error).__name__
        return Unavailable(f"no Dowse answers: {self.name}: {why}")

    def close(self) -> None:
        self.http.close()


def _checked(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError):
        parsed = httpx.URL("")
    if parsed.scheme in ("http", "https") and parsed.host:
        return url.rstrip("/")
    message = f"must be the address of a server, such as http://127.0.0.1:8470, got {url!r}"
    raise InvalidInput([Problem(path="url", message=message)])


def error_of(response: httpx.Response) -> DowseError:
    """The server's error as the exception that it was there."""
    try:
        body = response.json()
        kind, detail = body["type"], body["detail"]
        problems = [problem_from_json(problem) for problem in body["problems"]]
    except (ValueError, KeyError, TypeError):
        return DowseError(
            f"{response.url} answered {response.status_code}, which is no answer of Dowse: "
            f"{response.text[:500]}"
        )
    match kind:
        case "already-exists":
            return AlreadyExists(problems)
        case "invalid-input" if problems:
            return InvalidInput(problems)
        case "invalid-input":
            return InvalidInput(detail)
    return _ERRORS.get(kind, DowseError)(detail)
