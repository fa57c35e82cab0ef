"""What a dialect is: it recognises its documents, and reads them into a JobSpec."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Sequence, Set
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from dowse.dialects.documents import Document
from dowse.dialects.located import Mapping
from dowse.domain.lineage import Learning
from dowse.domain.spec import AlgorithmSpec, JobSpec, StoppingSpec
from dowse.errors import Problem

Absences: TypeAlias = Callable[[JobSpec], Iterable[Problem]]
OptionProblems: TypeAlias = Callable[[AlgorithmSpec | StoppingSpec], Sequence[Problem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContext:
    """What the document alone does not say. What is given here wins over the document.

    `folder` is the absolute folder of the job file; relative paths start there, and None, of a
    document that came without one, leaves them to be refused. `file` is its
    name in error messages. `python` is the exception: it only serves when the document names no
    interpreter. `known_algorithms` and `known_rules` are the names of the catalog;
    None leaves names unchecked. `option_problems` finds what is wrong with the options of either,
    by paths that begin with the native key. `quotas` are how many trials may run at once on each
    type of machine, `*` for any other; a type without a quota has none. `environments` are
    interpreters and virtual environments of this machine under the services' names of
    environments, versions and images. `previous` finds the job that another goes on with, and
    raises NotFound, or Refused with the reason why it cannot be; None where there is nobody to ask.
    `learning` is which jobs to learn from. `absences` finds what the job needs of this machine and
    does not find there; None where it is only read.
    """

    folder: str | None
    file: str = "<job>"
    name: str | None = None
    seed: int | None = None
    module_name: str | None = None
    package_path: str | None = None
    job_dir: str | None = None
    python: str | None = None
    arguments: tuple[str, ...] = ()
    known_algorithms: Set[str] | None = None
    known_rules: Set[str] | None = None
    option_problems: OptionProblems | None = None
    quotas: AnyMapping[str, int] = field(default_factory=dict)
    environments: AnyMapping[str, str] = field(default_factory=dict)
    previous: Callable[[str], JobSpec] | None = None
    learning: Learning | None = None
    absences: Absences | None = None

    def absolute(self, path: str) -> str:
        """A path as the job needs it; a URL or an absolute path stays as it is written."""
        if self.folder is None or "://" in path or os.path.isabs(path):
            return path
        return os.path.normpath(os.path.join(self.folder, path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`warnings` are what was understood leniently, what has no meaning here, and advice."""

    spec: JobSpec
    warnings: tuple[Problem, ...] = ()


class Dialect(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str:
        """What a person calls such a document."""
        ...

    def recognise(self, root: Mapping) -> float:
        """How sure it is that the document is of this dialect, from 0 to 1."""
        ...

    def read(self, document: Document, context: ReadContext) -> Reading:
        """Raises InvalidInput with every problem of the document."""
        ...
