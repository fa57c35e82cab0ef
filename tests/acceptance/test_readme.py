"""The README's tour, step by step as it stands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
FILES = {text.split()[1]: text for language, text in BLOCKS if language and text.startswith("# ")}
SNIPPETS = [text for _, text in BLOCKS if text.startswith("import dowse\n")]


def commands() -> list[list[str]]:
    """The commands of the tour, without those that tune the long example."""
    lines = [line for language, block in BLOCKS if not language for line in block.splitlines()]
    return [
        shlex.split(line) for line in lines if line.startswith("dowse ") and "hptuning" not in line
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


# More than a dozen processes load one after the other, as they do for a person.
@pytest.mark.timeout(300)
def test_the_tour_can_be_followed_word_for_word(folder: Path) -> None:
    assert set(FILES) == {"train.py", "tune.yaml"}
    assert len(commands()) >= 8
    environment = {**os.environ, "DOWSE_DATA_DIR": str(folder / "data")}
    environment["DOWSE_PYTHON"] = sys.executable
    for words in commands():
        finished = subprocess.run(
            [sys.executable, "-m", "dowse", *words[1:]],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert finished.returncode == 0, f"{shlex.join(words)}:\n{finished.stderr}"
    shown = subprocess.run(
        [sys.executable, "-m", "dowse", "jobs", "show", "first"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "succeeded" in shown.stdout


def test_the_library_s_example_runs() -> None:
    (snippet,) = SNIPPETS
    finished = subprocess.run(
        [sys.executable, "-c", snippet], capture_output=True, text=True, check=False, timeout=100
    )
    assert finished.returncode == 0, finished.stderr
    value = float(finished.stdout.split()[0])
    assert 0 <= value < 0.2


def test_the_picture_of_a_run_loads_nothing_from_elsewhere() -> None:
    picture = (ROOT / "docs" / "run.svg").read_text(encoding="utf-8")
    assert re.findall(r"(?:href|src|url)\s*[=(]\s*[\"']?https?:", picture) == []
