"""What jobs have from the jobs before them, inside a transaction of the caller."""

from __future__ import annotations

import json

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from dowse.domain.lineage import NOTHING, Lineage
from dowse.store.tables import jobs, lineages
from dowse.wire.base import to_text
from dowse.wire.lineage import lineage_from_json, lineage_to_json


def create_lineage(connection: Connection, job_id: int, lineage: Lineage) -> None:
    """A job that has nothing from others has no row."""
    if lineage != NOTHING:
        connection.execute(
            insert(lineages),
            {
                "job_id": job_id,
                "parent_id": lineage.parent_id,
                "document": to_text(lineage_to_json(lineage)),
            },
        )


def lineage(connection: Connection, job_id: int) -> Lineage:
    query = select(lineages.c.document, lineages.c.parent_id).where(lineages.c.job_id == job_id)
    row = connection.execute(query).first()
    return NOTHING if row is None else lineage_from_json(json.loads(row[0]), parent_id=row[1])


def children(connection: Connection, job_id: int) -> tuple[str, ...]:
    query = (
        select(jobs.c.name)
        .join(lineages, lineages.c.job_id == jobs.c.id)
        .where(lineages.c.parent_id == job_id)
        .order_by(jobs.c.id)
    )
    return tuple(connection.execute(query).scalars())
