"""Azure's job resource, as far as it is ours to write; its `properties` are the dialect's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from dowse.wire.base import Form

TYPE = "Microsoft.MachineLearningServices/workspaces/jobs"


class SystemData(Form):
    created_at: str = Field(serialization_alias="createdAt")
    created_by: str = Field(default="Dowse", serialization_alias="createdBy")
    created_by_type: str = Field(default="Application", serialization_alias="createdByType")


class JobResource(Form):
    id: str
    name: str
    type: str = TYPE
    properties: dict[str, Any]
    system_data: SystemData = Field(serialization_alias="systemData")

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)


def timestamp(epoch_s: float) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).isoformat()
