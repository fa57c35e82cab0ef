"""Commands of the services: words where words do, a shell where it must be, values never text."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from dowse.dialects.located import Scalar
from dowse.dialects.reader import Field, Log
from dowse.dialects.shell_text import needs_shell, place, program_of
from dowse.domain.spec import Argv, Shell

LR = place("lr")


def read(text: str, appended: tuple[str, ...] = ()) -> tuple[object, list[str]]:
    log = Log()
    field = Field(Scalar(text, text, True, None), "command", log)
    program = program_of(text, field, appended=appended)
    return program, [error.message for error in log.errors]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("python main.py --input=/input0", ("python", "main.py", "--input=/input0")),
        (f"python t.py --lr {LR} --x='a b'", ("python", "t.py", "--lr", "${lr}", "--x=a b")),
        (f'python t.py "--lr={LR}" a\\ b', ("python", "t.py", "--lr=${lr}", "a b")),
        ("python t.py \\\n  --a 1\n", ("python", "t.py", "--a", "1")),
        ("echo '${HOME} | x' 5$ \"a#b\" a#b", ("echo", "$${HOME} | x", "5$", "a#b", "a#b")),
        (f"run {place('odd name')}", ("run", "${odd name}")),
    ],
)
def test_a_command_without_a_shells_signs_becomes_words(text: str, words: tuple[str, ...]) -> None:
    assert read(text) == (Argv(words), [])


def test_the_text_of_an_inner_shell_gets_variables() -> None:
    program, _ = read(f"bash -c 'python t.py --lr {LR} | tee log'")
    assert program == Argv(("bash", "-c", 'python t.py --lr "$${DOWSE_PARAM_LR}" | tee log'))


@pytest.mark.parametrize(
    "text",
    [
        "a && b",
        "a | b",
        "a > log",
        "a; b",
        "a\nb",
        "echo $HOME",
        'echo "$HOME"',
        "echo `date`",
        "cat *.csv",
        "ls ~",
        "EPOCHS=3 python t.py",
        "cd src",
        "source activate x",
        "a # remark",
        "(a)",
    ],
)
def test_what_only_a_shell_understands_needs_one(text: str) -> None:
    assert needs_shell(text)
    assert isinstance(read(text)[0], Shell)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"cd src && python t.py --lr {LR}", 'cd src && python t.py --lr "${DOWSE_PARAM_LR}"'),
        (f'a; echo "lr is {LR}"', 'a; echo "lr is ${DOWSE_PARAM_LR}"'),
        (f"a; echo 'lr is {LR}'", "a; echo 'lr is '\"${DOWSE_PARAM_LR}\"''"),
        (f"a; echo $(basename {LR})", 'a; echo $(basename "${DOWSE_PARAM_LR}")'),
        (f"a; echo \"$(cat '{LR}')\"", "a; echo \"$(cat ''\"${DOWSE_PARAM_LR}\"'')\""),
        (f"# don't\na {LR}", '# don\'t\na "${DOWSE_PARAM_LR}"'),
        (f"a; b {place('inputs.x')}", 'a; b "${DOWSE_INPUT_X}"'),
    ],
)
def test_a_place_in_a_shells_text_is_a_variable_in_quotes(text: str, expected: str) -> None:
    assert read(text) == (Shell(expected), [])


def test_values_are_appended_to_a_shells_text() -> None:
    program, _ = read("cd src && python t.py", ("lr", "batch-size"))
    assert program == Shell(
        'cd src && python t.py "--lr=${DOWSE_PARAM_LR}" "--batch-size=${DOWSE_PARAM_BATCH_SIZE}"'
    )
    assert read("python t.py &", ("lr",))[1] == [
        "ends in '&', so that no values can be appended; remove it"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("python 'x", 'cannot be split into words: no closing quotation; close it: "python \'x"'),
        ("a; python 'x", 'holds a quote that is never closed; close it: "a; python \'x"'),
        ("", "must hold at least the program, got no word"),
        (
            f"cd x && bash -c 'python {LR}'",
            "starts another shell with 'bash -c', which would carry out what a value says; put "
            "its text into a script, or let it be the whole command",
        ),
        (
            f"a; b {place('学习率')}",
            "places 学习率, whose name no variable of a shell can have; rename it",
        ),
        (
            f"a; echo $((1 + {LR}))",
            "places a value in arithmetic of a shell, where it cannot be quoted; move it",
        ),
        (
            f"cat <<E\n{LR}\nE",
            "places a value behind << (a here-document), where it cannot be quoted; move it",
        ),
    ],
)
def test_what_cannot_be_placed_is_refused(text: str, message: str) -> None:
    assert read(text) == (None, [message])


HOSTILE = [
    "gbdt; touch PWNED; #",
    "$(touch PWNED)",
    "`touch PWNED`",
    "' ; touch PWNED ; '",
    '" ; touch PWNED ; "',
    "a\ntouch PWNED",
    "--x && touch PWNED",
    "${IFS}touch${IFS}PWNED",
    "\\'; touch PWNED; \\'",
    "| touch PWNED",
    "> PWNED",
    ">> PWNED",
    "2> PWNED",
    "& touch PWNED &",
    "|| touch PWNED",
    "a;touch PWNED",
    "\\$(touch PWNED)",
    "\\`touch PWNED\\`",
    '"$(touch PWNED)"',
    "'$(touch PWNED)'",
    "'\"'\"'; touch PWNED; '",
    "$((PWNED=1))$(touch PWNED)",
    "${x:=$(touch PWNED)}",
    "$'\\n'touch PWNED",
    "\r\ntouch PWNED",
    "<(touch PWNED)",
    "%s; touch PWNED",
    "*",
    "~",
    "-n; touch PWNED",
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "text",
    [
        f"true; printf %s {LR}",
        f'true; printf %s "{LR}"',
        f"true; printf %s '{LR}'",
        f'true; printf %s "$(printf %s {LR})"',
        f"true; printf %s `printf %s {LR}`",
    ],
)
def test_a_hostile_value_stays_a_value(tmp_path: Path, text: str, value: str) -> None:
    program, errors = read(text)
    assert errors == []
    assert isinstance(program, Shell)
    environment = {**os.environ, "DOWSE_PARAM_LR": value}
    done = subprocess.run(
        ["/bin/sh", "-c", program.text],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert list(tmp_path.iterdir()) == []
    if "`" not in text:  # Outside quotes, a substitution splits what it gave: as the document says.
        assert done.stdout.decode() == value
