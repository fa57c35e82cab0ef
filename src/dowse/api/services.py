"""What the routes are given to work with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dowse.ports import Clock, Store
from dowse.service.accounts import Accounts
from dowse.service.additions import Additions
from dowse.service.analysts import Analysts
from dowse.service.jobs import Jobs
from dowse.service.outputs import Outputs
from dowse.service.previews import Previews
from dowse.service.queries import Queries
from dowse.service.selections import Selections
from dowse.service.sheets import Sheets
from dowse.service.studies.studies import Studies
from dowse.service.tracking.tracking import Tracking
from dowse.service.trial_door import TrialDoor
from dowse.service.uploads import Uploads


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """`version` and `data_dir` are what the owner says of itself.

    `url` is where people reach the server, without a slash at its end; it begins every link to
    it. `trial_door` is where trials reach it, `tracking` what they report there. `environments`
    and `quotas` are the settings of these names. `is_leaving` says that the owner ends: whatever
    would wait returns at once. `submitting` is held while a job is submitted: two at once could
    take each other's folder.
    """

    jobs: Jobs
    queries: Queries
    sheets: Sheets
    selections: Selections
    previews: Previews
    additions: Additions
    outputs: Outputs
    studies: Studies
    store: Store
    clock: Clock
    trial_door: TrialDoor
    accounts: Accounts
    analysts: Analysts
    uploads: Uploads
    tracking: Tracking
    version: str
    data_dir: str
    url: str
    environments: Mapping[str, str] = field(default_factory=dict)
    quotas: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    max_streams: int = 100
    is_leaving: Callable[[], bool] = bool
    submitting: threading.Lock = field(default_factory=threading.Lock)
