"""Where the large data files lie: tables, forests and networks recorded from real trainings.

A folder with `tables/`, `mltab/` and `surrogates/`; it is not part of the project. Without it only
the synthetic tasks run.
"""

import os
from pathlib import Path

ENVIRONMENT = "BENCHMARK_DATA"
_DEFAULT = Path(__file__).parents[1] / "data"


def folder() -> Path | None:
    """The folder that the environment names, else the usual one; None when it is not there."""
    path = Path(os.environ.get(ENVIRONMENT) or _DEFAULT)
    return path.resolve() if (path / "tables").is_dir() else None


def file(*parts: str) -> Path:
    """A data file. Raises FileNotFoundError with what to do about it."""
    root = folder()
    if root is None:
        raise FileNotFoundError(
            f"no benchmark data: set {ENVIRONMENT} or --data to a folder that holds tables/, "
            f"or put one at {_DEFAULT}"
        )
    return root.joinpath(*parts)
