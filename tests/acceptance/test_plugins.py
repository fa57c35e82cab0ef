"""A suggester of another package, installed as a package is: found, run, held to the contract."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.commands import Place, place_in

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "my-package"
version = "1.0"

{entry_points}
"""
CONTRACT = """
from my_package import Mine
from dowse.optim.contract import SuggesterContract


class TestMine(SuggesterContract):
    trials = 6

    def suggester(self):
        return Mine()
"""


def of_page(language: str, mark: str) -> str:
    """The block of the page that holds a mark."""
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)
    (block,) = [each for each in blocks if mark in each]
    return block


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example of the page, built as a wheel and installed into a folder of its own."""
    source = tmp_path_factory.mktemp("plugin")
    (source / "pyproject.toml").write_text(
        PROJECT.format(entry_points=of_page("toml", "dowse.suggesters"))
    )
    (source / "my_package.py").write_text(of_page("python", "class Mine:"))
    target = source / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--target", str(target)]
    subprocess.run([*pip, *options, str(source)], check=True, cwd=source)
    assert list(target.glob("my_package-1.0.dist-info/entry_points.txt"))
    return target


def python(installed: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env={"PYTHONPATH": str(installed), "PATH": "/usr/bin:/bin"},
        cwd=installed,
        capture_output=True,
        text=True,
        check=False,
    )


def contract(installed: Path) -> subprocess.CompletedProcess[str]:
    (installed / "test_mine.py").write_text(CONTRACT)
    return python(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mine.py")


def test_an_installed_plug_in_has_a_name_for_the_library(installed: Path) -> None:
    program = (
        "from dowse import Double, Optimizer, SearchSpace\n"
        "space = SearchSpace([Double('x', 0, 1)])\n"
        "asked = Optimizer(space, algorithm='mine', options={'purpose': 5}).ask()\n"
        "print(asked.why, 0 <= asked.parameters['x'] <= 1)\n"
    )
    ended = python(installed, "-c", program)
    assert ended.stdout == "{'algorithm': 'mine'} True\n", ended.stderr


def test_the_shipped_contract_holds_it_to_its_promises(installed: Path) -> None:
    ended = contract(installed)
    assert ended.returncode == 0, ended.stdout
    assert re.search(r"^\d\d passed", ended.stdout, re.M)


def test_the_contract_catches_one_that_repeats_itself(installed: Path, tmp_path: Path) -> None:
    broken = shutil.copytree(installed, tmp_path / "broken")
    text = (broken / "my_package.py").read_text().replace("request.space.key, taken)", "id, ())")
    (broken / "my_package.py").write_text(text.replace("self.purpose, index", "self.purpose, 0"))
    ended = contract(broken)
    assert "test_no_configuration_is_suggested_twice" in ended.stdout
    assert ended.returncode == 1


def test_a_job_names_an_installed_plug_in(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(installed))
    with place_in(tmp_path) as place:
        job_of(place)
        document = place.document("run", "job.yaml", "--name", "plugged")
    assert [trial["why"] for trial in document["trials"]] == [{"algorithm": "mine"}] * 2
    assert document["state"] == "succeeded"


def job_of(place: Place) -> None:
    place.program('report(1, score=float(P["X"]))\n', trials=2)
    job = place.folder / "job.yaml"
    job.write_text(job.read_text().replace("algorithm: random", "algorithm: mine"))
