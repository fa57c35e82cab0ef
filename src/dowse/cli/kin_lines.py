"""The jobs before and after a job, as lines of its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dowse.cli import words

Document = dict[str, Any]


def lineage_lines(kin: Document) -> Iterator[str]:
    """What it goes on with, and what goes on with it."""
    if kin["parent"] is not None:
        gone = "" if kin["parent_exists"] else ", which was deleted"
        yield f"goes on with {kin['parent']}{gone}"
        for job, count in kin["ancestors"].items():
            yield f"has {words.counted(count, 'trial')} of {job} as results"
    if (best := kin["inherited_best"]) is not None:
        value = words.short(words.number(best["value"]))
        yield f"best of these: {value}, trial {best['trial']} of {best['job']}"
    for child in kin["children"]:
        yield f"{child} goes on with it"


def source_lines(kin: Document) -> Iterator[str]:
    """Each source: how alike it is, and what it counts for at present."""
    for each in kin["sources"]:
        results = words.counted(each["results"], "result")
        yield f"{each['job']} ({each['chosen']}): {_score(each)}, {results}; {_weight(each)}"


def _score(source: Document) -> str:
    name, space = source["name_score"], source["space_score"]
    return f"score {source['score']:.2f} (name {name:.2f}, parameters {space:.2f})"


def _weight(source: Document) -> str:
    if source["dropped"] is not None:
        return f"dropped: {source['dropped']}"
    if source["weight"] is None:
        return "not asked yet"
    return f"weight {source['weight']:.2f}"
