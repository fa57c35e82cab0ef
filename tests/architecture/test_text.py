"""Nothing published speaks of one machine, of a registry's address, or of unfinished work."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Each word is put together here so that this file does not offend against itself.
HOSTS = ("pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "registry." + "yarnpkg")
OFFENCES = {
    "a path of one machine": re.compile(
        r"(?<![\w.])/(?:ro" + r"ot|ho" + r"me/\w+|Us" + r"ers/\w+)/"
    ),
    "a registry's address": re.compile("|".join(map(re.escape, HOSTS))),
    "unfinished work": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b"),
}
INDEX_OPTION = re.compile(r"^\s*(?:-i|-f|--index-url|--extra-index-url|--find-links)\b|://", re.M)


def offences(text: str) -> list[str]:
    """One line for each thing that must not be there: line number, what it is, the words."""
    return [
        f"{number}: {what}: {match.group()}"
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in OFFENCES.items()
        if (match := pattern.search(line))
    ]


def published_files() -> list[Path]:
    """Files that git tracks or would track."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def test_published_text_names_no_machine_no_registry_and_no_unfinished_work() -> None:
    found = []
    for path in published_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # Pictures and recorded event files.
        found += [f"{path.relative_to(ROOT)}:{offence}" for offence in offences(text)]
    assert found == []


def test_pinned_requirements_have_hashes_and_no_index_address() -> None:
    files = sorted((ROOT / "requirements").glob("*.txt"))
    assert [f.name for f in files] == ["build.txt", "core.txt", "dev.txt", "lock.txt"]
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not INDEX_OPTION.search(text), path.name
        pins = re.findall(r"^[a-z0-9].*", text, re.M)
        assert all("==" in pin and pin.endswith("\\") for pin in pins), path.name


@pytest.mark.parametrize(
    ("line", "offence"),
    [
        ("cd /ro" + "ot/dowse", "1: a path of one machine: /ro" + "ot/"),
        ("see '/ho" + "me/ann/x.py'", "1: a path of one machine: /ho" + "me/ann/"),
        ("from " + HOSTS[0], "1: a registry's address: " + HOSTS[0]),
        ("# TO" + "DO: later", "1: unfinished work: TO" + "DO"),
    ],
)
def test_an_offence_is_named_with_its_line(line: str, offence: str) -> None:
    assert offences(line) == [offence]


def test_ordinary_paths_and_words_are_no_offence() -> None:
    assert offences("src/home/page /srv/root/x /root method todo") == []


@pytest.mark.parametrize(
    "line", ["--index-url https://x", "  -f wheels", "numpy @ https://x/n.whl"]
)
def test_an_index_address_in_requirements_is_found(line: str) -> None:
    assert INDEX_OPTION.search(f"numpy==2.0 \\\n{line}\n")
