"""Labels of jobs, clients and deletions of trials, and the operations of studies."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("labels", sa.Text()))
    op.add_column("trials", sa.Column("client", sa.Text()))
    op.add_column("trials", sa.Column("deleted_at", sa.Float()))
    op.create_table(
        "operations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float()),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operations"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name="fk_operations_jobs", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_operations_job_id_ended_at", "operations", ["job_id", "ended_at"])
