"""A file over 400 lines, or a function over 60, is usually two ideas. Docstrings do not count."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "benchmarks", "examples")
FILE_LINES = 400
FUNCTION_LINES = 60

Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_of_words(node: ast.AST) -> int:
    """Lines of docstrings inside a node: of functions, classes and fields alike."""
    return sum(
        (n.end_lineno or n.lineno) - n.lineno + 1
        for n in ast.walk(node)
        if isinstance(n, ast.Expr)
        and isinstance(n.value, ast.Constant)
        and isinstance(n.value.value, str)
    )


def too_large(name: str, text: str) -> list[str]:
    tree = ast.parse(text)
    found = []
    size = len(text.splitlines()) - lines_of_words(tree)
    if size > FILE_LINES:
        found.append(f"{name}: {size} lines, at most {FILE_LINES}")
    for node in ast.walk(tree):
        if isinstance(node, Function):
            size = (node.end_lineno or node.lineno) - node.lineno + 1 - lines_of_words(node)
            if size > FUNCTION_LINES:
                found.append(
                    f"{name}:{node.lineno}: {node.name} has {size} lines, at most {FUNCTION_LINES}"
                )
    return found


def test_no_file_and_no_function_is_too_large() -> None:
    offenders = [
        offence
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if ".venv" not in path.parts
        for offence in too_large(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    ]
    assert offenders == []


def function_of(statements: int, docstring: int) -> str:
    inside = ['    """', *["    words"] * (docstring - 2), '    """'] if docstring else []
    return "\n".join(["def f() -> None:", *inside, *["    pass"] * statements, ""])


@pytest.mark.parametrize("docstring", [0, 30])
def test_a_function_of_sixty_lines_passes_and_one_more_line_is_an_offence(docstring: int) -> None:
    assert too_large("a.py", function_of(59, docstring)) == []
    assert too_large("a.py", function_of(60, docstring)) == ["a.py:1: f has 61 lines, at most 60"]


def test_a_file_of_four_hundred_lines_passes_and_one_more_line_is_an_offence() -> None:
    assert too_large("a.py", '"""Words."""\n' + "x = 1\n" * 400) == []
    assert too_large("a.py", "x = 1\n" * 401) == ["a.py: 401 lines, at most 400"]
