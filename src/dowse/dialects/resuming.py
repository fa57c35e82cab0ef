"""Going on with an earlier job: what a document may leave to it, and what must agree with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from dowse.dialects.located import Scalar, Sequence
from dowse.dialects.protocol import ReadContext
from dowse.dialects.reader import Field, Places
from dowse.domain.continuing import objective_problems, space_problems
from dowse.domain.lineage import Continuation, Learning
from dowse.domain.metrics import Objective
from dowse.domain.space import SearchSpace
from dowse.domain.spec import JobSpec
from dowse.errors import InvalidInput, NotFound, Problem, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """A continuation that a document asks for. `before` is None where it cannot be looked up: then
    the document must say everything itself, and is checked when it is submitted.
    """

    field: Field
    asked: Continuation
    before: JobSpec | None

    def space(self, asked: SearchSpace, places: Places) -> SearchSpace:
        """The agreed space; the values are spelled as they were before."""
        if self.before is None or self.asked.changed:
            return asked
        found = tuple(space_problems(self.asked.job, asked, self.before.space))
        places.report(found, self.field)
        return asked if found else self.before.space

    def check_objective(self, asked: Objective, places: Places) -> None:
        if self.before is not None:
            found = objective_problems(self.asked.job, asked, self.before.objective)
            places.report(found, self.field)

    def refuse_missing(self, what: str) -> None:
        """Where something is left to a job that cannot be looked up."""
        self.field.error(
            f"leaves the {what} to {self.asked.job}, which cannot be looked up here; write them out"
        )


def resumption(field: Field, asked: Continuation, context: ReadContext) -> Resumption | None:
    """None, with an error, when there is no job of that name that can be gone on with."""
    if context.previous is None:
        return Resumption(field=field, asked=asked, before=None)
    try:
        before = context.previous(asked.job)
    except (NotFound, Refused) as error:
        field.error(str(error))
        return None
    return Resumption(field=field, asked=asked, before=before)


def job_name(field: Field) -> str | None:
    """The name of a job; in brackets, as documentation shows it, it is one as well."""
    node = field.node
    if isinstance(node, Sequence) and len(node.items) == 1 and isinstance(node.items[0], Scalar):
        inner = Field(node.items[0], field.path, field.log)
        name = inner.words("the name of the previous job")
        if name is not None:
            field.warn(f"stands in brackets; it was read as {name}")
        return name
    return field.words("the name of the previous job")


def learning_of(words: Collection[str] | None) -> Learning | None:
    """What a command line or a request says about learning: auto, off, or names of jobs."""
    if words is None:
        return None
    names = [word for word in words if word not in ("auto", "off")]
    if len(words) > 1 and len(names) < len(words):
        message = f"must be auto, off or names of jobs, got {', '.join(words)}"
        raise InvalidInput([Problem(path="learn_from", message=message)])
    return Learning(similar="auto" in words, jobs=tuple(names))
