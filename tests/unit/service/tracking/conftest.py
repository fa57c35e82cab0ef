from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.service.tracking.world import World, world_in


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = world_in(tmp_path)
    yield world
    world.store.close()
