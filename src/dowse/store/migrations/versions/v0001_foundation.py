"""Jobs, trials, measurements and events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_jobs()
    _create_trials()
    _create_measurements()


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("intent_reason", sa.Text()),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("started_at", sa.Float()),
        sa.Column("resumed_at", sa.Float()),
        sa.Column("active_s", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float()),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("name", name="uq_jobs_name"),
        sqlite_autoincrement=True,
    )
    for name in ("specs", "notes"):
        op.create_table(
            name,
            sa.Column("job_id", sa.Integer(), nullable=False),
            sa.Column("document", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("job_id", name=f"pk_{name}"),
            sa.ForeignKeyConstraint(
                ["job_id"], ["jobs.id"], name=f"fk_{name}_jobs", ondelete="CASCADE"
            ),
        )
    op.create_table(
        "events",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("time", sa.Float(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "number", name="pk_events"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_events_jobs", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )


def _create_trials() -> None:
    op.create_table(
        "trials",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("known_event", sa.Integer(), nullable=False),
        sa.Column("objective", sa.Float()),
        sa.Column("objective_kind", sa.Text()),
        sa.Column("step", sa.BigInteger()),
        sa.Column("exit_code", sa.Integer()),
        sa.Column("signal", sa.Integer()),
        sa.Column("output_dir", sa.Text()),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("started_at", sa.Float()),
        sa.Column("ended_at", sa.Float()),
        sa.PrimaryKeyConstraint("job_id", "number", name="pk_trials"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_trials_jobs", ondelete="CASCADE"),
    )
    op.create_index("ix_trials_job_id_state", "trials", ["job_id", "state"])


def _create_measurements() -> None:
    for name, own, last in (
        ("series", "metric", sa.Column("last_seq", sa.Integer(), nullable=False)),
        ("offsets", "source", sa.Column("offset", sa.BigInteger())),
    ):
        op.create_table(
            name,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("job_id", sa.Integer(), nullable=False),
            sa.Column("trial", sa.Integer(), nullable=False),
            sa.Column("attempt", sa.Integer(), nullable=False),
            sa.Column(own, sa.Text(), nullable=False),
            last,
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
            sa.ForeignKeyConstraint(
                ["job_id", "trial"],
                ["trials.job_id", "trials.number"],
                name=f"fk_{name}_trials",
                ondelete="CASCADE",
            ),
            sa.UniqueConstraint(
                "job_id", "trial", "attempt", own, name=f"uq_{name}_job_id_trial_attempt_{own}"
            ),
        )
    op.create_table(
        "measurements",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Float()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("time", sa.Float(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("series_id", "seq", name="pk_measurements"),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name="fk_measurements_series", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_measurements_duplicate",
        "measurements",
        ["series_id", "source_id", "key"],
        unique=True,
        sqlite_where=sa.text("key <> ''"),
        postgresql_where=sa.text("key <> ''"),
    )
