"""Writes the TypeScript types of the API's documents, from its OpenAPI document.

python scripts/api_types.py            writes web/src/api/schema.d.ts where the API has changed
python scripts/api_types.py --check    exits with 1 where it has
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from dowse import wiring
from dowse.config import Settings

WEB = Path(__file__).parents[1] / "web"
TYPES = WEB / "src" / "api" / "schema.d.ts"


def document() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        owner = wiring.Owner(Settings(data_dir=Path(folder)), environ=os.environ, working=False)
        try:
            found: dict[str, Any] = owner.app.openapi()
        finally:
            owner.close()
    return found


def heading(found: dict[str, Any]) -> str:
    """The first line of the types. It changes with the forms, not with the version."""
    text = json.dumps(found["components"]["schemas"], sort_keys=True, ensure_ascii=False)
    made_of = hashlib.sha256(text.encode()).hexdigest()
    return f"// Made by `make console` of the API's forms with the hash {made_of}."


def is_fresh(found: dict[str, Any]) -> bool:
    return TYPES.is_file() and TYPES.read_text(encoding="utf-8").startswith(heading(found))


def write(found: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "openapi.json"), Path(folder, "schema.d.ts")
        # Only the forms: what the console asks for is written where it asks.
        source.write_text(json.dumps({**found, "paths": {}}), encoding="utf-8")
        command = ["npx", "--no-install", "openapi-typescript", str(source), "-o", str(target)]
        subprocess.run(command, cwd=WEB, check=True, stdout=subprocess.DEVNULL)
        TYPES.write_text(
            f"{heading(found)}\n{target.read_text(encoding='utf-8')}", encoding="utf-8"
        )


def main() -> int:
    found = document()
    if is_fresh(found):
        return 0
    if "--check" in sys.argv:
        print("the types of the API are older than the API: run make console")
        return 1
    write(found)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
