"""Clients for commands that only look, and for commands that change a job."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dowse.cli.options import own_environment
from dowse.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from dowse.config import Settings
    from dowse.sdk.client import Client


def has_data(settings: Settings) -> bool:
    """Whether there is a store, here or at the server. Looking must not create one.

    Raises InvalidInput where the data directory is a file, or closed to this user.
    """
    from dowse.service.folders import DataDirectory

    if settings.url is not None:
        return True
    folders = DataDirectory(settings.data_dir)
    try:
        folders.database.stat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise folders.unusable(error.strerror or str(error)) from None
    return True


def is_owned(settings: Settings) -> bool:
    """Whether a process works on the jobs of the data directory."""
    from dowse import wiring

    client = wiring.connect(settings)
    if client is None:
        return False
    client.close()
    return True


def require_data(settings: Settings, job: str) -> None:
    """Raises NotFound where no job can exist, so that asking for one creates nothing."""
    if not has_data(settings):
        raise NotFound(f"there is no job {job!r}: {settings.data_dir} holds no jobs yet")


@contextlib.contextmanager
def looking(settings: Settings) -> Iterator[Client]:
    """A client for questions. Where nobody owns the data directory, nothing moves meanwhile."""
    from dowse import wiring

    with wiring.door(settings, environ=own_environment(), working=False) as client:
        yield client


@contextlib.contextmanager
def acting(settings: Settings) -> Iterator[Client]:
    """A client whose wishes are carried out, by a background owner where nobody else is there."""
    from dowse import wiring

    with wiring.door(settings, environ=own_environment()) as client:
        yield client


@contextlib.contextmanager
def connected(settings: Settings) -> Iterator[Client]:
    """A client of the present owner. Raises Unavailable when there is none."""
    from dowse import wiring

    client = wiring.connect(settings)
    if client is None:
        raise Unavailable(
            f"no process works on {settings.data_dir}; see {settings.data_dir}/owner.log"
        )
    with client:
        yield client
