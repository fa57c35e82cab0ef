"""What becomes of each documented key of a foreign form: honoured, ignored with a warning, refused.

A dialect keeps one table for each of its messages. No key is dropped in silence, and a key that is
no key of the form at all is an error that says where it belongs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from dowse.dialects.located import Scalar
from dowse.dialects.reader import Field, Table


class Treatment(Enum):
    HONOURED = "honoured"
    IGNORED = "ignored"  # has no meaning here; a warning names it
    REFUSED = "refused"  # leaving it out would change what the job means


@dataclass(frozen=True, slots=True)
class Rule:
    """`note` says why a key is ignored or refused; `message` names the type of a sub-message.

    `fulfilled` are values of an ignored key that ask for what happens here anyway.
    """

    treatment: Treatment
    note: str = ""
    message: str | None = None
    fulfilled: tuple[str, ...] = ()


HONOURED = Rule(Treatment.HONOURED)

Rules = Mapping[str, Rule]


def ignored(note: str, message: str | None = None, *, fulfilled: tuple[str, ...] = ()) -> Rule:
    return Rule(Treatment.IGNORED, note, message, fulfilled)


def refused(note: str) -> Rule:
    return Rule(Treatment.REFUSED, note)


@dataclass(frozen=True, slots=True)
class Schema:
    """`paths` say where each message stands, for keys that stand elsewhere."""

    messages: Mapping[str, Rules]
    paths: Mapping[str, str] = field(default_factory=dict)

    def check(self, table: Table, message: str, *, also: Iterable[str] = ()) -> None:
        """Report unknown, refused and ignored keys; `also` are further keys that may stand here."""
        rules = self.messages[message]
        table.refuse_unknown([*rules, *also], self._belonging(rules))
        unused: dict[str, list[Field]] = {}
        for key in table.node.keys:
            found, rule = table.get(key), rules.get(key)
            if found is None or rule is None:
                continue
            if rule.treatment is Treatment.REFUSED:
                found.error(f"is refused: {rule.note}")
            elif rule.treatment is Treatment.IGNORED and not _is_fulfilled(found, rule):
                self._check_inside(found, rule)
                unused.setdefault(rule.note, []).append(found)
        for note, fields in unused.items():
            shown = ", ".join(_shown(one) for one in fields)
            fields[0].warn(f"ignored: {shown} ({note})")

    def _belonging(self, rules: Rules) -> dict[str, str]:
        """For each key of another message, where it belongs."""
        return {
            key: f"it belongs under {path}"
            for message, path in self.paths.items()
            for key in self.messages[message]
            if key not in rules
        }

    def _check_inside(self, found: Field, rule: Rule) -> None:
        """Typing mistakes are found even where nothing is honoured."""
        if rule.message is None:
            return
        table = found.table()
        if table is None:
            return
        table.refuse_unknown(self.messages[rule.message])
        for key, inner in self.messages[rule.message].items():
            below = table.get(key)
            if below is not None and inner.message is not None:
                self._check_inside(below, inner)


def _is_fulfilled(found: Field, rule: Rule) -> bool:
    return isinstance(found.node, Scalar) and found.node.value in rule.fulfilled


def _shown(found: Field) -> str:
    key = found.path.rpartition(".")[2]
    if isinstance(found.node, Scalar):
        return f"{key} {found.node.raw[:80]}"
    return key
