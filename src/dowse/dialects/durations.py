"""Times and sizes as people write them: `2h`, `1h30m`, `90s`, `7200`; `4GB`, `512MB`."""

from __future__ import annotations

import math
import re

from dowse.dialects.scalars import number

_SECONDS = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_PARTS = re.compile(r"(?:\d+(?:\.\d+)?(?:d|h|ms|m|s))+\Z", re.ASCII)
_PART = re.compile(r"(\d+(?:\.\d+)?)(d|h|ms|m|s)", re.ASCII)

_ISO = re.compile(
    r"P(?:(\d+)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?\Z", re.ASCII
)

_MEGABYTES = {"mb": 1, "mib": 1, "m": 1, "gb": 1024, "gib": 1024, "g": 1024, "tb": 1024**2}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\Z", re.ASCII)


def seconds(text: str) -> float | None:
    """The time in seconds above 0, or None when the text is no time."""
    text = text.strip()
    if _PARTS.match(text):
        total = math.fsum(float(count) * _SECONDS[unit] for count, unit in _PART.findall(text))
    else:
        bare = number(text)
        if bare is None:
            return None
        total = float(bare)
    return total if 0 < total < math.inf else None


def iso_seconds(text: str) -> float | None:
    """The seconds of a duration as ISO 8601 writes it (`PT2H`, `P1DT30M`), or None."""
    match = _ISO.match(text.strip())
    if match is None or not any(match.groups()):
        return None
    units = (86_400.0, 3_600.0, 60.0, 1.0)
    return math.fsum(
        float(count) * unit for count, unit in zip(match.groups(), units, strict=True) if count
    )


def megabytes(text: str) -> int | None:
    """The size in MB (1 GB is 1024 MB), or None when the text is no size of 1 MB or more."""
    match = _SIZE.match(text.strip())
    if match is None or match.group(2).lower() not in _MEGABYTES:
        return None
    size = float(match.group(1)) * _MEGABYTES[match.group(2).lower()]
    return int(size) if 1 <= size < 2**40 else None
