"""The native API as methods. Answers are the documents of the JSON form, version 1."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from dowse.errors import InvalidInput, Problem
from dowse.sdk.transport import Transport
from dowse.wire.advice import ConfirmForm
from dowse.wire.requests import ExtendRequest, PauseRequest, ResumeRequest, SubmitRequest

Document = dict[str, Any]


class Client:
    """Speaks to an owner through its socket, or to a server by its URL with the owner's token.

    Every method raises the error that the server had, or Unavailable when none answers.
    """

    def __init__(self, where: Path | str, *, token: str | None = None) -> None:
        self._transport = Transport(where, token=token)
        self._is_remote = not isinstance(where, Path)

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
        self._transport.close()

    def health(self) -> Document:
        return self._get("/healthz")

    def invite(self, path: str = "/") -> str:
        """An address of the console that logs one browser in, once, and leads to `path`."""
        answer = self._send("POST", "/api/v1/invitations", params={"path": path})
        url: str = self._document(answer)["url"]
        return url

    def submit(self, request: SubmitRequest) -> Document:
        """`job` and `warnings`. A server elsewhere gets the folder of the program first.

        It does not get this machine's environment, which means nothing there and holds secrets.
        """
        return self._post("/api/v1/jobs", self._with_code(request).to_json())

    def preview(self, request: SubmitRequest) -> Document:
        """`trials`: the first ones of such a job, with what it would have from earlier jobs."""
        return self._post("/api/v1/preview", self._with_code(request).to_json())

    def _with_code(self, request: SubmitRequest) -> SubmitRequest:
        if self._is_remote and request.folder is not None:
            return self._uploaded(request, Path(request.folder))
        return request

    def _uploaded(self, request: SubmitRequest, folder: Path) -> SubmitRequest:
        package = request.package_path
        if package is not None and Path(package).is_absolute():
            if not Path(package).is_relative_to(folder):
                message = f"must lie in {folder}, which is sent to the server, got {package!r}"
                raise InvalidInput([Problem(path="--package-path", message=message)])
            package = str(Path(package).relative_to(folder))
        parts = {"folder": None, "package_path": package, "environment": None}
        return request.model_copy(update={**parts, "upload": self.upload(folder)})

    def upload(self, folder: Path) -> str:
        """Send a program's folder; the id that a submission names it by.

        Raises InvalidInput where it is too large or cannot be read.
        """
        from dowse.domain.spec import CodeSpec
        from dowse.runtime.archives import pack

        with tempfile.TemporaryFile() as archive:
            pack(CodeSpec(root=str(folder)), archive)
            archive.seek(0)
            headers = {"Content-Type": "application/x-tar"}
            sent = self._send("POST", "/api/v1/uploads", content=archive, headers=headers)
        upload_id: str = sent.json()["id"]
        return upload_id

    def jobs(self, *, states: Sequence[str] = (), filter: str | None = None) -> list[Document]:
        query = {"state": list(states), **_filtered(filter)}
        found: list[Document] = self._get("/api/v1/jobs", query)["jobs"]
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

    def front(self, name: str, reference: Mapping[str, float] | None = None) -> Document:
        """`trials` that no other one beats in every objective, and their `hypervolume` up to the
        `reference`.
        """
        given = [f"{metric}={value!r}" for metric, value in (reference or {}).items()]
        return self._get(f"{_job(name)}/front", {"reference": given} if given else {})

    def resume(self, name: str, *, environment: Mapping[str, str] | None = None) -> Document:
        request = ResumeRequest(environment=None if environment is None else dict(environment))
        return self._post(f"{_job(name)}/resume", request.to_json())

    def extend(self, name: str, request: ExtendRequest) -> Document:
        """`job` and `warnings` of a new job that goes on with one that is over."""
        return self._post(f"{_job(name)}/extend", request.to_json())

    def lineage(self, name: str) -> Document:
        """`parent`, `children`, `ancestors`, `inherited_best` and `sources`."""
        return self._get(f"{_job(name)}/lineage")

    def pause(self, name: str, *, now: bool = False, interrupted: bool = False) -> Document:
        request = PauseRequest(now=now, interrupted=interrupted)
        return self._post(f"{_job(name)}/pause", request.to_json())

    def cancel(self, name: str) -> Document:
        return self._post(f"{_job(name)}/cancel", {})

    def edit(self, name: str, **limits: int | None) -> Document:
        """Set `trials`, `parallel` or `failed`, each only when it is given."""
        response = self._send("PATCH", _job(name), json={"limits": limits})
        return self._document(response)

    def delete(self, name: str) -> None:
        self._send("DELETE", _job(name))

    def costs(self, name: str) -> Document:
        """`seconds`, `amount` and `ml_units` of the job, and of each of its `trials`."""
        return self._get(f"{_job(name)}/costs")

    def savings(self, name: str) -> Document:
        """`totals` by rule, the `audit` by controls, and every `stopped` trial."""
        return self._get(f"{_job(name)}/savings")

    def compare(self, names: Sequence[str]) -> Document:
        """`jobs`, one row each, in the order of the names."""
        return self._get("/api/v1/compare", {"job": list(names)})

    def importance(self, name: str, *, method: str = "auto", metric: str | None = None) -> Document:
        """`parameters`, the most important first, and by which `method`."""
        query = {"method": method} | ({} if metric is None else {"metric": metric})
        return self._get(f"{_job(name)}/importance", query)

    def dependence(self, name: str, *parameters: str, metric: str | None = None) -> Document:
        """`points` over the `axes` of one parameter or two."""
        query: dict[str, Any] = {"parameter": list(parameters)}
        if metric is not None:
            query["metric"] = metric
        return self._get(f"{_job(name)}/dependence", query)

    def convergence(self, name: str, *, tolerance: float | None = None) -> Document:
        """`verdict`, `message` and `forecast`."""
        query = {} if tolerance is None else {"tolerance": tolerance}
        return self._get(f"{_job(name)}/convergence", query)

    def advice(self, name: str) -> Document:
        """`advice` in sentences, and the `ranges`, `trust` and `forecast` that it rests on."""
        return self._get(f"{_job(name)}/advice")

    def ranges(self, name: str) -> list[Document]:
        """Which ranges a further job should have, one proposal for each parameter."""
        proposals: list[Document] = self._get(f"{_job(name)}/ranges")["ranges"]
        return proposals

    def confirm(self, name: str, request: ConfirmForm) -> Document:
        """Begin a job that runs the best configurations again."""
        return self._post(f"{_job(name)}/confirm", request.to_json())

    def confirmation(self, name: str) -> Document:
        """What such a job says, or the newest one of a job."""
        return self._get(f"{_job(name)}/confirmation")

    def trials(self, name: str, *, filter: str | None = None) -> list[Document]:
        """By number; those that a filter keeps, as in `lr < 1e-2 and val_loss.min < 1.2`."""
        found: list[Document] = self._get(f"{_job(name)}/trials", _filtered(filter))["trials"]
        return found

    def trial(self, name: str, number: int) -> Document:
        return self._get(f"{_job(name)}/trials/{number}")

    def add_trial(
        self, name: str, parameters: Mapping[str, Any], *, like: int | None = None
    ) -> Document:
        """A queued trial with these parameters; `like` gives those that are not said."""
        return self._post(f"{_job(name)}/trials", {"parameters": dict(parameters), "like": like})

    def stop_trial(self, name: str, number: int) -> Document:
        return self._post(f"{_job(name)}/trials/{number}/stop", {})

    def tag_trial(
        self, name: str, number: int, *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Document:
        tags = {"add": list(add), "remove": list(remove)}
        return self._post(f"{_job(name)}/trials/{number}/tags", tags)

    def metrics(self, name: str, number: int, *, attempt: int | None = None) -> Document:
        """Every report of the present attempt, or of an earlier one, by metric."""
        query = {} if attempt is None else {"attempt": attempt}
        found: Document = self._get(f"{_job(name)}/trials/{number}/metrics", query)["metrics"]
        return found

    def logged(self, name: str, number: int) -> Document:
        """What a trial logged besides metrics: `parameters`, `tags`, `runs`, `models`, `files` …"""
        return self._get(f"{_job(name)}/trials/{number}/logged")

    def command(self, name: str, number: int) -> str | None:
        """What a trial was started with, as a person would type it; None before it was."""
        found: str | None = self._get(f"{_job(name)}/trials/{number}/command")["command"]
        return found

    def log(self, name: str, number: int, *, offset: int = 0) -> Document:
        """`text` from `offset` on, the `offset` to ask from next, and the `path` of the file."""
        return self._get(f"{_job(name)}/trials/{number}/log", {"offset": offset})

    def outputs(self, name: str, number: int) -> Document:
        """`outputs` (the names there are), `files` and `elsewhere`."""
        return self._get(f"{_job(name)}/trials/{number}/outputs")

    def output_file(
        self, name: str, number: int, path: str, *, output: str | None = None
    ) -> Iterator[bytes]:
        """The content of one file that a trial left, in pieces."""
        query = {"path": path} | ({} if output is None else {"output": output})
        return self._stream(f"{_job(name)}/trials/{number}/outputs/file", query)

    def events(self, name: str, *, after: int = 0, limit: int = 1000) -> list[Document]:
        query = {"after": after, "limit": limit}
        found: list[Document] = self._get(f"{_job(name)}/events", query)["events"]
        return found

    def notes(self, name: str, *, after: int = 0, limit: int = 1000) -> Document:
        """A page of what the suggester noted: `notes` and `next`."""
        return self._get(f"{_job(name)}/notes", {"after": after, "limit": limit})

    def replay(self, name: str) -> list[Document]:
        """Every suggestion and stop derived again: the checks of all pages."""
        found: list[Document] = []
        after: int | None = 0
        while after is not None:
            page = self._get(f"{_job(name)}/replay", {"after": after})
            found += page["checks"]
            after = page["next"]
        return found

    def _get(self, path: str, query: Mapping[str, Any] | None = None) -> Document:
        return self._document(self._send("GET", path, params=query))

    def _post(self, path: str, body: Document) -> Document:
        return self._document(self._send("POST", path, json=body))

    def _stream(self, path: str, query: Mapping[str, str]) -> Iterator[bytes]:
        return self._transport.stream(path, params=query)

    @staticmethod
    def _document(response: httpx.Response) -> Document:
        document: Document = response.json()
        return document

    def _send(self, method: str, path: str, **parts: Any) -> httpx.Response:
        return self._transport.send(method, path, **parts)


def _filtered(filter: str | None) -> Document:
    return {} if filter is None else {"filter": filter}


def _job(name: str) -> str:
    return f"/api/v1/jobs/{quote(name, safe='')}"


def connect(url: str, *, token: str | None = None) -> Client:
    """A client of the server at `url`; `token` is by default what DOWSE_TOKEN says.

    Raises Unavailable when none answers there, Refused when the token is not the server's.
    """
    client = Client(url, token=token or os.environ.get("DOWSE_TOKEN"))
    try:
        client.jobs(states=["queued"])  # An answer to this needs the right token, and is short.
    except BaseException:
        client.close()
        raise
    return client
