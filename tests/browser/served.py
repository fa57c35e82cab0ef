"""A server that is a process of its own, with a job of real programs, as a user has them."""

from __future__ import annotations

import contextlib
import json
import subprocess
from dataclasses import dataclass

from dowse.sdk.client import Client
from dowse.wire.requests import SubmitRequest
from tests.acceptance.commands import REPORT, Place, wait_until
from tests.acceptance.processes import Process

HOSTILE = '<img src=x onerror="globalThis.__pwned=1"><script>globalThis.__pwned=2</script>'
NAME = "<script>globalThis.__pwned++</script><b>"
"""As hostile as the name of a parameter can be: it has no `=`."""
LINES = 20_000
PROGRAM = f"""
HOSTILE = {HOSTILE!r}
FLAGS = os.environ["FLAGS"]
if N == 1:
    print("begin", HOSTILE, flush=True)
    wait_for(FLAGS + "/flag-log")
    for line in range({LINES}):
        print(f"epoch {{line:05d}} \\033[32mloss {{1 / (line + 1):.6f}}\\033[0m ✓")
        if line % 1000 == 0:
            sys.stdout.flush()
            time.sleep(0.08)
    for percent in range(101):
        print(f"\\r{{percent:3d}} % |{{'#' * (percent // 10):10}}|", end="", flush=True)
    print(flush=True)
    wait_for(FLAGS + "/flag-more")
    print("after the wait", flush=True)
if N == 2:
    print(HOSTILE)
    sys.exit(HOSTILE)
report(1, score=float(P["X"]), **{{HOSTILE: 1.5}})
if N in (1, 4, 7):
    wait_for(FLAGS + "/flag-go")
with open(HOSTILE.replace("/", "") + ".html", "w") as file:
    file.write(HOSTILE)
"""
JOB = """
command: python train.py
metric: score
goal: maximize
parameters:
  x: {type: double, min: 0, max: 1}
  CATEGORY: [CHOICE, b]
algorithm: random
env: {FLAGS: FOLDER}
limits: {trials: 9, parallel: 3}
"""


@dataclass
class Server:
    """`dowse serve` over a folder; it may die and come back."""

    place: Place
    process: Process

    @classmethod
    def begun(cls, place: Place) -> Server:
        server = cls(place=place, process=place.start("serve", stdout=subprocess.DEVNULL))
        server.wait()
        return server

    @property
    def url(self) -> str:
        found: str = json.loads((self.place.data / "owner.json").read_text())["url"]
        return found

    @property
    def token(self) -> str:
        return (self.place.data / "token").read_text().strip()

    def client(self) -> Client:
        return Client(self.url, token=self.token)

    def wait(self) -> None:
        def answers() -> bool:
            with contextlib.suppress(Exception), self.client() as client:
                return bool(client.health())
            return False

        wait_until(answers, "the server answers")

    def kill(self) -> None:
        """As a machine that fails does it; what the trials do goes on."""
        self.process.kill()
        self.process.communicate()

    def end(self) -> None:
        self.process.terminate()
        self.process.communicate()

    def again(self) -> None:
        self.process = self.place.start("serve", stdout=subprocess.DEVNULL)
        self.wait()


def submit_lab(server: Server) -> None:
    """The job `lab`, whose trials wait for flags."""
    place = server.place
    (place.folder / "train.py").write_text(REPORT + PROGRAM)
    document = JOB.replace("FOLDER", str(place.folder)).replace("CATEGORY", repr(NAME))
    request = SubmitRequest(
        document=document.replace("CHOICE", repr(HOSTILE)), folder=str(place.folder), name="lab"
    )
    with Client(place.data / "dowse.sock") as client:
        client.submit(request)
