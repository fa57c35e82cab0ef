"""`resume`, `extend` and `learn_from`: the jobs before this one."""

from __future__ import annotations

from dowse.dialects.located import Mapping, Scalar, Sequence
from dowse.dialects.native import keys
from dowse.dialects.protocol import ReadContext
from dowse.dialects.reader import Field, Table
from dowse.dialects.resuming import Resumption, job_name, resumption
from dowse.domain.lineage import Continuation, Learning
from dowse.domain.parameters import Value

_LEARN_FROM = "auto, off or a list of job names"


def read_resumption(root: Table, context: ReadContext) -> Resumption | None:
    """The job that this one goes on with, with what it leaves to it."""
    resumed, extended = root.get("resume"), root.get("extend")
    if resumed is not None and extended is not None:
        extended.error("and resume cannot both be given; extend is resume with other parameters")
        return None
    field = resumed or extended
    asked = (resumed and _resumed(resumed)) or (extended and _extended(extended))
    return resumption(field, asked, context) if field and asked else None


def _resumed(field: Field) -> Continuation | None:
    name = job_name(field)
    return None if name is None else Continuation(job=name)


def _extended(field: Field) -> Continuation | None:
    if not isinstance(field.node, Mapping):
        name = job_name(field)
        return None if name is None else Continuation(job=name, changed=True)
    table = Table(field.node, field.path, field.log)
    table.refuse_unknown(keys.EXTEND)
    named = table.required("job", "the name of the job to go on with")
    name = job_name(named) if named else None
    given = table.get("fixed")
    fixed = _fixed(given) if given else {}
    return None if name is None else Continuation(job=name, changed=True, fixed=fixed)


def _fixed(field: Field) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, inner in field.table("a mapping of parameters to values") or ():
        scalar = inner.scalar("a value")
        if scalar is not None and scalar.value is not None:
            found[name] = scalar.value
        elif scalar is not None:
            inner.error("must be a value, got null")
    return found


def read_learning(root: Table) -> Learning:
    """Off, unless the job says otherwise."""
    field = root.get("learn_from")
    if field is None:
        return Learning()
    if isinstance(field.node, Sequence):
        names = [item.words("the name of a job") for item in field.items() or ()]
        return Learning(jobs=tuple(dict.fromkeys(name for name in names if name)))
    if isinstance(field.node, Scalar):
        word = field.node.raw.strip().lower()
        if word in keys.NO_RULE:
            return Learning()
        if word == "auto":
            return Learning(similar=True)
    field.error(f"must be {_LEARN_FROM}, got {field.node}; one job is a list as well: [name]")
    return Learning()
