"""What a job has from the jobs before it: trials that count as its own, and others to learn from.

What is asked for stands in the spec (`Continuation`, `Learning`); what came of it is pinned when
the job is submitted (`Lineage`): whatever other jobs do later, the same job has the same trials.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from dowse.domain.history import Observation
from dowse.domain.parameters import Value
from dowse.domain.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuation:
    """The job that another one goes on with: its trials are known there and never run again.

    `changed` allows other ranges and parameters than that job had. `fixed` are the values of
    parameters that only one of the two jobs tunes: what all trials of the earlier job had of one
    that is new, and what all trials have from now on of one that is left out.
    """

    job: str
    changed: bool = False
    fixed: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Which earlier jobs a job learns from: similar ones, those of these names, or none."""

    similar: bool = False
    jobs: tuple[str, ...] = ()

    @property
    def is_off(self) -> bool:
        return not self.similar and not self.jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """A trial of an earlier job that counts as an own result; its observation is numbered anew."""

    job: str
    trial: int
    observation: Observation


class Chosen(Enum):
    """Why a job is learnt from."""

    SIMILAR = "similar"  # its name and its parameters are alike
    NAMED = "named"  # the job file names it
    CONTINUED = "continued"  # it is gone on with, and these trials are no trials of the new space


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A source, and how alike it is: `name_score` and `space_score` from 0 to 1."""

    source: Source
    chosen: Chosen
    name_score: float
    space_score: float

    @property
    def score(self) -> float:
        return self.name_score * self.space_score


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """What was pinned when a job was submitted.

    `parent` is the job that it goes on with and `parent_id` the number of that job, None once it
    was deleted. `index` is how many suggestions were made before the first of this job, and `note`
    what the suggester remembered then.
    """

    parent: str | None = None
    parent_id: int | None = None
    inherited: tuple[Inherited, ...] = ()
    index: int = 0
    note: Mapping[str, Any] | None = None
    sources: tuple[Pinned, ...] = ()

    @property
    def observations(self) -> tuple[Observation, ...]:
        return tuple(each.observation for each in self.inherited)

    @property
    def said(self) -> tuple[str, ...]:
        """It in sentences, for the job's log."""
        found = []
        if self.parent is not None:
            count = len(self.inherited)
            trials = "1 trial" if count == 1 else f"{count} trials"
            found.append(f"goes on with {self.parent}: {trials} of before count as results")
        if self.sources:
            names = ", ".join(each.source.name for each in self.sources)
            found.append(f"learns from {names}")
        return tuple(found)


NOTHING = Lineage()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A source and what it counts at present: `weight` and `dropped` as the newest suggestion has
    them, both None as long as none has asked for it.
    """

    job: str
    chosen: Chosen
    score: float
    name_score: float
    space_score: float
    results: int
    weight: float | None = None
    dropped: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """A job among others. `ancestors` are the jobs whose trials it has, with how many of each,
    the oldest first; `parent_exists` is false once the parent was deleted.
    """

    parent: str | None
    parent_exists: bool
    children: tuple[str, ...]
    ancestors: Mapping[str, int]
    inherited_best: Inherited | None
    sources: tuple[Counted, ...]
