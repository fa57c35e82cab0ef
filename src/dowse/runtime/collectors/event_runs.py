"""Which folder of event files may give a metric its plain name.

Programs write the same tag into several folders: Keras `epoch_loss` into train/ and validation/.
The plain name goes to the folder that measures on unseen data, among equals to the newest; the
other folders' values are kept as `<folder>/<tag>`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum


class Role(IntEnum):
    """What a folder's name says about its values; the greater one is preferred."""

    TRAINING = 0
    UNKNOWN = 1
    TEST = 2
    VALIDATION = 3


_ROLES = {
    **dict.fromkeys(("train", "training"), Role.TRAINING),
    "test": Role.TEST,
    **dict.fromkeys(("eval", "evaluation", "val", "valid", "validation", "dev"), Role.VALIDATION),
}


@dataclass(slots=True, eq=False)
class Run:
    """The event files of one folder: `parent` and `name` are its path, `started` its beginning."""

    parent: str
    name: str
    started: float = 0.0
    tags: set[str] = field(default_factory=set)

    @property
    def role(self) -> Role:
        words = re.split(r"[^a-z]+", self.name.lower())
        return max((_ROLES[word] for word in words if word in _ROLES), default=Role.UNKNOWN)

    @property
    def rank(self) -> tuple[Role, float, str, str]:
        # Curves that are drawn into one picture begin together; then the name decides.
        return self.role, self.started, self.name, self.parent


@dataclass(slots=True)
class Runs:
    """All folders with event files of one trial."""

    _runs: dict[tuple[str, str], Run] = field(default_factory=dict)

    def at(self, parent: str, name: str) -> Run:
        return self._runs.setdefault((parent, name), Run(parent, name))

    def metric_name(self, run: Run, tag: str) -> str:
        if self._has_evaluation_beside(run) or self._better_with(run, tag):
            return f"{run.name or '.'}/{tag}"
        return tag

    def is_without_equal(self, run: Run, tag: str) -> bool:
        """Whether no better folder has the tag, which is only certain at the end."""
        return not self._better_with(run, tag)

    def _better_with(self, run: Run, tag: str) -> bool:
        return any(other.rank > run.rank and tag in other.tags for other in self._runs.values())

    def _has_evaluation_beside(self, run: Run) -> bool:
        """Then the same tags will come from there, if later."""
        return run.role is Role.TRAINING and any(
            other.parent == run.parent and other.role > Role.UNKNOWN
            for other in self._runs.values()
        )
