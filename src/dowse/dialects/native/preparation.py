"""`packages` and `prepare`: what happens once, before the first trial of a native job."""

from __future__ import annotations

from dowse.dialects.located import Mapping, Sequence
from dowse.dialects.native.program import split
from dowse.dialects.protocol import ReadContext
from dowse.dialects.reader import Field, Places, Table
from dowse.domain.spec import Argv, Shell


def read_packages(root: Table, context: ReadContext, places: Places) -> tuple[str, ...]:
    """Paths start at the job file's folder; what has no slash is a requirement or an archive."""
    field = root.get("packages")
    packages: list[str] = []
    for item in (field.items("a list of packages") if field else None) or ():
        text = item.words("a requirement such as lightgbm>=4, or a path or URL of a package")
        if text is None:
            continue
        places.put(f"packages[{len(packages)}]", item)
        is_path = "/" in text or text.endswith((".whl", ".gz", ".zip"))
        packages.append(context.absolute(text) if is_path else text)
    return tuple(packages)


def read_prepare(root: Table) -> Argv | Shell | None:
    field = root.get("prepare")
    if field is None:
        return None
    if isinstance(field.node, Mapping):
        return _shell(Table(field.node, field.path, field.log))
    if isinstance(field.node, Sequence):
        words = field.texts("a list of words")
    else:
        text = field.words("a command such as make data")
        words = None if text is None else split(text, field, instead="{shell: …}")
    if words is None:
        return None
    if not words:
        field.error("must hold at least the program, got no word")
        return None
    _refuse_places(field, words)
    return Argv(words)


def _shell(table: Table) -> Shell | None:
    table.refuse_unknown(("shell",))
    field = table.required("shell", "write the text for a shell")
    text = field.words("text for a shell") if field else None
    return Shell(text) if text is not None else None


def _refuse_places(field: Field, words: tuple[str, ...]) -> None:
    for word in words:
        if "${" in word:
            field.error(f"runs before there is a trial: nothing fills in {word!r}")
