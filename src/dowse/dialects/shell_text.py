"""A command as the services take it: text for a shell, with places for values in it.

Where no shell is needed the text becomes words, and a place is filled inside its word. Where the
text itself needs a shell, a place becomes a variable in quotes: a value is never text that a
shell reads.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from dowse.dialects.reader import Field
from dowse.domain.spec import Argv, Program, Shell
from dowse.runtime.launch import variable_of_place

OPEN, CLOSE = "\ue000", "\ue001"
"""Around the name of a place, while the text is looked at. No text of a document holds them."""

_PLACE = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_BUILTINS = frozenset(
    ("cd", "export", "source", ".", "set", "unset", "eval", "exec", "if", "for", "while", "case")
)
_OPERATORS = "|&;<>()`\n"
_EXPANSION = re.compile(r"\$[\w{(?*@#$!-]", re.ASCII)
_INNER_SHELL = re.compile(r"(?:^|[\s;&|(])(?:eval|(?:\S*/)?(?:ba|da|k|z|a)?sh\s+-[a-z]*c)\b")
_SHELL_NAME = re.compile(r"(?:.*/)?(?:ba|da|k|z|a)?sh")
_COMMAND_OPTION = re.compile(r"-[a-z]*c")


def command_text(field: Field) -> str | None:
    """The text of a command, in which nothing looks like a place yet."""
    text = field.words("a command such as python train.py")
    if text is not None and (OPEN in text or CLOSE in text):
        field.error("holds a character for private use (U+E000 or U+E001); remove it")
        return None
    return text


def place(name: str) -> str:
    """`name` as it stands in a text that `program_of` reads."""
    return f"{OPEN}{name}{CLOSE}"


def placed_names(text: str) -> list[str]:
    return _PLACE.findall(text)


def program_of(text: str, field: Field, *, appended: Sequence[str] = ()) -> Program | None:
    """The program that a text starts; None with an error in the log when it cannot be read.

    `appended` are names whose values go to the end of a shell's text as `--name=value`. A program
    without a shell gets them from the launch.
    """
    text = re.sub(r"\\\r?\n", " ", text).strip()
    if not needs_shell(text):
        return _argv(text, field)
    if appended:
        if text.endswith(("&", ";", "|")):
            field.error(f"ends in {text[-1]!r}, so that no values can be appended; remove it")
            return None
        text += "".join(f' "--{name}={place(name)}"' for name in appended)
    return _shell(text, field)


def needs_shell(text: str) -> bool:
    """Whether a text means something that only a shell understands."""
    start = text.split(maxsplit=1)[0] if text.strip() else ""
    if start in _BUILTINS or _ASSIGNMENT.match(start):
        return True
    quote, before = "", " "
    skip = False
    for index, letter in enumerate(text):
        if skip:
            skip = False
        elif quote == "'":
            quote = "" if letter == "'" else quote
        elif letter == "\\":
            skip = True
        elif letter == "`" or _EXPANSION.match(text, index):
            return True
        elif quote:
            quote = "" if letter == '"' else quote
        elif letter in "'\"":
            quote = letter
        elif letter in _OPERATORS or letter in "*?[" or (letter in "~#" and before.isspace()):
            return True
        before = letter
    return False


def _argv(text: str, field: Field) -> Argv | None:
    names = placed_names(text)
    # A name may hold blanks or quotes, which would split the word that it stands in.
    numbered = _numbered(text)
    try:
        words = shlex.split(numbered)
    except ValueError as error:
        field.error(f"cannot be split into words: {str(error).lower()}; close it: {text[:60]!r}")
        return None
    if not words:
        field.error("must hold at least the program, got no word")
        return None
    inner = bool(_SHELL_NAME.fullmatch(words[0]))
    made = []
    for index, word in enumerate(words):
        named = _renamed(word, names)
        if inner and index and _COMMAND_OPTION.fullmatch(words[index - 1]):
            quoted = quoted_variables(named, field)
            if quoted is None:
                return None
            made.append(quoted.replace("${", "$${"))
        else:
            made.append(_PLACE.sub(r"${\1}", named.replace("${", "$${")))
    return Argv(tuple(made))


def _numbered(text: str) -> str:
    count = iter(range(len(text)))
    return _PLACE.sub(lambda _: f"{OPEN}{next(count)}{CLOSE}", text)


def _renamed(word: str, names: Sequence[str]) -> str:
    return _PLACE.sub(lambda match: place(names[int(match[1])]), word)


def _shell(text: str, field: Field) -> Shell | None:
    if placed_names(text) and (inner := _INNER_SHELL.search(text)):
        field.error(
            f"starts another shell with {inner[0].strip()!r}, which would carry out what a value "
            "says; put its text into a script, or let it be the whole command"
        )
        return None
    translated = quoted_variables(text, field)
    return None if translated is None else Shell(translated)


@dataclass(slots=True)
class _Reader:
    """Where in the nesting of quotes and substitutions the text is."""

    inside: list[str]
    out: list[str]
    index: int = 0

    @property
    def place(self) -> str:
        return self.inside[-1]

    def copy(self, count: int, text: str) -> None:
        self.out.append(text[self.index : self.index + count])
        self.index += count


def quoted_variables(text: str, field: Field) -> str | None:
    """The text for a shell in which each place is a variable in double quotes."""
    reader = _Reader(inside=["words"], out=[])
    while reader.index < len(text):
        match = _PLACE.match(text, reader.index)
        if match is None:
            _step(reader, text)
            continue
        if message := _unplaceable(reader.place, text[: reader.index]):
            field.error(message)
            return None
        name = variable_of_place(match[1])
        if not name.isascii():
            field.error(f"places {match[1]}, whose name no variable of a shell can have; rename it")
            return None
        variable = f"${{{name}}}"
        forms = {"double": variable, "single": f"'\"{variable}\"'"}
        reader.out.append(forms.get(reader.place, f'"{variable}"'))
        reader.index = match.end()
    if reader.place in ("single", "double"):
        field.error(f"holds a quote that is never closed; close it: {text[:60]!r}")
        return None
    return "".join(reader.out)


def _unplaceable(inside: str, before: str) -> str | None:
    if inside in ("arithmetic", "comment"):
        return f"places a value in {inside} of a shell, where it cannot be quoted; move it"
    if before.endswith("\\"):
        return "places a value behind a backslash; remove the backslash"
    if "<<" in before:
        return "places a value behind << (a here-document), where it cannot be quoted; move it"
    return None


_CLOSING = {"single": "'", "double": '"', "tick": "`", "substitution": ")", "group": ")"}


def _step(reader: _Reader, text: str) -> None:
    """Read what stands at the index when it is no place."""
    letter, inside = text[reader.index], reader.place
    if inside == "comment":
        if letter == "\n":
            reader.inside.pop()
        reader.copy(1, text)
        return
    if inside == "arithmetic" and text.startswith("))", reader.index):
        reader.inside.pop()
        reader.copy(2, text)
        return
    if letter == _CLOSING.get(inside):
        reader.inside.pop()
        reader.copy(1, text)
        return
    if inside == "single":
        reader.copy(1, text)
        return
    if letter == "\\" and not text.startswith(OPEN, reader.index + 1):
        reader.copy(2, text)
        return
    _open(reader, text, letter, inside)


def _open(reader: _Reader, text: str, letter: str, inside: str) -> None:
    start = reader.index
    if text.startswith("$((", start):
        reader.inside.append("arithmetic")
        reader.copy(3, text)
    elif text.startswith("$(", start):
        reader.inside.append("substitution")
        reader.copy(2, text)
    else:
        opened = {"`": "tick", '"': "double", "'": "single", "(": "group"}.get(letter)
        if letter == "#" and (start == 0 or text[start - 1].isspace()):
            opened = "comment"
        if opened and not (inside == "double" and opened in ("single", "group", "comment")):
            reader.inside.append(opened)
        reader.copy(1, text)
