"""The values that trials have of further objectives and of metrics with limits."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("trials", sa.Column("further", sa.Text()))
