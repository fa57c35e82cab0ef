"""Files that several tests of collectors read."""

from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[3] / "fixtures" / "tfevents"


@pytest.fixture
def fixtures() -> Path:
    return FIXTURES


@pytest.fixture
def fixture_files() -> list[Path]:
    return sorted(FIXTURES.rglob("*tfevents.*"))
