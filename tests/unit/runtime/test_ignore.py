"""Patterns as in .gitignore, compared with git itself."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dowse.runtime.ignore import Patterns

FILES = [
    "a.txt", "b.log", "keep.log", "logs/a.txt", "logs/x.log", "sub/logs/a.txt", "sub/a.txt",
    "sub/deep/a.txt", "sub/deep/b.log", "data/train.csv", "data/small/x.csv", "#odd", "!bang",
    "sp ace.txt", "a[1].txt", "build", "sub/build/out.o", "x/build", "A.TXT",
]  # fmt: skip


@pytest.mark.parametrize(
    "patterns",
    [
        ["*.log"],
        ["*.log", "!keep.log"],
        ["!keep.log", "*.log"],
        ["logs/"],
        ["/logs/"],
        ["logs"],
        ["/a.txt"],
        ["sub/a.txt"],
        ["sub/*"],
        ["sub/**"],
        ["**/logs"],
        ["**/a.txt"],
        ["sub/**/a.txt"],
        ["a/**/b", "**"],
        ["data/*", "!data/small/"],
        ["data/", "!data/small/x.csv"],
        ["?.txt", "*.TXT"],
        ["[ab].txt", "[!a-b]*.log"],
        [r"\#odd", r"\!bang"],
        ["# a comment", "", "   ", "a.txt   "],
        ["sp ace.txt"],
        [r"a\[1\].txt"],
        ["build/"],
        ["*/build"],
        ["/*", "!/sub", "/sub/*", "!/sub/deep"],
    ],
    ids=" ".join,
)
def test_the_same_paths_are_left_out_as_by_git(patterns: list[str], tmp_path: Path) -> None:
    assert left_out(patterns) == ignored_by_git(patterns, tmp_path)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.sampled_from(list("abx*?/!.")), min_size=1, max_size=6).filter(
            lambda text: "***" not in text and "//" not in text and not text.startswith("!!")
        ),
        min_size=1,
        max_size=3,
    )
)
def test_any_pattern_means_what_it_means_to_git(tmp_path: Path, patterns: list[str]) -> None:
    assert left_out(patterns) == ignored_by_git(patterns, tmp_path)


def left_out(patterns: list[str]) -> set[str]:
    rules = Patterns(patterns)
    found = set()
    for file in FILES:
        parts = file.split("/")
        folders = ["/".join(parts[: depth + 1]) for depth in range(len(parts) - 1)]
        if any(rules.leave_out(folder, is_folder=True) for folder in folders) or rules.leave_out(
            file, is_folder=False
        ):
            found.add(file)
    return found


def ignored_by_git(patterns: list[str], folder: Path) -> set[str]:
    root = folder / "repository"
    shutil.rmtree(root, ignore_errors=True)
    for file in FILES:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()
    git = ["git", "-C", str(root), "-c", "core.excludesFile=", "-c", "core.ignoreCase=false"]
    subprocess.run([*git, "init", "-q"], check=True)
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "exclude").write_text("\n".join(patterns) + "\n")
    listing = subprocess.run(
        [*git, "ls-files", "-z", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return set(FILES) - set(listing.split("\0"))


def test_what_is_no_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'\[b-a\]' is no pattern: "):
        Patterns(["[b-a]"])
