"""Parameters in the scheme of Google and OpenBayes; what it cannot say comes as near as it can."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, assert_never

from dowse.dialects.block_text import number
from dowse.dialects.native.text import Raw
from dowse.dialects.scalars import meaning
from dowse.dialects.typed_parameters import Wording
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter
from dowse.domain.scales import Scale

_MOST_LISTED = 1_000

_USUAL = re.compile(r"(--([^=${}]+)=)?\$\{([^{}]+)\}")


def words_without_places(words: Sequence[str]) -> list[str]:
    """The words of a command without `--name ${name}`, which these services append themselves."""
    kept: list[str] = []
    for word in words:
        if usual := _USUAL.fullmatch(word):
            if usual[1] is None and kept and kept[-1] == f"--{usual[3]}":
                kept.pop()
                continue
            if usual[2] is not None and usual[2] == usual[3]:
                continue
        kept.append(word)
    return [word.replace("$${", "${") for word in kept]


NEARLY_ALL = (0.001, 0.999)
"""The bounds of a distribution without bounds are where it leaves this share outside."""


def typed(parameter: Parameter, words: Wording) -> dict[str, Any]:
    """One entry of the list of parameters."""
    head: dict[str, Any] = {words.name: parameter.name}
    match parameter:
        case Categorical():
            texts = [parameter.text(choice) for choice in parameter.choices]
            return head | {"type": "CATEGORICAL", words.categorical: texts}
        case Discrete():
            return head | _listed(parameter, words)
        case Integer():
            if parameter.step != 1 and parameter.levels <= _MOST_LISTED:
                values = list(parameter.values())
                return head | {"type": "DISCRETE", words.discrete: values}
            bounds = {words.low: parameter.min, words.high: parameter.max}
            return head | {"type": "INTEGER"} | bounds | _scale(parameter.scale, words)
        case Double():
            return head | _double(parameter, words)
        case _:
            assert_never(parameter)


def _listed(parameter: Discrete, words: Wording) -> dict[str, Any]:
    texts = [(choice, parameter.text(choice)) for choice in parameter.choices]
    values = [Raw(text) if meaning(text) == choice else choice for choice, text in texts]
    scale = {} if parameter.scale is None else _scale(parameter.scale, words)
    return {"type": "DISCRETE", words.discrete: values} | scale


def _double(parameter: Double, words: Wording) -> dict[str, Any]:
    levels = parameter.levels
    if parameter.step is not None and levels is not None and levels <= _MOST_LISTED:
        return {"type": "DISCRETE", words.discrete: list(parameter.values())}
    low, high = bounds_of(parameter)
    bounds = {words.low: number(low), words.high: number(high)}
    return {"type": "DOUBLE"} | bounds | _scale(parameter.scale, words)


def bounds_of(parameter: Double) -> tuple[float, float]:
    if parameter.prior is None:
        return parameter.min, parameter.max
    low, high = (parameter.value_at(share) for share in NEARLY_ALL)
    return low, high


def _scale(scale: Scale | str, words: Wording) -> dict[str, Any]:
    """The form's name of the scale; nothing when it has none for it."""
    for name, meant in words.scales.items():
        if meant == scale:
            return {words.scale: name}
    return {}
