"""What the digits of a suggestion may depend on: versions, processor, number of threads."""

from __future__ import annotations

import os
import platform
from functools import cache
from importlib.metadata import version

from dowse import catalog
from dowse.domain.spec import AlgorithmSpec
from dowse.runtime.system import processor


def versions(algorithm: AlgorithmSpec) -> dict[str, str]:
    """Of this process. Where all are equal, the same question has the same answer."""
    package = catalog.plug_in(algorithm)
    return _of_this_process() | ({} if package is None else {"plug-in": package})


@cache
def _of_this_process() -> dict[str, str]:
    return {
        "dowse": version("dowse"),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "scipy": version("scipy"),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": processor() or "unknown",
        "threads": os.environ.get("OMP_NUM_THREADS", "all"),
    }
