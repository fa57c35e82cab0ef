"""Every adapter of the Store port passes the same suite."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from dowse.ports import Clock, Store
from dowse.store.sqlite import SqliteStore
from tests.contracts.overview_contract import OverviewContract
from tests.contracts.report_contract import ReportContract
from tests.contracts.store_contract import Location, StoreContract


@dataclass(frozen=True)
class SqliteLocation:
    path: Path

    def open(self, clock: Clock) -> Store:
        return SqliteStore(self.path, clock=clock)


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def location(self, tmp_path: Path) -> Location:
        return SqliteLocation(tmp_path / "dowse.db")


class TestReportsInASqliteStore(ReportContract):
    @pytest.fixture
    def location(self, tmp_path: Path) -> Location:
        return SqliteLocation(tmp_path / "dowse.db")


class TestViewsOfASqliteStore(OverviewContract):
    @pytest.fixture
    def location(self, tmp_path: Path) -> Location:
        return SqliteLocation(tmp_path / "dowse.db")
