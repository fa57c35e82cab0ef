"""The gate: every request passes it before any route sees it, and without a caller none does.

It denies by default. What comes through the owner's Unix socket is trusted, for only this user can
open that file; what comes over TCP is not, wherever it seems to come from. Paths are compared as
the router compares them (`scope["path"]`), never as a URL that a Host header is part of.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dowse.api.edges import Access, Edge, Edges, Failure
from dowse.api.security.bodies import (
    MEGABYTE,
    BodyLimits,
    BodyRefused,
    counted,
    discard,
    read_body,
    refuse_announced,
    refuse_deep,
)
from dowse.api.security.callers import Caller, Owner, TrialCaller
from dowse.api.security.credentials import Keyring, session_of, token_of
from dowse.api.security.failures import FailedLogins
from dowse.api.security.hosts import AllowedHosts
from dowse.api.security.invitations import Invitations

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
JSON_TYPES = ("application/json", "+json")
HOW_TO_PROVE = (
    "send the owner's token as `Authorization: Bearer TOKEN` (for `dowse`, set DOWSE_TOKEN), or "
    "log in at /login; the server prints at its start where the token is"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defence:
    """What the gate goes by. `trusted_socket` is the path of the Unix socket that is trusted.

    `max_upload_mb` is for the bodies that hold a program's folder, `max_artifact_mb` for those
    that hold a file which a program logs.
    """

    keyring: Keyring
    hosts: AllowedHosts
    failed: FailedLogins
    invitations: Invitations
    body: BodyLimits
    max_upload_mb: int
    max_artifact_mb: int
    trusted_socket: str


class Gate:
    """ASGI middleware: puts the caller into `request.state.caller`, or answers itself."""

    def __init__(self, app: ASGIApp, *, edges: Edges, defence: Defence) -> None:
        self._app = app
        self._edges = edges
        self._defence = defence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        edge = self._edges.of(scope["path"])
        found = self._admit(scope, edge)
        if isinstance(found, Failure):
            await self._edges.answer(found)(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = found
        if edge.max_body_mb is not None:
            limits = replace(
                self._defence.body,
                max_bytes=edge.max_body_mb * MEGABYTE,
                setting=edge.body_setting,
            )
            await self._stream(scope, receive, send, limits)
        else:
            await self._buffer(scope, receive, send)

    # ------------------------------------------------------------------ who

    def _admit(self, scope: Scope, edge: Edge) -> Caller | Failure | None:
        """The caller, None on a public path, or why the request is turned away."""
        if self._is_trusted(scope):
            return Owner()
        headers = Headers(scope=scope)
        if failure := self._misdirected(scope, headers) or self._foreign(scope, headers):
            return failure
        caller, failure = self._identify(scope, headers)
        if edge.access is Access.PUBLIC:
            return caller
        if failure is not None:
            return failure
        match caller:
            case None:
                return self._unproven(scope, shown=False)
            case Owner():
                return caller
            case TrialCaller():
                if edge.access is Access.TRIALS:
                    return caller
                detail = (
                    "the token of a trial reports metrics and does nothing else: "
                    f"{scope['method']} {scope['path']} is not open to it"
                )
                return Failure(status=403, kind="forbidden", detail=detail, path=scope["path"])
            case _:
                assert_never(caller)

    def _is_trusted(self, scope: Scope) -> bool:
        # The address of our own end of the connection, which no client has a say in.
        server = scope.get("server")
        return server is not None and tuple(server) == (self._defence.trusted_socket, None)

    def _misdirected(self, scope: Scope, headers: Headers) -> Failure | None:
        hosts = headers.getlist("host")
        if len(hosts) == 1 and self._defence.hosts.allows(hosts[0]):
            return None
        shown = ", ".join(hosts)[:200] or "none"
        return Failure(
            status=421,
            kind="wrong-host",
            detail=f"this server is not called {shown!r}; names other than localhost are allowed "
            "by the setting allowed_hosts (--allowed-host)",
            path=scope["path"],
        )

    def _foreign(self, scope: Scope, headers: Headers) -> Failure | None:
        """What is wrong with a request that a page of another site has caused."""
        origin = headers.get("origin")
        if scope["method"] in SAFE_METHODS:
            return None
        if origin is not None and not self._defence.hosts.allows_origin(origin):
            return _foreign(scope, f"its origin {origin[:200]!r} is not this server")
        if headers.get("sec-fetch-site") == "cross-site":
            return _foreign(scope, "the browser calls it cross-site")
        return None

    def _identify(self, scope: Scope, headers: Headers) -> tuple[Caller | None, Failure | None]:
        """The caller by what the request shows; None with a failure when it shows a wrong token."""
        if (authorization := headers.get("authorization")) is not None:
            token = token_of(authorization)
            caller = None if token is None else self._defence.keyring.caller_of(token)
            return caller, None if caller else self._unproven(scope, shown=True)
        session = session_of(headers.get("cookie", ""))
        if session is None or not self._defence.keyring.sessions.is_valid(session):
            return None, None
        # The browser adds the cookie by itself, so the page must prove that it is ours.
        if scope["method"] not in SAFE_METHODS and "origin" not in headers:
            return None, _foreign(scope, "a session's cookie counts only with our own Origin")
        return Owner(), None

    def _unproven(self, scope: Scope, *, shown: bool) -> Failure:
        """The answer to a request with a wrong token (`shown`) or with none."""
        address = address_of(scope)
        wait_s = self._defence.failed.wait_s(address)
        if shown and wait_s:
            return too_many(scope["path"], wait_s)
        if shown:
            self._defence.failed.add(address)
        what = "this token opens nothing here" if shown else "nothing says who is asking"
        return Failure(
            status=401,
            kind="unauthenticated",
            detail=f"{what}: {HOW_TO_PROVE}",
            path=scope["path"],
            headers={"WWW-Authenticate": 'Bearer realm="dowse"'},
        )

    # ------------------------------------------------------------------ what they carry

    async def _buffer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the whole body in before the route begins: a slow client holds up nobody."""
        headers = Headers(scope=scope)
        announced = _length(headers)
        if announced == 0 or (announced is None and "transfer-encoding" not in headers):
            await self._app(scope, receive, send)
            return
        limits = self._defence.body
        try:
            refuse_encoded(headers)
            body = await read_body(receive, limits, announced=announced)
            if body is not None and any(
                kind in headers.get("content-type", "") for kind in JSON_TYPES
            ):
                refuse_deep(body, limits)
        except BodyRefused as refused:
            await self._refuse(refused, scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _replayed(body, receive), send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send, limits: BodyLimits) -> None:
        refusals: list[BodyRefused] = []
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        headers = Headers(scope=scope)
        try:
            refuse_encoded(headers)
            refuse_announced(_length(headers), limits)
            await self._app(scope, counted(receive, limits, refusals.append), watched)
        except BodyRefused as refused:
            refusals.append(refused)
        except ClientDisconnect:
            pass
        if refusals and not started:
            await self._refuse(refusals[0], scope, receive, send)

    async def _refuse(
        self, refused: BodyRefused, scope: Scope, receive: Receive, send: Send
    ) -> None:
        failure = Failure(
            status=refused.status,
            kind=refused.kind,
            detail=refused.detail,
            path=scope["path"],
            # More may be on its way than was taken: the connection is of no further use.
            headers={"Connection": "close"},
        )
        answer = self._edges.answer(failure)
        if not refused.unread:
            await answer(scope, receive, send)
            return

        async def unfinished(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "more_body": True}
            await send(message)

        # Closing on a client that still sends resets the connection, and what it was answered is
        # lost with that: so the whole answer leaves first, and its end is what closes.
        await answer(scope, receive, unfinished)
        await discard(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def address_of(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def too_many(path: str, wait_s: float) -> Failure:
    seconds = math.ceil(wait_s)
    return Failure(
        status=429,
        kind="too-many-requests",
        detail=f"too many wrong tokens from this address; try again in {seconds} s",
        path=path,
        headers={"Retry-After": str(seconds)},
    )


def refuse_encoded(headers: Mapping[str, str]) -> None:
    """Raises BodyRefused for a compressed body: a few bytes of it can unfold to gigabytes."""
    encoding = headers.get("content-encoding", "identity")
    if encoding.lower() != "identity":
        raise BodyRefused(
            415,
            "unsupported",
            f"Content-Encoding {encoding[:100]!r} is not taken; send it plain",
            unread=True,
        )


def _foreign(scope: Scope, why: str) -> Failure:
    detail = f"a page of another site may not do this: {why}"
    return Failure(status=403, kind="forbidden", detail=detail, path=scope["path"])


def _length(headers: Mapping[str, str]) -> int | None:
    text = headers.get("content-length", "")
    return int(text) if text.isdecimal() else None


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body at once, and then what the connection says."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
