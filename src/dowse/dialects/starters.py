"""A commented document of every dialect, to start from."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

USUAL_NAMES: Mapping[str, str] = {
    "native": "dowse.yaml",
    "ai_platform": "hptuning_config.yaml",
    "openbayes": "openbayes.yaml",
    "azure_ml": "sweep.yml",
}
"""By dialect, how such a file is usually called."""


def starter(dialect: str) -> str:
    return files("dowse.dialects").joinpath("samples", f"{dialect}.yaml").read_text("utf-8")
