"""What people mark trials with."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("trials", sa.Column("tags", sa.Text()))
