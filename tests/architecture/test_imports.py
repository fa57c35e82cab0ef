"""Imports go one way: the contracts of `.importlinter`, and who may import what from outside."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "dowse"

NUMERICAL = ("numerics", "surrogate", "optim", "stopping", "analysis")

CONCURRENT = (
    "api",
    "cli",
    "executors",
    "minimizing",  # minimize(parallel=…) runs the caller's function in workers
    "optimizer",  # a lock
    "runtime",
    "sdk",
    "service.running.loop",
    "service.copies",
    "service.studies",  # clients and the suggester's thread meet there, under one lock
    "service.suggesting",
    "store",  # one writer thread
    "wiring",
)

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    # Third parties. One that is not listed may be imported nowhere.
    "alembic": ("store",),
    "fastapi": ("api",),
    "fsspec": ("executors", "runtime"),
    "httpx": ("sdk",),
    "numpy": (*NUMERICAL, "optimizer"),
    "pandas": ("sdk",),
    "platformdirs": ("config",),
    "pydantic": ("wire",),
    "ray": ("executors.ray",),
    "rich": ("cli",),
    "ruamel": ("config", "dialects"),
    "scipy": NUMERICAL,
    "sqlalchemy": ("store",),
    "starlette": ("api",),
    "typer": ("cli",),
    "uvicorn": ("api", "wiring"),
    # Modules of the standard library that only some places may touch.
    "asyncio": ("api",),
    "concurrent": CONCURRENT,
    "multiprocessing": CONCURRENT,
    "sqlite3": ("store",),
    "threading": CONCURRENT,
    # Refused everywhere: values never become code, and nothing is unpickled.
    "cloudpickle": (),
    "dill": (),
    "joblib": (),
    "marshal": (),
    "pickle": (),
    "shelve": (),
}
"""Top-level module from outside → the places in Dowse, relative to it, that may import it."""


def outside_imports(graph: grimp.ImportGraph, package: str) -> Iterator[tuple[str, str]]:
    """Yield (module relative to the package, top-level name it imports from outside)."""
    for module in sorted(graph.modules):
        if module == package or module.startswith(f"{package}."):
            for imported in sorted(graph.find_modules_directly_imported_by(module)):
                top = imported.partition(".")[0]
                if top != package:
                    yield module.removeprefix(package).removeprefix("."), top


def misplaced_imports(graph: grimp.ImportGraph, package: str) -> list[str]:
    found = []
    for module, imported in outside_imports(graph, package):
        if imported in MAY_IMPORT:
            places = MAY_IMPORT[imported]
            if not any(module == place or module.startswith(f"{place}.") for place in places):
                found.append(f"{module} imports {imported}: only {list(places)} may")
        elif imported not in sys.stdlib_module_names:
            found.append(f"{module} imports {imported}: not a dependency of Dowse")
    return found


def third_parties_above(graph: grimp.ImportGraph, module: str) -> set[str]:
    """What is imported from outside the standard library, directly or through other modules."""
    package = module.partition(".")[0]
    tops = {upstream.partition(".")[0] for upstream in graph.find_upstream_modules(module)}
    return tops - {package} - sys.stdlib_module_names


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts against the package `dowse` in this folder, in a process of its own."""
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    options = ["--no-cache", "--no-logo", "--config", str(ROOT / ".importlinter")]
    return subprocess.run(
        [sys.executable, "-c", command, *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def build_graph(package: str) -> grimp.ImportGraph:
    return grimp.build_graph(package, include_external_packages=True, cache_dir=None)


def write_package(folder: Path, modules: dict[str, str]) -> None:
    """Write modules given by dotted name; their packages get an empty `__init__.py`."""
    for name, text in modules.items():
        path = folder.joinpath(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for parent in sorted({p.parent for p in folder.rglob("*.py")}):
        (parent / "__init__.py").touch()


@pytest.fixture(scope="module")
def dowse_graph() -> grimp.ImportGraph:
    return build_graph("dowse")


def test_the_import_contracts_hold() -> None:
    result = lint(SOURCE.parent)
    assert result.returncode == 0, result.stdout + result.stderr


def test_only_the_places_listed_import_a_third_party(dowse_graph: grimp.ImportGraph) -> None:
    assert misplaced_imports(dowse_graph, "dowse") == []


@pytest.mark.parametrize("module", ["dowse.domain", "dowse.errors", "dowse.ports"])
def test_the_vocabulary_needs_only_the_standard_library(
    dowse_graph: grimp.ImportGraph, module: str
) -> None:
    modules = {module, *dowse_graph.find_descendants(module)}
    assert set().union(*(third_parties_above(dowse_graph, m) for m in modules)) == set()


def test_the_runner_needs_only_the_standard_library(dowse_graph: grimp.ImportGraph) -> None:
    assert third_parties_above(dowse_graph, "dowse.runtime.runner") == set()


def loaded_by(statement: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after this statement."""
    code = f"import sys\n{statement}\nimport json; print(json.dumps(sorted(sys.modules)))"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    modules: list[str] = json.loads(output)
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("module", ["dowse", "dowse.domain", "dowse.runtime.runner"])
def test_what_runs_beside_a_training_program_loads_only_the_standard_library(module: str) -> None:
    # The interpreter's own start may load third parties (.pth files); they are not ours.
    added = loaded_by(f"import {module}") - loaded_by("pass")
    assert added - sys.stdlib_module_names == {"dowse"}


def test_every_folder_of_source_is_a_package() -> None:
    """A folder without `__init__.py` would be invisible to all of these checks."""
    folders = {path.parent for path in SOURCE.rglob("*.py")}
    assert [str(f) for f in sorted(folders) if not (f / "__init__.py").exists()] == []


TOY = {"dowse.domain.space": "", "dowse.errors": "", "dowse.numerics.gp": ""}


def test_a_package_that_keeps_the_contracts_passes(tmp_path: Path) -> None:
    write_package(tmp_path, {**TOY, "dowse.store.rows": "from dowse.domain import space"})
    result = lint(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "text", "named"),
    [
        ("dowse.domain.space", "import dowse.store.rows", "dowse.domain.space -> dowse.store.rows"),
        (
            "dowse.domain.space",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import dowse.store.rows",
            "dowse.domain.space -> dowse.store.rows",
        ),
        ("dowse.domain.space", "def now():\n    import time", "dowse.domain.space -> time"),
        ("dowse.store.rows", "import dowse.dialects.native", "dowse.store is not allowed"),
        (
            "dowse.numerics.gp",
            "import dowse.domain.space",
            "dowse.numerics.gp -> dowse.domain.space",
        ),
        ("dowse.store.tables", "import dowse.store.rows", ".tables -> .rows"),
        ("dowse.helpers", "", "helpers"),
    ],
    ids=["upwards", "for types only", "clock", "sideways", "arrays", "circle", "unplaced"],
)
def test_a_forbidden_import_breaks_a_contract(
    tmp_path: Path, module: str, text: str, named: str
) -> None:
    others = {"dowse.store.rows": "import dowse.store.tables", "dowse.dialects.native": ""}
    write_package(tmp_path, {**TOY, **others, "dowse.store.tables": "", module: text})
    result = lint(tmp_path)
    assert result.returncode == 1
    assert named in result.stdout.replace("  ", " ")


def test_a_misplaced_third_party_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = {
        "toyhouse.store.tables": "import sqlalchemy",
        "toyhouse.service.jobs": "import sqlalchemy.orm",
        "toyhouse.executors.local": "import pickle, requests",
    }
    write_package(tmp_path, modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert misplaced_imports(build_graph("toyhouse"), "toyhouse") == [
        "executors.local imports pickle: only [] may",
        "executors.local imports requests: not a dependency of Dowse",
        "service.jobs imports sqlalchemy: only ['store'] may",
    ]


def test_a_third_party_behind_another_module_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules = {"toyfarm.runner": "import toyfarm.helper", "toyfarm.helper": "import os, numpy"}
    write_package(tmp_path, modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert third_parties_above(build_graph("toyfarm"), "toyfarm.runner") == {"numpy"}
