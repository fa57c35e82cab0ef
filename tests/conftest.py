"""The same surroundings for every test, whoever runs it and wherever."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SUITES = ("unit", "architecture", "contracts", "golden", "simulation", "acceptance")
"""The folders of tests, the fast ones first: the order in which one process runs them."""

_PREFIXES = ("DOWSE_", "CLOUD_ML_")
_NAMES = (
    "TF_CONFIG",
    "VIRTUAL_ENV",
    "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE",
    "COLUMNS",
    "LINES",
    "FORCE_COLOR",
    "NO_COLOR",
)


def _settle_environment() -> None:
    """Done at import, before NumPy reads its thread settings or platformdirs the home."""
    for name in list(os.environ):
        if name.startswith(_PREFIXES) or name in _NAMES:
            del os.environ[name]
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    # Hundreds of processes load the same modules: each would compile them all.
    sys.dont_write_bytecode = False


_settle_environment()

# Time says nothing here: on a machine that does other things too, anything may be slow once.
settings.register_profile("dowse", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dowse")


@pytest.fixture(scope="session", autouse=True)
def _home_of_its_own() -> Iterator[None]:
    """No test reads or writes the data directory of the person who runs it."""
    with (
        tempfile.TemporaryDirectory(prefix="dowse-home-") as home,
        pytest.MonkeyPatch.context() as p,
    ):
        p.setenv("HOME", home)
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            p.delenv(name, raising=False)
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    tests = config.rootpath / "tests"
    # Beside each other the slow ones come first: none is left for the end, where it runs alone.
    is_beside_others = hasattr(config, "workerinput")
    items.sort(key=lambda item: _rank(item.path, tests), reverse=is_beside_others)


def _rank(path: Path, tests: Path) -> int:
    suite = path.relative_to(tests).parts[0] if path.is_relative_to(tests) else ""
    return SUITES.index(suite) if suite in SUITES else len(SUITES)
