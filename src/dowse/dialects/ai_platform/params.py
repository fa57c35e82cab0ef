"""The key names of Google's ParameterSpec."""

from __future__ import annotations

from dowse.dialects.ai_platform.schema import check_fields
from dowse.dialects.typed_parameters import Wording
from dowse.domain.scales import Scale

PARAMS = Wording(
    name="parameterName",
    low="minValue",
    high="maxValue",
    scale="scaleType",
    discrete="discreteValues",
    categorical="categoricalValues",
    scales={
        "UNIT_LINEAR_SCALE": Scale.LINEAR,
        "UNIT_LOG_SCALE": Scale.LOG,
        "UNIT_REVERSE_LOG_SCALE": Scale.REVERSE_LOG,
        "NONE": None,
        "SCALE_TYPE_UNSPECIFIED": None,
    },
    check=lambda table: check_fields(table, "ParameterSpec"),
)
