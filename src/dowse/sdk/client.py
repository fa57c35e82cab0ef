"""The native API as methods. Answers are the documents of the JSON form, version 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from dowse.errors import (
    AlreadyExists,
    Conflict,
    DowseError,
    InvalidInput,
    NotFound,
    Refused,
    Unavailable,
)
from dowse.wire.documents import problem_from_json
from dowse.wire.requests import PauseRequest, ResumeRequest, SubmitRequest

Document = dict[str, Any]

TIMEOUT_S = 60.0
"""Longer than any answer takes, a snapshot of 200 MB included."""

_ERRORS: Mapping[str, type[DowseError]] = {
    "not-found": NotFound,
    "conflict": Conflict,
    "refused": Refused,
    "unavailable": Unavailable,
}


class Client:
    """Speaks to an owner through its socket.

    Every method raises the error that the server had, or Unavailable when none answers.
    """

    def __init__(self, socket: Path) -> None:
        self._http = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(socket)),
            base_url="http://dowse",
            timeout=TIMEOUT_S,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def health(self) -> Document:
        return self._get("/healthz")

    def submit(self, request: SubmitRequest) -> Document:
        """`job` and `warnings`."""
        return self._post("/api/v1/jobs", request.to_json())

    def jobs(self, *, states: Sequence[str] = ()) -> list[Document]:
        found: list[Document] = self._get("/api/v1/jobs", {"state": list(states)})["jobs"]
        return found

    def job(self, name: str) -> Document:
        """The whole job with its trials."""
        return self._get(_job(name))

    def spec(self, name: str) -> Document:
        """What was asked for: a spec of the JSON form."""
        return self._get(f"{_job(name)}/spec")

    def progress(self, name: str, *, after_event: int | None = None, wait_s: float = 0) -> Document:
        query: dict[str, Any] = {"wait_s": wait_s}
        if after_event is not None:
            query["after_event"] = after_event
        return self._get(f"{_job(name)}/progress", query)

    def resume(self, name: str, *, environment: Mapping[str, str] | None = None) -> Document:
        request = ResumeRequest(environment=None if environment is None else dict(environment))
        return self._post(f"{_job(name)}/resume", request.to_json())

    def pause(self, name: str, *, now: bool = False, interrupted: bool = False) -> Document:
        request = PauseRequest(now=now, interrupted=interrupted)
        return self._post(f"{_job(name)}/pause", request.to_json())

    def cancel(self, name: str) -> Document:
        return self._post(f"{_job(name)}/cancel", {})

    def delete(self, name: str) -> None:
        self._send("DELETE", _job(name))

    def importance(self, name: str, *, method: str = "auto") -> Document:
        """`parameters`, the most important first, and by which `method`."""
        return self._get(f"{_job(name)}/importance", {"method": method})

    def dependence(self, name: str, *parameters: str) -> Document:
        """`points` over the `axes` of one parameter or two."""
        return self._get(f"{_job(name)}/dependence", {"parameter": list(parameters)})

    def convergence(self, name: str, *, tolerance: float | None = None) -> Document:
        """`verdict`, `message` and `forecast`."""
        query = {} if tolerance is None else {"tolerance": tolerance}
        return self._get(f"{_job(name)}/convergence", query)

    def trials(self, name: str) -> list[Document]:
        """By number."""
        found: list[Document] = self._get(f"{_job(name)}/trials")["trials"]
        return found

    def trial(self, name: str, number: int) -> Document:
        return self._get(f"{_job(name)}/trials/{number}")

    def stop_trial(self, name: str, number: int) -> Document:
        return self._post(f"{_job(name)}/trials/{number}/stop", {})

    def metrics(self, name: str, number: int) -> Document:
        found: Document = self._get(f"{_job(name)}/trials/{number}/metrics")["metrics"]
        return found

    def log(self, name: str, number: int, *, offset: int = 0) -> Document:
        """`text` from `offset` on, the `offset` to ask from next, and the `path` of the file."""
        return self._get(f"{_job(name)}/trials/{number}/log", {"offset": offset})

    def events(self, name: str, *, after: int = 0, limit: int = 1000) -> list[Document]:
        query = {"after": after, "limit": limit}
        found: list[Document] = self._get(f"{_job(name)}/events", query)["events"]
        return found

    def _get(self, path: str, query: Mapping[str, Any] | None = None) -> Document:
        return self._document(self._send("GET", path, params=query))

    def _post(self, path: str, body: Document) -> Document:
        return self._document(self._send("POST", path, json=body))

    @staticmethod
    def _document(response: httpx.Response) -> Document:
        document: Document = response.json()
        return document

    def _send(self, method: str, path: str, **parts: Any) -> httpx.Response:
        try:
            response = self._http.request(method, path, **parts)
        except httpx.HTTPError as error:
            raise Unavailable(f"no Dowse answers: {error}") from error
        if response.is_error:
            raise _error(response)
        return response


def _job(name: str) -> str:
    return f"/api/v1/jobs/{quote(name, safe='')}"


def _error(response: httpx.Response) -> DowseError:
    """The server's error as the exception that it was there."""
    try:
        body = response.json()
        kind, detail = body["type"], body["detail"]
        problems = [problem_from_json(problem) for problem in body["problems"]]
    except (ValueError, KeyError, TypeError):
        return DowseError(f"the server answered {response.status_code}: {response.text[:500]}")
    match kind:
        case "already-exists":
            return AlreadyExists(problems)
        case "invalid-input":
            return InvalidInput(problems)
        case _:
            return _ERRORS.get(kind, DowseError)(detail)
