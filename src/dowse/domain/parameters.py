"""One dimension of a search space: Double, Integer, Discrete, Categorical.

Every kind maps the unit interval onto its values and back. `value_at(u)` is the inverse of the
parameter's cumulative distribution, so uniform numbers become properly distributed values;
`unit(value)` is the middle of the value's own cell.

    kind         linear         log                  reverse log
    Double       v uniform      ln v uniform         -ln(max + min - v) uniform
    Integer      equal cells    cells [k-1/2, k+1/2] on the same coordinates

A prior `Normal(mu, sigma)` replaces the uniform distribution on the scale's coordinate: on a log
scale it is the lognormal. With `step`, values are `origin + k * step` inside the bounds.
"""

from __future__ import annotations

from typing import TypeAlias

from dowse.domain.choices import Categorical, Discrete
from dowse.domain.numeric import Double, Integer
from dowse.domain.parameter_rules import MAX_VALUES, Value, is_number

Parameter: TypeAlias = Double | Integer | Discrete | Categorical

__all__ = [
    "MAX_VALUES",
    "Categorical",
    "Discrete",
    "Double",
    "Integer",
    "Parameter",
    "Value",
    "is_number",
]
