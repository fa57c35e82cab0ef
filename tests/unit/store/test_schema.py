import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from dowse.errors import Refused
from dowse.store.connections import Connect, configure, connect, make_engine, raw_of
from dowse.store.schema import MIGRATIONS, migrate, prepare, revisions
from dowse.store.sqlite import SqliteStore
from dowse.store.tables import metadata
from tests.contracts.store_contract import SettableClock, make_spec

NOW = revisions()[-1]
NEXT = f"{int(NOW) + 1:04}"
LATER = f"""
import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{NOW}"

def upgrade():
    op.add_column("jobs", sa.Column("owner", sa.Text()))
    op.execute("UPDATE jobs SET owner = 'ann'")
    op.create_table("people", sa.Column("name", sa.Text(), primary_key=True))
    op.execute("INSERT INTO people SELECT DISTINCT owner FROM jobs")
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dowse.db"


@pytest.fixture
def old(path: Path) -> Path:
    """A database of today with one job in it."""
    store = SqliteStore(path, clock=SettableClock())
    store.create_job(make_spec(), name="digits")
    store.close()
    return path


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The migrations of a later version of Dowse."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / f"v{NEXT}_later.py").write_text(LATER)
    return folder


def open_with(migrations: Path, path: Path, connect: Connect = connect) -> None:
    engine = make_engine(path, connect)
    try:
        with engine.connect() as connection:
            prepare(connection, path, migrations)
    finally:
        engine.dispose()


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as raw:
        return raw.execute(query).fetchall()


def schema_of(path: Path) -> set[tuple[object, ...]]:
    rows = ask(path, "SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {(*row, " ".join(str(sql).split())) for *row, sql in rows}


def version_of(path: Path) -> object:
    ((version,),) = ask(path, "SELECT version_num FROM alembic_version")
    return version


def test_the_migrations_build_exactly_the_declared_tables(tmp_path: Path, old: Path) -> None:
    migrated = tmp_path / "migrated.db"
    engine = make_engine(migrated)
    with engine.connect() as connection:
        raw_of(connection).execute("BEGIN IMMEDIATE")
        migrate(connection)
        raw_of(connection).execute("COMMIT")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
    assert schema_of(migrated) == schema_of(old)
    assert version_of(migrated) == version_of(old) == revisions()[-1]


def test_the_names_of_the_files_are_the_line_of_revisions() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(walked)) == revisions()


def test_a_database_of_a_newer_version_is_refused_and_both_schemas_are_named(old: Path) -> None:
    with contextlib.closing(sqlite3.connect(old)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '0999'")
    before = schema_of(old)
    with pytest.raises(Refused) as caught:
        SqliteStore(old, clock=SettableClock())
    assert str(caught.value) == (
        f"the database {old} has the schema 0999, which is newer than {revisions()[-1]}, "
        "the newest that this version of Dowse knows; install a newer Dowse"
    )
    assert schema_of(old) == before


def test_a_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE songs (title TEXT)")
    before = schema_of(path)
    with pytest.raises(Refused, match=f"^{path} holds tables of another program; choose another"):
        SqliteStore(path, clock=SettableClock())
    assert schema_of(path) == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("parameters: []\n" * 100)
    with pytest.raises(Refused, match=f"^{path} is not a database$"):
        SqliteStore(path, clock=SettableClock())
    assert path.read_text() == "parameters: []\n" * 100


def test_an_older_database_is_migrated_and_a_copy_stays_beside_it(old: Path, later: Path) -> None:
    open_with(later, old)
    assert version_of(old) == NEXT
    assert ask(old, "SELECT name, owner FROM jobs") == [("digits", "ann")]
    assert ask(old, "SELECT name FROM people") == [("ann",)]
    copy = old.with_name(f"dowse.db.schema-{NOW}")
    assert version_of(copy) == NOW
    assert ask(copy, "SELECT name FROM jobs") == [("digits",)]
    assert not copy.with_name(f"{copy.name}.partial").exists()
    assert copy.stat().st_mode & 0o777 == 0o600


REPLACING = f"""
import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{NOW}"

def upgrade():
    with op.batch_alter_table("jobs", recreate="always") as jobs:
        jobs.alter_column("message", existing_type=sa.Text(), nullable=True)
"""


def test_a_migration_may_replace_a_table_that_others_refer_to(old: Path, later: Path) -> None:
    (later / "versions" / f"v{NEXT}_later.py").write_text(REPLACING)
    before = ask(old, "SELECT * FROM specs"), ask(old, "SELECT * FROM events")
    assert all(before)
    open_with(later, old)
    assert version_of(old) == NEXT
    assert (ask(old, "SELECT * FROM specs"), ask(old, "SELECT * FROM events")) == before


def test_a_migration_that_breaks_a_reference_is_undone(old: Path, later: Path) -> None:
    script = later / "versions" / f"v{NEXT}_later.py"
    script.write_text(f"{LATER}\n    op.execute('DELETE FROM jobs')\n")
    with pytest.raises(RuntimeError, match=f"^the migration from {NOW} to {NEXT} broke "):
        open_with(later, old)
    assert version_of(old) == NOW
    assert ask(old, "SELECT name FROM jobs") == [("digits",)]


def test_a_migration_that_fails_leaves_the_old_database(old: Path, later: Path) -> None:
    script = later / "versions" / f"v{NEXT}_later.py"
    script.write_text(f"{LATER}\n    op.execute('SELECT * FROM nowhere')\n")
    before = schema_of(old)
    with pytest.raises(Exception, match="no such table: nowhere"):
        open_with(later, old)
    assert (version_of(old), schema_of(old)) == (NOW, before)
    SqliteStore(old, clock=SettableClock()).close()


def counting(act: Callable[[int], None]) -> Connect:
    """Connections that call `act` with the number of each statement before it is executed."""
    count = 0

    def before(statement: str) -> None:
        nonlocal count
        count += 1
        act(count)

    def open_connection(path: Path) -> sqlite3.Connection:
        raw = sqlite3.connect(path, isolation_level=None)
        configure(raw, path)
        raw.set_trace_callback(before)
        return raw

    return open_connection


def survives(work: Callable[[Connect], None], *, killed_at: int) -> bool:
    """Whether `work`, done in a process that is killed at this statement, comes to its end."""

    def die(number: int) -> None:
        if number == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            work(counting(die))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL)
    return status == 0


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_migration_that_is_killed_at_any_statement_leaves_the_old_or_the_new_database(
    tmp_path: Path, old: Path, later: Path
) -> None:
    before = schema_of(old)
    new = tmp_path / "new.db"
    shutil.copy(old, new)
    open_with(later, new)
    after = schema_of(new)
    seen = set()
    for number in range(1, 100):
        broken = tmp_path / f"broken{number}.db"
        shutil.copy(old, broken)
        done = survives(lambda connect: open_with(later, broken, connect), killed_at=number)  # noqa: B023
        found = schema_of(broken)
        assert found in (before, after)
        assert version_of(broken) == (NOW if found == before else NEXT)
        open_with(later, broken)
        assert schema_of(broken) == after
        seen.add(found == before)
        if done:
            break
    assert done
    assert number > 8
    assert True in seen


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_first_start_that_is_killed_at_any_statement_can_be_repeated(tmp_path: Path) -> None:
    for number in range(1, 100):
        path = tmp_path / f"new{number}.db"
        done = survives(lambda connect: open_with(MIGRATIONS, path, connect), killed_at=number)  # noqa: B023
        store = SqliteStore(path, clock=SettableClock())
        assert store.create_job(make_spec(), name="digits").id == 1
        store.close()
        if done:
            break
    assert done
    assert number > 10


def test_opening_a_database_that_is_up_to_date_is_cheap_and_does_not_load_alembic(
    old: Path,
) -> None:
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from dowse.store.sqlite import SqliteStore\n"
        "class Clock:\n"
        "    def now(self): return 0.0\n"
        "before = time.process_time()\n"
        "SqliteStore(Path(sys.argv[1]), clock=Clock())\n"
        "print(time.process_time() - before, 'alembic' in sys.modules)\n"
    )
    output = subprocess.run(
        [sys.executable, "-c", code, str(old)], capture_output=True, text=True, check=True
    ).stdout
    cpu_s, loaded = output.split()
    assert loaded == "False"
    assert float(cpu_s) < 0.060
