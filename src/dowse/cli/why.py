"""Why a configuration was chosen, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dowse.cli import words

Document = Mapping[str, Any]


def account(why: Document) -> Iterator[str]:
    """What the model expected and which trials it knew nearby; whatever else a suggester says
    follows as it is.
    """
    rest = dict(why)
    parts = [str(rest.pop(key)) for key in ("algorithm", "acquisition") if key in rest]
    if rest.get("value") is not None:
        parts[-1:] = [f"{parts[-1]} {words.short(rest['value'])}"] if parts else []
    rest.pop("value", None)
    predicted = rest.pop("predicted", None)
    neighbours = rest.pop("neighbours", None)
    parts += [f"{key} {_said(value)}" for key, value in rest.items()]
    yield f"Chosen by: {', '.join(parts)}"
    if isinstance(predicted, Mapping) and predicted.get("mean") is not None:
        mean, low, high = (words.short(predicted.get(key)) for key in ("mean", "low", "high"))
        yield f"  expected {mean}, with 95 % between {low} and {high}"
    if isinstance(neighbours, Sequence) and neighbours:
        near = ", ".join(_neighbour(each) for each in neighbours)
        yield f"  nearest trials, with their distance in lengthscales: {near}"


def _neighbour(each: Document) -> str:
    value = "no value" if each.get("value") is None else words.short(each["value"])
    return f"{each.get('trial')} ({value}, {words.short(each.get('distance'))} away)"


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return "(" + ", ".join(f"{key} {_said(inner)}" for key, inner in value.items()) + ")"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_said(inner) for inner in value) + "]"
    return words.short(value)
