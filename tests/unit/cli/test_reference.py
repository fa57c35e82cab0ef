"""The reference pages name every command, option, setting and exit code, and no other option."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from dowse.cli.exits import ExitCode
from dowse.cli.main import app
from dowse.config import PREFIX, setting_names

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def commands(command: Any, words: tuple[str, ...] = ("dowse",)) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", {})
    if not inner:
        yield " ".join(words), command
    for name, found in inner.items():
        yield from commands(found, (*words, name))


COMMANDS = dict(commands(typer.main.get_command(app)))


def options_of(command: Any) -> set[str]:
    return {
        option
        for parameter in command.params
        if not getattr(parameter, "hidden", False)
        for option in parameter.opts
        if option.startswith("-")
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented_with_all_its_options(name: str) -> None:
    text = page("cli")
    assert name in text
    for option in options_of(COMMANDS[name]):
        assert re.search(rf"`{option}[ `]", text), option


def test_every_option_of_the_page_exists() -> None:
    known = options_of(typer.main.get_command(app)).union(*map(options_of, COMMANDS.values()))
    named = set(re.findall(r"`(-[-a-z]+)", page("cli"))) - {"--", "-", "--job-dir"}
    assert named <= known


def test_every_setting_is_documented_with_its_variable() -> None:
    text = page("settings")
    for name in setting_names():
        assert re.search(rf"^\| `{name}` \| `{PREFIX}{name.upper()}`", text, re.M), name


def test_every_exit_code_is_documented() -> None:
    text = page("exit-codes")
    for code in ExitCode:
        assert re.search(rf"^\| {code.value} \|", text, re.M), code


def test_every_command_that_answers_can_answer_as_a_document() -> None:
    without = {name for name in COMMANDS if "--json" not in options_of(COMMANDS[name])}
    assert without == {"dowse serve"}
