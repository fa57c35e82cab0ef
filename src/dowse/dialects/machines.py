"""The type of machine that a foreign document asks for: nothing here but the price of an hour."""

from __future__ import annotations

from dowse.dialects.located import Scalar
from dowse.dialects.reader import Field, Table

CUSTOM = "CUSTOM"
TIERS = ("BASIC", "STANDARD_1", "PREMIUM_1", "BASIC_GPU", "BASIC_TPU")
_AZURE = "azureml:"


def google_machine(training: Table) -> str | None:
    """The scale tier, or the machine of the one process that runs here in place of a cluster."""
    tier = _word(training.get("scaleTier"))
    return _word(training.get("masterType")) if tier in (None, CUSTOM) else tier


def azure_machine(root: Table) -> str | None:
    """The compute target of a sweep: `azureml:NAME`, or an id of the service that ends with it."""
    named = _word(root.get("compute"))
    return None if named is None else named.removeprefix(_AZURE).rpartition("/")[2] or None


def azure_compute(machine: str | None) -> str | None:
    return None if machine is None else f"{_AZURE}{machine}"


def _word(field: Field | None) -> str | None:
    """Text only: whatever else stands there was told already, and costs nothing."""
    if field is None or not isinstance(field.node, Scalar):
        return None
    return field.node.raw.strip() or None
