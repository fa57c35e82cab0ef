"""The parts of the address space, each with its own manners: who may come, how errors look.

A facade says with an `Edge` below which paths it answers. The gate and the error handlers look
up the edge of a request by its path, so an error that arises before any route is found (a wrong
token, a body too large, an unknown path) still has the form that the facade's clients read:

    Edge(prefixes=("/v1",), render=google_error)
    Edge(prefixes=("/api/2.0/mlflow",), render=mlflow_error, access=Access.TRIALS)

A prefix covers whole segments: `/v1` covers `/v1` and `/v1/x`, not `/v10`. The longest one wins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from starlette.responses import Response

from dowse.errors import Problem


class Access(Enum):
    OWNER = "owner"  # the person whose data this is
    TRIALS = "trials"  # trials too, each with its own token; what they may touch, routes decide
    PUBLIC = "public"  # everybody: there is nothing to see or to change


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a client is to be told. `kind` is the word of the native API, `path` was asked for."""

    status: int
    kind: str
    detail: str
    path: str
    problems: tuple[Problem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


Render: TypeAlias = Callable[[Failure], Response]
"""Puts a failure into an answer. It may choose another status; `headers` belong in the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """`max_body_mb` replaces the limit of the settings; such bodies are handed on as they come,
    so that the route reads them as a stream, and are not looked at as JSON. `body_setting` is the
    setting that it comes from.
    """

    prefixes: tuple[str, ...]
    render: Render
    access: Access = Access.OWNER
    max_body_mb: int | None = None
    body_setting: str = "max_body_mb"


class Edges:
    """Finds the edge of a path; `default` has all paths that no other one covers."""

    def __init__(self, edges: Iterable[Edge], *, default: Edge) -> None:
        self._by_prefix = {prefix: edge for edge in edges for prefix in edge.prefixes}
        self._default = default

    def of(self, path: str) -> Edge:
        prefix = path
        while prefix:
            if (edge := self._by_prefix.get(prefix)) is not None:
                return edge
            prefix = prefix.rpartition("/")[0]
        return self._default

    def answer(self, failure: Failure) -> Response:
        return self.of(failure.path).render(failure)
