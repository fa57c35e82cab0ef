"""The pages of the console. They hold nothing of anybody: what they show comes from the API.

So they are open to everybody, and whoever may not ask the API is led to the login by them.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dowse.api.edges import Access, Edge, Failure
from dowse.api.problems import native

ASSETS = "/assets"
FILES = ("/theme.js", "/icon.svg", "/THIRD_PARTY_LICENSES.txt")
PAGES = ("/jobs", "/compare", "/workers", "/events", "/settings")
"""What the browser's address shows; the pages themselves know what lies below."""
EDGE = Edge(prefixes=("/", ASSETS, *FILES, *PAGES), render=native, access=Access.PUBLIC)

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
SAFE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
WORTH_PACKING = ("text/", "application/json", "image/svg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A built file, packed once. `packed` is None where it would not get smaller."""

    kind: str
    content: bytes = field(repr=False)
    packed: bytes | None = field(repr=False)
    tag: str


@cache
def pages() -> dict[str, Page]:
    """All built files by their paths."""
    static = resources.files("dowse.console") / "static"
    return {path: _page(path, file.read_bytes()) for path, file in _walk(static, "")}


def routes() -> list[Route]:
    """The built files, and the one page for every address of the console."""

    async def file(request: Request) -> Response:
        path = request.scope["path"]
        lasting = FOR_GOOD if path.startswith(f"{ASSETS}/") else ASK_AGAIN
        return _answer(request, path, lasting)

    async def page(request: Request) -> Response:
        return index(request)

    return [
        Route(f"{ASSETS}/{{name}}", file),
        *(Route(path, file) for path in FILES),
        Route("/", page),
        *(Route(path + below, page) for path in PAGES for below in ("", "/{rest:path}")),
    ]


def index(request: Request) -> Response:
    """The page that all addresses of the console share."""
    return _answer(request, "/index.html", ASK_AGAIN)


def _answer(request: Request, path: str, lasting: str) -> Response:
    page = pages().get(path)
    if page is None:
        detail = f"the console has no file {path!r}"
        return native(Failure(status=404, kind="not-found", detail=detail, path=path))
    headers = {**SAFE_HEADERS, "Cache-Control": lasting, "ETag": page.tag}
    if page.packed is not None:
        headers["Vary"] = "Accept-Encoding"
    if request.headers.get("if-none-match") == page.tag:
        return Response(status_code=304, headers=headers)
    content = page.content
    if page.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        content = page.packed
        headers["Content-Encoding"] = "gzip"
    return Response(content, headers={**headers, "Content-Type": page.kind})


def _walk(folder: Traversable, path: str) -> list[tuple[str, Traversable]]:
    found = []
    for one in folder.iterdir():
        place = f"{path}/{one.name}"
        found += _walk(one, place) if one.is_dir() else [(place, one)]
    return found


def _page(path: str, content: bytes) -> Page:
    # Not left to the machine: some systems call JavaScript plain text, and browsers then refuse it.
    known = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
    suffix = path[path.rfind(".") :]
    kind = known.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    packed = None
    if kind.startswith(WORTH_PACKING):
        packed = gzip.compress(content, compresslevel=9, mtime=0)
        packed = packed if len(packed) < len(content) else None
    tag = hashlib.sha256(content).hexdigest()[:32]
    return Page(kind=kind, content=content, packed=packed, tag=f'"{tag}"')
