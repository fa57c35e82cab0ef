"""A job in the form of any dialect, and what that form cannot say.

What cannot be said is found by reading the rendered document again: every difference between the
two jobs, in the words of the native form, is one line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dowse.dialects.ai_platform.writer import write_ai_platform
from dowse.dialects.azure_ml.writer import write_azure_ml
from dowse.dialects.native.text import flow
from dowse.dialects.native.writer import native_tree, write_native
from dowse.dialects.openbayes.writer import write_openbayes
from dowse.dialects.protocol import ReadContext
from dowse.dialects.reader import nearest
from dowse.dialects.registry import read
from dowse.domain.confirmation import command_of, confirmation_of
from dowse.domain.spec import JobSpec
from dowse.errors import InvalidInput, Refused

WRITERS: Mapping[str, Callable[[JobSpec], str]] = {
    "native": write_native,
    "ai_platform": write_ai_platform,
    "openbayes": write_openbayes,
    "azure_ml": write_azure_ml,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """`dialect` is a name of WRITERS; `unsaid` are sentences, each beginning with a key of the
    native form.
    """

    dialect: str
    text: str
    unsaid: tuple[str, ...]


def render(spec: JobSpec, dialect: str) -> Rendering:
    """`ai-platform` is `ai_platform`. Raises InvalidInput for a dialect that there is not, and
    Refused for a job that confirms another: what it runs is known only when it is asked for.
    """
    name = dialect.replace("-", "_")
    if name not in WRITERS:
        raise InvalidInput(f"there is no dialect {dialect!r}{nearest(name, WRITERS)}")
    if (wanted := confirmation_of(spec)) is not None:
        raise Refused(
            f"this job runs the best configurations of {wanted.job} again, which no document can "
            f"ask for; begin another one like it with: {command_of(wanted)}"
        )
    text = WRITERS[name](spec)
    context = ReadContext(folder=spec.launch.code.root, file=f"<{name}>")
    try:
        again = read(text, context=context, dialect=name).spec
    except InvalidInput as error:
        return Rendering(
            dialect=name, text=text, unsaid=tuple(str(problem) for problem in error.problems)
        )
    return Rendering(
        dialect=name, text=text, unsaid=tuple(differences(native_tree(spec), native_tree(again)))
    )


def differences(asked: Mapping[str, Any], said: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """What is left out or becomes something else, key by key."""
    for key in (*asked, *(key for key in said if key not in asked)):
        here = f"{path}.{key}" if path else key
        before, after = asked.get(key), said.get(key)
        if _same(before, after):
            continue
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from differences(before, after, here)
        elif key not in said:
            yield f"{here}: {flow(before)} is left out"
        elif key not in asked:
            yield f"{here}: becomes {flow(after)}"
        else:
            yield f"{here}: {flow(before)} becomes {flow(after)}"


def _same(one: Any, other: Any) -> bool:
    """Equal, but for the last digits of a number that went through a logarithm."""
    match one, other:
        case (bool(), _) | (_, bool()):
            return one is other
        case (int() | float(), int() | float()):
            return math.isclose(one, other, rel_tol=1e-9)
        case (Mapping(), Mapping()):
            return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
        case (list(), list()):
            return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)
