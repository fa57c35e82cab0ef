"""Live objects of `azure.ai.ml`, through what they export; the library is not needed here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dowse.errors import InvalidInput


def is_exportable(source: object) -> bool:
    """Whether to ask for an export; a node of a pipeline also looks like an empty mapping."""
    return hasattr(source, "_to_job") or hasattr(source, "_to_dict")


def exported(source: Any) -> dict[str, Any]:
    """What `sweep(...)` or a `SweepJob` says of itself, in the form of the YAML.

    A node that `sweep` returns is turned into its job first, which rewrites the templates of its
    command. Raises InvalidInput when the library refuses its own object, in its words.
    """
    try:
        job = source._to_job() if hasattr(source, "_to_job") else source
        document = job._to_dict()
    # The library raises errors of several families of its own.
    except Exception as error:
        words = " ".join(str(error).split())[:500] or type(error).__name__
        message = f"{type(source).__name__} cannot be exported: {words}"
        raise InvalidInput(message) from error
    if not isinstance(document, Mapping):
        raise InvalidInput(f"{type(source).__name__} exports {document!r:.80}, which is no job")
    return _plain(document)  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    """Mappings, lists and scalars only; a range is the list of its numbers."""
    match value:
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple() | range() | set():
            return [_plain(item) for item in value]
        case None | bool() | int() | float() | str():
            return value
    return str(value)
