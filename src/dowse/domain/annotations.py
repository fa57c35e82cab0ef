"""What a program says of its trial besides numbers: parameters, tags, runs, models, data sets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

MAX_KEY = 512
MAX_VALUE = 1_048_576
"""Characters; the schema of a data set is the longest thing that is said."""


class AnnotationKind(Enum):
    PARAMETER = "parameter"
    TAG = "tag"
    RUN = "run"  # a field of a run: its name, its status, its times
    MODEL = "model"  # a field of a logged model
    INPUT = "input"  # a data set that a run read
    OUTPUT = "output"  # a model that a run made
    REGISTERED = "registered"  # a name that the program registered a model under


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One text under a key.

    `holder` is what it belongs to: "" for the trial itself, otherwise a run or a model that the
    program opened beside it. Without a `value` the key is removed. A `fixed` value cannot become
    another one.
    """

    kind: AnnotationKind
    key: str
    value: str | None
    holder: str = ""
    fixed: bool = False

    def __post_init__(self) -> None:
        if not self.key or len(self.key) > MAX_KEY:
            raise ValueError(f"a key has 1 to {MAX_KEY} characters, got {self.key[:80]!r}")
        if self.value is not None and len(self.value) > MAX_VALUE:
            raise ValueError(
                f"the value of {self.key[:80]!r} has {len(self.value)} characters; "
                f"at most {MAX_VALUE} are kept"
            )
