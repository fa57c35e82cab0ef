"""Every note of a suggester is kept, so that its suggestions can be derived again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.rename_table("notes", "notes_before")
    op.create_table(
        "notes",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text()),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_notes_jobs", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "event", name="pk_notes"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO notes (job_id, event, document) "
        "SELECT job_id, last_event, document FROM notes_before JOIN jobs ON jobs.id = job_id"
    )
    op.drop_table("notes_before")
