"""The declared tables. The migrations build the same ones, which a test compares.

A measurement belongs to a series (one metric of one attempt) and comes from a source (one
collector of one attempt). A float that may be odd has a `kind` column beside it, because SQLite
turns NaN into NULL. Values without a fixed form are JSON text. Times are epoch seconds.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _of_job(*, primary_key: bool = True) -> Column[int]:
    return Column(
        "job_id",
        Integer,
        ForeignKey("jobs.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


# AUTOINCREMENT: the number of a deleted job is never given to another one.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("message", Text, nullable=False),
    Column("intent", Text, nullable=False),
    Column("intent_reason", Text),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("resumed_at", Float),
    Column("active_s", Float, nullable=False),
    Column("ended_at", Float),
    Column("last_event", Integer, nullable=False),
    Column("labels", Text),
    # What was set after it was submitted; without, those of its spec.
    Column("limits", Text),
    sqlite_autoincrement=True,
)

specs = Table("specs", metadata, _of_job(), Column("document", Text, nullable=False))

# What a suggester noted, from the event on that made a trial of its suggestion.
notes = Table(
    "notes",
    metadata,
    _of_job(),
    Column("event", Integer, primary_key=True, autoincrement=False),
    Column("document", Text),
    sqlite_with_rowid=False,
)
# Named by hand: the other key of this table leads to jobs as well.
_PARENT = ForeignKey("jobs.id", name="fk_lineages_jobs_parent", ondelete="SET NULL")

# What was pinned when the job was submitted; a parent that is deleted is still known by its name.
lineages = Table(
    "lineages",
    metadata,
    _of_job(),
    Column("parent_id", Integer, _PARENT, index=True),
    Column("document", Text, nullable=False),
)

events = Table(
    "events",
    metadata,
    _of_job(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("time", Float, nullable=False),
    Column("document", Text, nullable=False),
    sqlite_with_rowid=False,
)

trials = Table(
    "trials",
    metadata,
    _of_job(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("message", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("known_event", Integer, nullable=False),
    Column("objective", Float),
    Column("objective_kind", Text),
    Column("step", BigInteger),
    Column("exit_code", Integer),
    Column("signal", Integer),
    Column("output_dir", Text),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("ended_at", Float),
    Column("client", Text),
    # A trial that its study's client deleted: its number is never given to another one.
    Column("deleted_at", Float),
    Column("active_s", Float, nullable=False, server_default=text("0")),
    # What a stopped trial would have ended with.
    Column("expected", Float),
    Column("expected_sd", Float),
    # A list of what people marked it with.
    Column("tags", Text),
    # The values of the metrics beside the objective that the job asks for.
    Column("further", Text),
    Index(None, "job_id", "state"),
)

operations = Table(
    "operations",
    metadata,
    Column("id", Integer, primary_key=True),
    _of_job(primary_key=False),
    Column("created_at", Float, nullable=False),
    Column("ended_at", Float),
    Column("document", Text, nullable=False),
    Index(None, "job_id", "ended_at"),
    sqlite_autoincrement=True,
)


def _of_attempt() -> tuple[Column[int] | ForeignKeyConstraint, ...]:
    return (
        Column("id", Integer, primary_key=True),
        Column("job_id", Integer, nullable=False),
        Column("trial", Integer, nullable=False),
        Column("attempt", Integer, nullable=False),
        ForeignKeyConstraint(
            ["job_id", "trial"], ["trials.job_id", "trials.number"], ondelete="CASCADE"
        ),
    )


series = Table(
    "series",
    metadata,
    *_of_attempt(),
    Column("metric", Text, nullable=False),
    Column("last_seq", Integer, nullable=False),
    # How many reports there are, and the least and the greatest finite value of them.
    Column("reports", Integer, nullable=False, server_default=text("0")),
    Column("low", Float),
    Column("high", Float),
    UniqueConstraint("job_id", "trial", "attempt", "metric"),
)

offsets = Table(
    "offsets",
    metadata,
    *_of_attempt(),
    Column("source", Text, nullable=False),
    Column("offset", BigInteger),
    UniqueConstraint("job_id", "trial", "attempt", "source"),
)

annotated = Table(
    "annotations",
    metadata,
    *_of_attempt(),
    Column("holder", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("value", Text, nullable=False),
    UniqueConstraint("job_id", "trial", "attempt", "holder", "kind", "key"),
)

measurements = Table(
    "measurements",
    metadata,
    Column("series_id", Integer, ForeignKey("series.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("value", Float),
    Column("kind", Text, nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("time", Float, nullable=False),
    # No foreign key: deleting a source would look through all measurements for it.
    Column("source_id", Integer, nullable=False),
    Column("key", Text, nullable=False),
    # A source that cannot repeat itself gives no key; its reports are always new.
    Index(
        "ix_measurements_duplicate",
        "series_id",
        "source_id",
        "key",
        unique=True,
        sqlite_where=text("key <> ''"),
        postgresql_where=text("key <> ''"),
    ),
    sqlite_with_rowid=False,
)
