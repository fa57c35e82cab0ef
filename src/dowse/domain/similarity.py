"""How alike two jobs are by their names and by their parameters.

Google's advice is the measure: related jobs have names most of whose characters stay the same, and
parameters that keep their names. Dates, times and counters at the end of a name say nothing.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from dowse.domain.parameters import Categorical, Parameter
from dowse.domain.space import SearchSpace

LEAST_NAME_SCORE = 0.6
LEAST_SPACE_SCORE = 0.5

_STAMP = re.compile(
    r"""(?: [\W_]* \d{6,} [\d\W_]*           # a date, a time, both with what parts them
        | [\W_]+ [0-9a-f]{8} [0-9a-f-]*      # a UUID, or a part of one
        | [\W_]+ v? \d+ )                   # a counter
        \Z""",
    re.IGNORECASE | re.VERBOSE,
)
_LEAST_STEM = 3


def stem(name: str) -> str:
    """`babyweight_regression` of `babyweight_regression_180226_055918`; never next to nothing."""
    left = name
    while (shorter := _STAMP.sub("", left)) != left and len(shorter) >= _LEAST_STEM:
        left = shorter
    return left.casefold()


def name_score(one: str, other: str) -> float:
    """The share of characters that two names have in common, in blocks, from 0 to 1."""
    first, second = sorted((stem(one), stem(other)))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def shared_names(one: SearchSpace, other: SearchSpace) -> tuple[str, ...]:
    """Parameters of the same name that hold the same kind of values, numbers or labels."""
    theirs = {parameter.name: parameter for parameter in other.parameters}
    return tuple(p.name for p in one.parameters if p.name in theirs and _alike(p, theirs[p.name]))


def space_score(one: SearchSpace, other: SearchSpace) -> float:
    """Shared parameters as a share of all that either has."""
    return len(shared_names(one, other)) / len({*one.names, *other.names})


def _alike(one: Parameter, other: Parameter) -> bool:
    return isinstance(one, Categorical) is isinstance(other, Categorical)
