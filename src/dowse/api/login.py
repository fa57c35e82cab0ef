"""A browser exchanges the owner's token, or a one-time code, for a cookie, and gives it back.

The pages of the console do so; programs send their token with every request instead.
"""

from __future__ import annotations

import json
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from dowse.api import console
from dowse.api.bodies import JsonRoute
from dowse.api.documented import answer
from dowse.api.edges import Edges, Failure
from dowse.api.security.credentials import session_of
from dowse.api.security.gate import Defence, address_of, too_many
from dowse.api.security.invitations import address as inviting
from dowse.api.security.sessions import COOKIE, LIFETIME_S
from dowse.wire.answers import InvitationDocument

PATHS = ("/login", "/logout")
OUR_PATH = r"^/([^/\\].*)?$"
"""A path of ours, and of nobody else: `//host` and `/\\host` lead away."""


def routes(defence: Defence, edges: Edges, url: str) -> list[BaseRoute]:
    """The login page, and the way in and out. `url` is where people reach the server."""
    sessions = defence.keyring.sessions

    async def page(request: Request) -> Response:
        return console.index(request)

    async def login(request: Request) -> Response:
        address = address_of(request.scope)
        if wait_s := defence.failed.wait_s(address):
            return edges.answer(too_many(request.scope["path"], wait_s))
        body = await request.body()
        if not (
            defence.keyring.is_owners(_said(body, "token"))
            or defence.invitations.redeem(_said(body, "code"))
        ):
            defence.failed.add(address)
            return edges.answer(_wrong_token(request))
        defence.failed.forgive(address)
        answer: Response = JSONResponse({"logged_in": True})
        if _is_form(request):
            answer = RedirectResponse(_next(request), status_code=303)
        _set_cookie(answer, request, sessions.begin(), LIFETIME_S)
        return answer

    async def logout(request: Request) -> Response:
        if (session := session_of(request.headers.get("cookie", ""))) is not None:
            sessions.end(session)
        answer = RedirectResponse("/login", status_code=303)
        _set_cookie(answer, request, "", 0)
        return answer

    return [
        Route("/login", page, methods=["GET"]),
        Route("/login", login, methods=["POST"]),
        Route("/logout", logout, methods=["POST"]),
        *_invitations(defence, url),
    ]


def _set_cookie(answer: Response, request: Request, value: str, max_age_s: int) -> None:
    answer.set_cookie(
        COOKIE,
        value,
        max_age=max_age_s,
        httponly=True,
        samesite="strict",
        secure=request.scope["scheme"] == "https",
    )
    answer.headers["Cache-Control"] = "no-store"


def _invitations(defence: Defence, url: str) -> list[BaseRoute]:
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)

    @router.post("/invitations", status_code=201, **answer(InvitationDocument, 201))
    def invite(
        path: Annotated[
            str, Query(description="Which page it leads to.", pattern=OUR_PATH, max_length=1000)
        ] = "/",
    ) -> dict[str, object]:
        """An address that logs one browser in, once, within an hour."""
        return {"url": inviting(url, defence.invitations.issue(), path)}

    return list(router.routes)


def _said(body: bytes, key: str) -> str:
    """A field of a form or of a JSON object; empty when there is none."""
    try:
        document = json.loads(body)
    except ValueError:
        fields = parse_qs(body.decode("utf-8", errors="replace"), max_num_fields=10)
        return fields.get(key, [""])[0].strip()
    said = document.get(key) if isinstance(document, dict) else None
    return said if isinstance(said, str) else ""


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "")
    return kind.startswith("application/x-www-form-urlencoded")


def _next(request: Request) -> str:
    """Where a browser goes on: a path of ours, and of nobody else."""
    path = request.query_params.get("next", "/")
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours else "/"


def _wrong_token(request: Request) -> Failure:
    return Failure(
        status=401,
        kind="unauthenticated",
        detail="this is neither the owner's token nor an open code: the token stands in the file "
        "`token` of the data directory, unless DOWSE_TOKEN sets it",
        path=request.scope["path"],
    )
