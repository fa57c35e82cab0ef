"""The committed pages are what the committed sources make; no node is needed to see it."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
HOW = "run make console, and commit what it changes"


def load(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def hatch_build() -> ModuleType:
    return load("hatch_build.py")


def test_the_pages_of_the_console_are_built_from_its_sources(hatch_build: ModuleType) -> None:
    stamp = json.loads(hatch_build.STAMP.read_text(encoding="utf-8"))
    state = hatch_build.state()
    assert stamp["sources"] == state["sources"], f"web/ has changed: {HOW}"
    assert stamp["built"] == state["built"], f"the built pages were changed: {HOW}"


def test_a_change_of_one_letter_makes_the_build_stale(
    hatch_build: ModuleType, tmp_path: Path
) -> None:
    one, other = tmp_path / "a.ts", tmp_path / "b.ts"
    one.write_bytes(b"let a = 1;\r\n")
    before = hatch_build.digest(tmp_path, [one])
    one.write_bytes(b"let a = 1;\n")
    assert hatch_build.digest(tmp_path, [one]) == before
    one.write_bytes(b"let a = 2;\n")
    assert hatch_build.digest(tmp_path, [one]) != before
    one.write_bytes(b"let a = 1;\n")
    one.rename(other)
    assert hatch_build.digest(tmp_path, [other]) != before


def test_the_types_of_the_api_are_those_of_the_api() -> None:
    api_types = load("scripts/api_types.py")
    assert api_types.is_fresh(api_types.document()), f"the API has changed: {HOW}"


def test_the_lock_file_names_no_place_to_download_from() -> None:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text(encoding="utf-8"))
    packages = [about for name, about in lock["packages"].items() if name]
    assert len(packages) > 20
    assert all("resolved" not in about for about in packages)
    assert all(about.get("integrity", "").startswith("sha512-") for about in packages)
    used = lock["packages"][""]["dependencies"] | lock["packages"][""]["devDependencies"]
    assert all(version[0].isdigit() for version in used.values()), "pin the exact version"
