"""What the routes are given to work with."""

from __future__ import annotations

from dataclasses import dataclass

from dowse.service.jobs import Jobs
from dowse.service.queries import Queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """`version` and `data_dir` are what the owner says of itself."""

    jobs: Jobs
    queries: Queries
    version: str
    data_dir: str
