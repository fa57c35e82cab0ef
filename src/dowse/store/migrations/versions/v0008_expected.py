"""What a trial that was stopped would have ended with."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("trials", sa.Column("expected", sa.Float()))
    op.add_column("trials", sa.Column("expected_sd", sa.Float()))
