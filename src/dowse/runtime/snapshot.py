"""The code of a job, taken once at submit and copied for each trial.

A snapshot is a plain folder, so it can be looked at. Symbolic links that stay inside the code
stay links; what a link to the outside leads to is copied, so that neither later changes there nor
other trials can reach into a trial. Paths named by `link` become links to the original instead.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from dowse.domain.spec import CodeSpec
from dowse.errors import InvalidInput, Problem, Refused
from dowse.runtime.copying import copy_file
from dowse.runtime.ignore import Patterns

SIZE_LIMIT = 200_000_000
FILE_LIMIT = 100_000

IGNORE_FILES = (".dowseignore", ".gcloudignore", ".amlignore")
"""The first that exists in the root is read."""

ALWAYS = (
    ".git/", ".hg/", ".svn/", "__pycache__/", "*.pyc", ".mypy_cache/", ".pytest_cache/",
    ".ruff_cache/", ".hypothesis/", ".ipynb_checkpoints/", ".tox/", ".nox/", "node_modules/",
    ".DS_Store",
    # Of earlier runs: in a trial's own folder they would be credited to the trial.
    "*.tfevents.*",
)  # fmt: skip
_LARGEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What was taken: `size` is in bytes, `notes` are for the user."""

    directory: Path
    files: int
    size: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """One thing to create: `path` is relative to the snapshot, `source` absolute."""

    path: str
    source: str
    status: os.stat_result
    target: str | None = None  # of a symbolic link

    @property
    def is_folder(self) -> bool:
        return self.target is None and stat.S_ISDIR(self.status.st_mode)


def take_snapshot(
    code: CodeSpec,
    destination: Path,
    *,
    leave_out: Iterable[Path] = (),
    size_limit: int = SIZE_LIMIT,
) -> Snapshot:
    """Copy the code's root to `destination`, which appears whole or not at all.

    `leave_out` are absolute paths, such as the data directory. A destination that exists is
    replaced. Raises InvalidInput, and nothing was created then, with every problem found.
    """
    entries, notes = survey_code(code, leave_out=[destination, *leave_out], size_limit=size_limit)
    temporary = destination.with_name(f"{destination.name}.{os.getpid()}.new")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        temporary.mkdir(parents=True)
        size = _create(entries, temporary)
        if destination.exists():
            shutil.rmtree(destination)
        temporary.rename(destination)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        message = f"cannot copy {error.filename}: {error.strerror}"
        raise InvalidInput([Problem(path="code", message=message)]) from error
    files = sum(not entry.is_folder for entry in entries)
    return Snapshot(directory=destination, files=files, size=size, notes=notes)


def survey_code(
    code: CodeSpec, *, leave_out: Iterable[Path], size_limit: int
) -> tuple[list[_Entry], tuple[str, ...]]:
    """What a snapshot would hold, and what its owner should know of it.

    Raises InvalidInput with every reason why there can be none.
    """
    survey = _Survey(code, list(leave_out))
    # A root such as a home directory is refused long before all of it was looked at.
    entries = list(islice(survey.entries(), 2 * FILE_LIMIT))
    survey.check_size(entries, size_limit)
    if survey.problems:
        raise InvalidInput(survey.problems)
    return entries, tuple(survey.notes)


def materialise(snapshot: Path, destination: Path) -> None:
    """Copy a snapshot for one trial. `destination` must not exist.

    Raises Refused when the snapshot is gone.
    """
    try:
        entries = list(_listing(snapshot))
    except FileNotFoundError:
        raise Refused(f"the code of this job is gone: there is no {snapshot}") from None
    destination.mkdir(parents=True)
    _create(entries, destination)


def _create(entries: Sequence[_Entry], destination: Path) -> int:
    """Folders come before what they hold; returns the bytes copied."""
    size = 0
    root = f"{destination}/"
    folders = []
    for entry in entries:
        path = root + entry.path
        if entry.target is not None:
            os.symlink(entry.target, path)
        elif entry.is_folder:
            os.mkdir(path)
            folders.append((path, entry.status))
        else:
            size += copy_file(entry.source, path, entry.status)
    # Last and from below, for filling a folder changes its time and may need its permissions.
    for path, status in reversed(folders):
        os.chmod(path, stat.S_IMODE(status.st_mode) | stat.S_IRWXU)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    return size


def _listing(folder: Path) -> Iterator[_Entry]:
    """Everything in a snapshot, as it is."""
    stack = [(str(folder), "")]
    while stack:
        where, prefix = stack.pop()
        with os.scandir(where) as items:
            for item in items:
                path = prefix + item.name
                status = item.stat(follow_symlinks=False)
                target = os.readlink(item.path) if item.is_symlink() else None
                yield _Entry(path, item.path, status, target)
                if target is None and stat.S_ISDIR(status.st_mode):
                    stack.append((item.path, path + "/"))


@dataclass(slots=True)
class _Survey:
    """Decides what of a code folder is taken, and collects what there is to say about it."""

    code: CodeSpec
    forbidden: Sequence[Path]
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _root: str = ""
    _patterns: Patterns = field(default_factory=lambda: Patterns(()))
    _links: frozenset[str] = frozenset()
    _barred: frozenset[str] = frozenset()

    def entries(self) -> Iterator[_Entry]:
        if self.code.root is None:
            return
        self._root = os.path.realpath(self.code.root)
        if not os.path.isdir(self._root):
            self._problem("code.root", f"must be a folder, got {self.code.root!r}")
            return
        self._barred = frozenset(os.path.realpath(path) for path in self.forbidden)
        self._patterns = self._all_patterns()
        self._links = frozenset(self._checked_links())
        yield from self._folder(self._root, "", (self._root,))

    def check_size(self, entries: Sequence[_Entry], limit: int) -> None:
        files = [entry for entry in entries if entry.target is None and not entry.is_folder]
        total = sum(entry.status.st_size for entry in files)
        is_cut = len(entries) == 2 * FILE_LIMIT
        if total <= limit and len(files) <= FILE_LIMIT and not is_cut:
            return
        message = (
            f"holds {'at least ' if is_cut else ''}{_megabytes(total)} in {len(files)} files, "
            "and each trial would get a copy; "
            f"at most {_megabytes(limit)} in {FILE_LIMIT} files. The largest: "
            f"{', '.join(_largest(files))}. Give each trial a link to data with "
            "`code: {link: [PATH]}`, or leave paths out with `code: {exclude: [PATTERN]}` "
            "or a .dowseignore file"
        )
        self._problem("code", message)

    def _all_patterns(self) -> Patterns:
        lines = [*ALWAYS]
        for name in IGNORE_FILES:
            path = os.path.join(self._root, name)
            if os.path.isfile(path):
                lines += self._lines_of(path)
                break
        try:
            return Patterns([*lines, *self.code.exclude])
        except ValueError as error:
            self._problem("code.exclude", str(error))
            return Patterns(ALWAYS)

    def _lines_of(self, path: str) -> list[str]:
        """As for gcloud, `#!include:FILE` stands for the lines of another file."""
        lines = []
        for line in Path(path).read_text(encoding="utf-8", errors="replace").splitlines():
            other = line.removeprefix("#!include:").strip()
            included = os.path.join(self._root, other)
            if line.startswith("#!include:") and os.path.isfile(included):
                text = Path(included).read_text(encoding="utf-8", errors="replace")
                lines += text.splitlines()
            else:
                lines.append(line)
        return lines

    def _checked_links(self) -> Iterator[str]:
        for index, link in enumerate(self.code.link):
            path = os.path.normpath(link)
            if os.path.isabs(path) or path.split("/")[0] in ("..", "."):
                message = f"must be a path below {self.code.root}, got {link!r}"
                self._problem(f"code.link[{index}]", message)
            elif not os.path.exists(os.path.join(self._root, path)):
                message = f"there is no {link!r} in {self.code.root}"
                self._problem(f"code.link[{index}]", message)
            else:
                yield path

    def _folder(self, where: str, prefix: str, above: tuple[str, ...]) -> Iterator[_Entry]:
        try:
            with os.scandir(where) as items:
                found = sorted(items, key=lambda item: item.name)
        except OSError as error:
            self._problem("code", f"cannot read {prefix or where}: {error.strerror}")
            return
        for item in found:
            yield from self._item(item, prefix + item.name, above)

    def _item(self, item: os.DirEntry[str], path: str, above: tuple[str, ...]) -> Iterator[_Entry]:
        is_folder = item.is_dir()
        if path in self._links:
            status = item.stat(follow_symlinks=False)
            yield _Entry(path, item.path, status, os.path.realpath(item.path))
        elif self._is_left_out(item, path, is_folder=is_folder):
            return
        elif item.is_symlink():
            yield from self._symbolic_link(item, path, above)
        elif is_folder:
            yield _Entry(path, item.path, item.stat(follow_symlinks=False))
            yield from self._folder(item.path, path + "/", above)
        else:
            yield from self._file(item, path)

    def _is_left_out(self, item: os.DirEntry[str], path: str, *, is_folder: bool) -> bool:
        if self._patterns.leave_out(path, is_folder=is_folder):
            return True
        if not is_folder:
            return False
        if os.path.realpath(item.path) in self._barred:
            return True
        return any(
            os.path.exists(os.path.join(item.path, mark)) for mark in ("pyvenv.cfg", "conda-meta")
        )

    def _file(self, item: os.DirEntry[str], path: str) -> Iterator[_Entry]:
        status = item.stat()
        if not stat.S_ISREG(status.st_mode):
            self.notes.append(f"{path} is no file, folder or link: left out of the code")
        elif not os.access(item.path, os.R_OK):
            self._problem("code", f"cannot read {path}; mend its permissions or exclude it")
        else:
            yield _Entry(path, item.path, status)

    def _symbolic_link(
        self, item: os.DirEntry[str], path: str, above: tuple[str, ...]
    ) -> Iterator[_Entry]:
        real = os.path.realpath(item.path)
        if os.path.commonpath([real, self._root]) == self._root:
            here = os.path.dirname(os.path.join(self._root, path))
            status = item.stat(follow_symlinks=False)
            yield _Entry(path, item.path, status, os.path.relpath(real, here))
        elif not os.path.exists(real):
            self.notes.append(f"{path} is a link to nothing ({real}): left out of the code")
        elif not os.path.isdir(real):
            yield from self._file(item, path)
        elif any(_contains(real, folder) for folder in above):
            self.notes.append(f"{path} leads to {real}, which holds the code: left out of the code")
        else:
            yield _Entry(path, real, os.stat(real))
            yield from self._folder(real, path + "/", (*above, real))

    def _problem(self, path: str, message: str) -> None:
        self.problems.append(Problem(path=path, message=message))


def _contains(folder: str, other: str) -> bool:
    return os.path.commonpath([folder, other]) == folder


def _largest(files: Sequence[_Entry]) -> Iterator[str]:
    """The largest things directly below the root, folders summed up."""
    sizes: dict[str, int] = {}
    for entry in files:
        first, slash, _ = entry.path.partition("/")
        sizes[first + slash] = sizes.get(first + slash, 0) + entry.status.st_size
    for name, size in sorted(sizes.items(), key=lambda pair: -pair[1])[:_LARGEST]:
        yield f"{name} ({_megabytes(size)})"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
