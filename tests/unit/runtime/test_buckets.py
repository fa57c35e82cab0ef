from __future__ import annotations

import time
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from dowse.runtime.buckets import reaches


class Shelf(MemoryFileSystem):  # type: ignore[misc, unused-ignore]
    """A storage that answers."""

    protocol = "shelf"


class Locked(Shelf):
    protocol = "locked"

    def info(self, path: str, **options: Any) -> dict[str, Any]:
        raise PermissionError("no credentials")


class Silent(Shelf):
    protocol = "silent"

    def info(self, path: str, **options: Any) -> dict[str, Any]:
        time.sleep(30)
        return {}


@pytest.fixture(autouse=True)
def _storages() -> None:
    for storage in (Shelf, Locked, Silent):
        fsspec.register_implementation(storage.protocol, storage, clobber=True)


def test_a_storage_that_answers_is_reached_whether_the_directory_exists_or_not() -> None:
    Shelf().mkdirs("/bucket/out")
    assert reaches("shelf://bucket/out")
    assert reaches("shelf://bucket/not/yet")


def test_a_storage_without_credentials_is_not_reached() -> None:
    assert not reaches("locked://bucket/out")


def test_a_storage_that_does_not_answer_is_given_up_in_time() -> None:
    began = time.monotonic()
    assert not reaches("silent://bucket/out", timeout_s=0.2)
    assert time.monotonic() - began < 5


def test_a_storage_that_nothing_knows_is_not_reached() -> None:
    assert not reaches("nothing-knows-this://bucket")
