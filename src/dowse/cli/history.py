"""Events of the JSON form as lines."""

from __future__ import annotations

from typing import Any


def sentence(document: dict[str, Any]) -> str:
    """What an event of the JSON form says. Raises InvalidInput for an unknown kind."""
    from dowse.domain import sentences
    from dowse.wire.events import event_from_json

    return sentences.sentence(event_from_json(document))
