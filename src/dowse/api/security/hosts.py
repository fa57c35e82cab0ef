"""The names by which this server may be called.

A page on the web can make a browser call this server under a name of the page's own (DNS
rebinding), or send it requests from another origin. Neither has a name that stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.\-]+)(?::(\d{1,5}))?")


class AllowedHosts:
    """`names` are `name` (with any port) or `name:port`; loopback only with our own `ports`."""

    def __init__(self, names: Iterable[str], *, ports: Iterable[int]) -> None:
        own = [f"{host}:{port}" for host in LOOPBACK for port in ports]
        self._allowed = frozenset(name.lower() for name in (*own, *names))

    def allows(self, host: str) -> bool:
        """Whether the value of a Host header is one of our names."""
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        return host.lower() in self._allowed or found[1].lower() in self._allowed

    def allows_origin(self, origin: str) -> bool:
        """Whether the value of an Origin header is a page of ours."""
        scheme, _, host = origin.partition("://")
        return scheme in ("http", "https") and self.allows(host)


def host_problem(name: str) -> str | None:
    """What keeps `name` from being an allowed host; None when nothing does."""
    found = _HOST.fullmatch(name)
    if found is not None and urlsplit(f"//{name}").hostname:
        return None
    return f"must be a host name, with or without a port, such as tuning.example:8470, got {name!r}"
