"""What the routes are given to work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dowse.service.jobs import Jobs
from dowse.service.queries import Queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """`version` and `data_dir` are what the owner says of itself.

    `environments` and `quotas` are the settings of these names.
    """

    jobs: Jobs
    queries: Queries
    version: str
    data_dir: str
    environments: Mapping[str, str] = field(default_factory=dict)
    quotas: Mapping[str, int] = field(default_factory=dict)
