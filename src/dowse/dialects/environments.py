"""Named environments and images of the services, as interpreters of this machine."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Mapping

from dowse.dialects.protocol import ReadContext
from dowse.dialects.reader import Field

_INTERPRETER = re.compile(r"(?:.*/bin/)?[\w.+-]*python[\w.+-]*\Z")


def interpreter(asked: Iterable[tuple[Field, Iterable[str]]], context: ReadContext) -> str | None:
    """The interpreter of the first field that has one; a warning names every field that has none.

    Each field comes with the names that it may have in the table, the most exact first.
    """
    chosen: str | None = None
    for field, names in asked:
        candidates = list(names)
        name = next((one for one in candidates if one in context.environments), None)
        if name is None:
            key = field.path.rpartition(".")[2]
            shown = f" {candidates[0][:80]}" if candidates else ""
            field.warn(
                f"ignored: {key}{shown} (no environment of that name is configured; the "
                "interpreter is chosen with --python)"
            )
        elif chosen is None:
            chosen = _python(context.environments[name])
    return chosen


def _python(place: str) -> str:
    """An interpreter as it is; of a virtual environment, the one inside it."""
    return place if _INTERPRETER.match(place) else os.path.join(place, "bin", "python")


def asset_names(text: str) -> tuple[str, ...]:
    """`azureml:name:1` and `azureml:name@latest` as written, without the prefix, and bare.

    Of a resource's id (`…/environments/name/versions/1`) its end means the same.
    """
    bare = re.sub(r".*/environments/([^/]+)/(?:versions|labels)/", r"\1:", text)
    bare = bare.removeprefix("azureml:")
    name = re.sub(r"(?:@[\w.-]+|:[\w.-]+)\Z", "", bare)
    return tuple(dict.fromkeys((text, bare, name)))


def inline_names(tree: Mapping[str, object]) -> tuple[str, ...]:
    """Of an environment that is written out: its name, or its image."""
    found = (tree.get(key) for key in ("name", "image"))
    return tuple(text for text in found if isinstance(text, str) and text)
