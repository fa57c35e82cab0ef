"""The operations of studies, inside a connection of the caller."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import RowMapping, Select, insert, select, update
from sqlalchemy.engine import Connection

from dowse.domain.operations import Operation
from dowse.errors import Conflict, NotFound
from dowse.store.tables import jobs, operations
from dowse.wire.base import to_text
from dowse.wire.operations import operation_from_json, operation_to_json

_OPERATIONS = select(operations, jobs.c.name.label("job")).join(
    jobs, jobs.c.id == operations.c.job_id
)


def create_operation(connection: Connection, operation: Operation) -> Operation:
    result = connection.execute(insert(operations).values(**_values(operation)))
    assert result.inserted_primary_key is not None
    return read_operation(connection, int(result.inserted_primary_key[0]))


def read_operation(connection: Connection, number: int) -> Operation:
    found = _read(connection, _OPERATIONS.where(operations.c.id == number))
    if not found:
        raise NotFound(f"there is no operation {number}")
    return found[0]


def open_operations(connection: Connection, job_id: int) -> tuple[Operation, ...]:
    query = _OPERATIONS.where(operations.c.job_id == job_id, operations.c.ended_at.is_(None))
    return _read(connection, query.order_by(operations.c.id))


def end_operation(connection: Connection, operation: Operation) -> Operation:
    """Compare-and-set on its being open."""
    statement = (
        update(operations)
        .where(operations.c.id == operation.id, operations.c.ended_at.is_(None))
        .values(_values(operation))
    )
    if connection.execute(statement).rowcount == 0:
        read_operation(connection, operation.id)
        raise Conflict(f"operation {operation.id} has ended already")
    return read_operation(connection, operation.id)


def _values(operation: Operation) -> dict[str, Any]:
    return {
        "job_id": operation.job_id,
        "created_at": operation.created_at,
        "ended_at": operation.ended_at,
        "document": to_text(operation_to_json(operation)),
    }


def _read(connection: Connection, query: Select[Any]) -> tuple[Operation, ...]:
    return tuple(map(_operation_of, connection.execute(query).mappings()))


def _operation_of(row: RowMapping) -> Operation:
    beside = dict(row)
    return operation_from_json(json.loads(beside.pop("document")), **beside)
