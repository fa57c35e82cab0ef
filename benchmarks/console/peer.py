"""optuna-dashboard and the console with the same studies, page by page in turns."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.console.browsing import chromium, fresh, middle, there_ms, url_of
from benchmarks.console.opening import MEANINGFUL
from benchmarks.console.studies import drawn, name_of, served
from benchmarks.engine import environments
from benchmarks.foundation.command import environment, scratch
from benchmarks.report import Row
from benchmarks.service.servers import end_group, free_port, wait_for

ENVIRONMENT = "optuna_dashboard"
SIZES = (1_000, 10_000)
FILLING = Path(__file__).parents[1] / "peers" / ENVIRONMENT / "filling.py"
# The history of its first page, once Plotly has drawn it.
DRAWN = "#plot-history .main-svg"


def measure_peer(*, quick: bool) -> list[Row]:
    rows = []
    for size in SIZES[:1] if quick else SIZES:
        ours, theirs = _in_turns(size, repeats=2 if quick else 3)
        name = f"opening a study of {size:,} trials: best trial and history painted"
        peer = f"optuna-dashboard {middle(theirs):.3g}"
        rows.append(Row(name=name, value=middle(ours), unit="s", peer=peer))
    return rows


def _in_turns(size: int, *, repeats: int) -> tuple[list[float], list[float]]:
    """Seconds of each opening, ours and theirs. The first of both only warms up."""
    ours, theirs = [], []
    with (
        scratch() as folder,
        _dashboard(folder, size) as dashboard,
        served(size) as server,
        chromium() as browser,
    ):
        for _ in range(repeats + 1):
            with fresh(browser, server) as page:
                address = f"{url_of(server)}/jobs/{name_of(size)}"
                ours.append(there_ms(page, address, *MEANINGFUL) / 1000)
            with fresh(browser) as page:
                address = f"{dashboard}/dashboard/studies/1"
                theirs.append(there_ms(page, address, DRAWN) / 1000)
    return ours[1:], theirs[1:]


@contextlib.contextmanager
def _dashboard(folder: Path, size: int) -> Iterator[str]:
    """The peer's server over its own SQLite storage with the same trials, ready."""
    python, port = environments.python(ENVIRONMENT), free_port()
    storage, log = f"sqlite:///{folder}/optuna.db", folder / "dashboard.log"
    subprocess.run(
        [str(python), str(FILLING), storage],
        input="\n".join(lines(size)),
        text=True,
        check=True,
        env=environment(),
    )
    words = [str(python.with_name("optuna-dashboard")), storage, "--port", str(port)]
    with log.open("w") as output:
        server = subprocess.Popen(
            [*words, "--host", "127.0.0.1"],
            cwd=folder,
            stdout=output,
            stderr=output,
            env=environment(),
            start_new_session=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/dashboard/", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        end_group(server)


def lines(size: int) -> Iterator[str]:
    """The trials of a study as it is filled for the console: seeded alike."""
    rng = random.Random(0)
    for _ in range(size):
        parameters = dict(drawn(rng))
        yield json.dumps([parameters, rng.random()])
