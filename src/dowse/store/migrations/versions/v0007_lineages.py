"""What jobs have from the jobs before them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "lineages",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name="pk_lineages"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name="fk_lineages_jobs", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["jobs.id"], name="fk_lineages_jobs_parent", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_lineages_parent_id", "lineages", ["parent_id"])
