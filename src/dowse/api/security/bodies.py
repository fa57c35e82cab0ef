"""What a request may carry: its size, its depth, and the time it takes to arrive."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]

MEGABYTE = 1_000_000
DISCARDED_BYTES = 64 * MEGABYTE
DISCARDED_S = 5.0
QUIET_S = 1.0
# An unfinished text reaches to the end, and nothing is tried twice: the time is linear.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLimits:
    """`timeout_s` is for the whole of an ordinary body, and for each piece of a streamed one.

    `setting` is what `max_bytes` was set by.
    """

    max_bytes: int
    max_depth: int
    timeout_s: float
    setting: str = "max_body_mb"


@dataclass(frozen=True, slots=True)
class BodyRefused(Exception):
    """`detail` names the setting. `unread` says that more of the body may be on its way."""

    status: int
    kind: str
    detail: str
    unread: bool = False


async def read_body(receive: Receive, limits: BodyLimits, *, announced: int | None) -> bytes | None:
    """The whole body; None when the client left before its end. Raises BodyRefused."""
    refuse_announced(announced, limits)
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limits.timeout_s):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                piece = message.get("body", b"")
                size += len(piece)
                if size > limits.max_bytes:
                    raise _too_large(limits, unread=bool(message.get("more_body")))
                pieces.append(piece)
                if not message.get("more_body"):
                    return b"".join(pieces)
    except TimeoutError:
        raise _too_slow(limits) from None


async def discard(receive: Receive) -> None:
    """Take in what a client still sends, for a while and until it falls silent."""
    size = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DISCARDED_S):
            while size <= DISCARDED_BYTES:
                async with asyncio.timeout(QUIET_S):
                    message = await receive()
                size += len(message.get("body", b""))
                if not message.get("more_body"):
                    return


def counted(
    receive: Receive, limits: BodyLimits, refused: Callable[[BodyRefused], None]
) -> Receive:
    """A `receive` for routes that read a long body piece by piece within the limits.

    Past a limit it behaves as if the client had left, which every reader of streams understands;
    `refused` is told why before that.
    """
    size = 0

    async def limited() -> Message:
        nonlocal size
        try:
            async with asyncio.timeout(limits.timeout_s):
                message = await receive()
        except TimeoutError:
            refused(_too_slow(limits))
            return {"type": "http.disconnect"}
        size += len(message.get("body", b""))
        if size > limits.max_bytes:
            refused(_too_large(limits, unread=bool(message.get("more_body"))))
            return {"type": "http.disconnect"}
        return message

    return limited


def refuse_announced(announced: int | None, limits: BodyLimits) -> None:
    """Raises BodyRefused for a Content-Length that is past the limit."""
    if announced is not None and announced > limits.max_bytes:
        raise _too_large(limits, unread=True)


def refuse_deep(body: bytes, limits: BodyLimits) -> None:
    """Raises BodyRefused for JSON that nests deeper than the limit, without parsing it."""
    # Most bodies have fewer brackets in all than they may have one inside the other.
    if body.count(b"[") + body.count(b"{") <= limits.max_depth:
        return
    depth = 0
    for token in _TOKEN.finditer(body):
        mark = token[0]
        if mark in (b"[", b"{"):
            depth += 1
            if depth > limits.max_depth:
                raise BodyRefused(
                    422,
                    "invalid-input",
                    f"the body nests deeper than {limits.max_depth} levels (max_json_depth)",
                )
        elif mark in (b"]", b"}"):
            depth -= 1


def _too_large(limits: BodyLimits, *, unread: bool) -> BodyRefused:
    size = limits.max_bytes / MEGABYTE
    return BodyRefused(
        413, "too-large", f"the body is larger than {size:g} MB ({limits.setting})", unread
    )


def _too_slow(limits: BodyLimits) -> BodyRefused:
    return BodyRefused(
        408,
        "timeout",
        f"the body did not arrive within {limits.timeout_s:g} s (body_timeout_s)",
        unread=True,
    )
