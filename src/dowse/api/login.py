"""A browser exchanges the owner's token for a cookie, and gives it back.

The pages of the console send people here; programs send their token with every request instead.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from dowse.api.edges import Edges, Failure
from dowse.api.security.credentials import session_of
from dowse.api.security.gate import Defence, address_of, too_many
from dowse.api.security.sessions import COOKIE, LIFETIME_S

PATHS = ("/login", "/logout")
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Dowse: log in</title>
<style>body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 12vh auto;
padding: 0 1rem }} input, button {{ font: inherit; padding: .4rem .6rem; width: 100%;
box-sizing: border-box; margin: .3rem 0 }}</style>
<main><h1>Dowse</h1>
<form method="post" action="/login?next={next}"><label>Token
<input name="token" type="password" autocomplete="current-password" required autofocus></label>
<button>Log in</button></form>
<p>The token stands in the file <code>token</code> of the data directory, unless DOWSE_TOKEN sets
it.</p></main></html>
"""


def routes(defence: Defence, edges: Edges) -> list[Route]:
    """The login page, and the way in and out."""
    sessions = defence.keyring.sessions

    async def page(request: Request) -> Response:
        text = PAGE.format(next=quote(_next(request), safe=""))
        return HTMLResponse(text, headers=PAGE_HEADERS)

    async def login(request: Request) -> Response:
        address = address_of(request.scope)
        if wait_s := defence.failed.wait_s(address):
            return edges.answer(too_many(request.scope["path"], wait_s))
        if not defence.keyring.is_owners(_token(await request.body())):
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


def _token(body: bytes) -> str:
    """The token of a form or of a JSON object; empty when there is none."""
    try:
        document = json.loads(body)
    except ValueError:
        fields = parse_qs(body.decode("utf-8", errors="replace"), max_num_fields=10)
        return fields.get("token", [""])[0].strip()
    token = document.get("token") if isinstance(document, dict) else None
    return token if isinstance(token, str) else ""


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
        detail="this is not the owner's token: it stands in the file `token` of the data "
        "directory, unless DOWSE_TOKEN sets it",
        path=request.scope["path"],
    )
