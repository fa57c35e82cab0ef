"""Users' programs, run as trials by the installed command in the environment of their client."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.acceptance.commands import Place, by_number, finish
from tests.compat.environments import python

CLIENTS = Path(__file__).parent / "clients"
PATIENCE_S = 240.0
"""Large libraries take long to import on a busy machine."""


def tune(place: Place, client: str, program: str, job: str, *, code: int = 0) -> dict[int, Any]:
    """The trials of a job over `program`, by number; `job` is a document that runs `train.py`."""
    shutil.copy(CLIENTS / program, place.folder / "train.py")
    (place.folder / "job.yaml").write_text(job)
    words = ["job.yaml", "--name", "tune", "--python", str(python(client))]
    return by_number(run(place, *words, code=code))


def run(place: Place, *words: str, code: int = 0) -> Any:
    """The document of a job that was run to its end."""
    done = finish(place.start("run", *words, "--json"), code=code, patience_s=PATIENCE_S)
    return json.loads(done.stdout)


def shown(place: Place, number: int) -> Any:
    """A trial with everything that it reported."""
    return place.document("trials", "show", "tune", str(number))


def values(trial: Any, metric: str) -> list[Any]:
    return [report["value"] for report in trial["metrics"].get(metric, [])]
