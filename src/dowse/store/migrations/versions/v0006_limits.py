"""Limits that were changed while their job ran, and how long each trial was running."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("limits", sa.Text()))
    op.add_column(
        "trials", sa.Column("active_s", sa.Float(), nullable=False, server_default=sa.text("0"))
    )
    # Of earlier attempts nothing but events was kept; nearly every trial had only one.
    op.execute(
        "UPDATE trials SET active_s = ended_at - started_at"
        " WHERE started_at IS NOT NULL AND ended_at > started_at"
    )
