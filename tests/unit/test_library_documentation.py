"""docs/library.md is true: its examples run, in their order, and so do the programs it names."""

import contextlib
import io
import re
import runpy
from pathlib import Path

import pytest

from dowse import catalog

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
PROGRAMS = sorted((ROOT / "examples" / "library").glob("*.py"))


def test_the_examples_of_the_page_run_one_after_the_other() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    assert len(blocks) == 12
    names: dict[str, object] = {"__name__": "example"}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        for block in blocks:
            exec(compile(block, "library.md", "exec"), names)
    lines = said.getvalue().splitlines()
    assert len(lines) == 44
    for comment, line in zip(re.findall(r"print\(error\)  # (.*)", PAGE), lines[2:3], strict=True):
        assert line == comment


def test_the_page_names_every_algorithm() -> None:
    (line,) = re.findall(r"^`algorithm` is one of (.*), or the name", PAGE, re.M)
    assert set(re.findall(r"`(\w+)`", line)) == set(catalog.suggester_names())


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_an_example_program_runs(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(program), run_name="__main__")
    assert capsys.readouterr().out


def test_there_are_as_many_programs_as_the_page_says() -> None:
    assert "Three whole programs" in PAGE
    assert len(PROGRAMS) == 3
