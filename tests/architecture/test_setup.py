"""What `make setup` says on machines that cannot follow."""

import subprocess
from pathlib import Path

import pytest

FIND_PYTHON = Path(__file__).parents[2] / "scripts" / "find-python"

MODERN = "#!/bin/sh\nexit 0\n"
OLD = '#!/bin/sh\ncase "$2" in *exit*) exit 1;; *print*) echo 3.8.2;; esac\n'
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; *print*) echo 3.11;; esac\n'
REFUSING = "#!/bin/sh\necho 'command not found' >&2\nexit 127\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bin with blanks"


def find(path: Path, pythons: dict[str, str], *wanted: str) -> subprocess.CompletedProcess[str]:
    """Run the script where only these programs are on PATH."""
    path.mkdir()
    for name, script in pythons.items():
        (path / name).write_text(script)
        (path / name).chmod(0o755)
    return subprocess.run(
        ["/bin/sh", str(FIND_PYTHON), *wanted],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_newest_python_that_runs_is_chosen(path: Path) -> None:
    found = find(path, {"python3.13": REFUSING, "python3.12": MODERN, "python3": MODERN})
    assert (found.returncode, found.stdout) == (0, f"{path}/python3.12\n")


def test_a_python_without_venv_is_passed_over_for_one_that_has_it(path: Path) -> None:
    found = find(path, {"python3.11": WITHOUT_VENV, "python3": MODERN})
    assert (found.returncode, found.stdout) == (0, f"{path}/python3\n")


def test_a_python_that_is_named_is_the_only_one_tried(path: Path) -> None:
    found = find(path, {"python3": MODERN, "mine": OLD}, "mine")
    assert found.returncode == 1
    assert "found only: mine is 3.8.2." in found.stderr


def test_without_venv_it_says_which_package_to_install(path: Path) -> None:
    found = find(path, {"python3": WITHOUT_VENV})
    assert found.returncode == 1
    assert "Python 3.11 (python3) has no working venv" in found.stderr
    assert "apt-get install python3-venv     (or python3.11-venv)" in found.stderr


def test_with_old_pythons_only_it_names_them_and_what_is_needed(path: Path) -> None:
    found = find(path, {"python3.11": OLD, "python3": OLD})
    assert found.returncode == 1
    assert found.stderr.startswith(
        "Dowse needs Python 3.11 or newer; "
        "found only: python3.11 is 3.8.2, python3 is 3.8.2.\nInstall one"
    )


def test_without_any_python_it_lists_what_was_tried(path: Path) -> None:
    found = find(path, {})
    assert found.returncode == 1
    assert "none of these runs: python3.13 python3.12 python3.11 python3." in found.stderr
