"""Bringing a database to the schema that this version of Dowse knows, or refusing it.

A new database is created from the declared tables, an older one is migrated by Alembic, which
is imported only then. Both happen in one transaction: killed midway, the old one is still there.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from sqlalchemy.engine import Connection

from dowse.errors import Refused
from dowse.store.connections import PRIVATE, raw_of
from dowse.store.tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"

_HAS_TABLES = "SELECT count(*) FROM sqlite_master WHERE type = 'table'"
_HAS_VERSION = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
_CREATE_VERSION = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""


def revisions(migrations: Path = MIGRATIONS) -> tuple[str, ...]:
    """The known schemas in order, read from the names of the files: `v0001_foundation.py`."""
    files = sorted((migrations / "versions").glob("v[0-9]*_*.py"))
    return tuple(file.stem.partition("_")[0].removeprefix("v") for file in files)


def prepare(connection: Connection, path: Path, migrations: Path = MIGRATIONS) -> None:
    """Raises Refused for a database of a newer Dowse, and for one that is not Dowse's."""
    raw = raw_of(connection)
    # A migration may replace a table; dropping the old one would delete what refers to it.
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("BEGIN IMMEDIATE")
    try:
        _bring_up_to_date(connection, path, migrations)
        raw.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            raw.rollback()
        raise
    raw.execute("PRAGMA foreign_keys = ON")


def _bring_up_to_date(connection: Connection, path: Path, migrations: Path) -> None:
    raw = raw_of(connection)
    known = revisions(migrations)
    found = _version(raw, path)
    if found is None:
        metadata.create_all(connection, checkfirst=False)
        raw.execute(_CREATE_VERSION)
        raw.execute("INSERT INTO alembic_version VALUES (?)", (known[-1],))
    elif found not in known:
        raise Refused(
            f"the database {path} has the schema {found}, which is newer than {known[-1]}, "
            "the newest that this version of Dowse knows; install a newer Dowse"
        )
    elif found != known[-1]:
        keep_copy(path, found)
        migrate(connection, migrations)
        if broken := raw.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"the migration from {found} to {known[-1]} broke {broken[:3]}")


def _version(raw: sqlite3.Connection, path: Path) -> str | None:
    """The schema of the database; None when it is empty."""
    if raw.execute(_HAS_VERSION).fetchone()[0]:
        found = raw.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(found[0]) if found else None
    if raw.execute(_HAS_TABLES).fetchone()[0]:
        raise Refused(f"{path} holds tables of another program; choose another data directory")
    return None


def keep_copy(path: Path, version: str) -> Path:
    """Copy the database beside itself, for the way back; complete or not there at all."""
    copy = path.with_name(f"{path.name}.schema-{version}")
    partial = copy.with_name(f"{copy.name}.partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=PRIVATE)
    with (
        contextlib.closing(sqlite3.connect(path)) as source,
        contextlib.closing(sqlite3.connect(partial)) as target,
    ):
        source.backup(target)
    os.replace(partial, copy)
    return copy


def migrate(connection: Connection, migrations: Path = MIGRATIONS) -> None:
    """Run the missing migrations inside the transaction of the caller."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    command.upgrade(config, "head")
