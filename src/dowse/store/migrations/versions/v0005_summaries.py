"""What each series comes to, so that an overview of all trials need not read all reports."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "series", sa.Column("reports", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column("series", sa.Column("low", sa.Float()))
    op.add_column("series", sa.Column("high", sa.Float()))
    of_series = "FROM measurements WHERE series_id = series.id"
    op.execute(
        f"UPDATE series SET reports = (SELECT count(*) {of_series}), "
        f"low = (SELECT min(value) {of_series}), high = (SELECT max(value) {of_series})"
    )
