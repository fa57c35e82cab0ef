"""A history as JSON: what the loop sends to the suggester's process, and replay keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dowse.domain.expected import Expected
from dowse.domain.history import Ending, History, Observation
from dowse.wire.base import free_from_json, free_to_json, number_to_json


def history_to_json(history: History) -> dict[str, Any]:
    return {
        "observations": [
            [
                one.number,
                dict(one.parameters),
                one.ending.value,
                None if one.value is None else number_to_json(one.value),
                free_to_json(one.metrics),
                *([] if one.expected is None else [one.expected.value, one.expected.sd]),
            ]
            for one in history.observations
        ],
        "pending": [dict(parameters) for parameters in history.pending],
        "index": history.index,
    }


def history_from_json(document: Mapping[str, Any]) -> History:
    """The inverse; the document comes from `history_to_json` and from nowhere else."""
    return History(
        observations=tuple(
            Observation(
                number=number,
                parameters=parameters,
                ending=Ending(ending),
                value=free_from_json(value),
                metrics=free_from_json(metrics),
                expected=Expected(value=expected[0], sd=expected[1]) if expected else None,
            )
            for number, parameters, ending, value, metrics, *expected in document["observations"]
        ),
        pending=tuple(document["pending"]),
        index=document["index"],
    )
