"""Short words by which people mark trials. `star` is the one that the console shows as a star."""

from __future__ import annotations

from collections.abc import Sequence

from dowse.errors import InvalidInput, Problem

STAR = "star"
MAX_TAG = 64
MAX_TAGS = 50


def retagged(tags: Sequence[str], *, add: Sequence[str], remove: Sequence[str]) -> tuple[str, ...]:
    """The tags with some more, in order of their coming, and without some.

    Raises InvalidInput for texts that are no tags, and for too many.
    """
    problems = [
        Problem(path=f"add[{place}]", message=message)
        for place, tag in enumerate(add)
        if (message := _problem(tag)) is not None
    ]
    if problems:
        raise InvalidInput(problems)
    found = tuple(tag for tag in dict.fromkeys((*tags, *add)) if tag not in remove)
    if len(found) > MAX_TAGS:
        message = f"a trial has at most {MAX_TAGS} tags, these would be {len(found)}"
        raise InvalidInput([Problem(path="add", message=message)])
    return found


def _problem(tag: str) -> str | None:
    if tag and len(tag) <= MAX_TAG and tag == tag.strip() and tag.isprintable() and "," not in tag:
        return None
    return (
        f"must be 1 to {MAX_TAG} letters without commas, line ends or blanks at its ends, "
        f"got {tag[:MAX_TAG]!r}"
    )
