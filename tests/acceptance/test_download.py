"""What trials leave behind, brought home by the command as a person types it."""

import io
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dowse import wiring
from dowse.config import Settings
from dowse.errors import InvalidInput, NotFound
from dowse.service.folders import DataDirectory
from dowse.service.owner import read_card
from tests.acceptance.commands import Place, place_in

pytestmark = pytest.mark.acceptance

SWEEP = """
type: sweep
trial:
  command: python train.py ${{search_space.x}} ${{outputs.model}} ${{outputs.card}}
  environment: azureml:any@latest
outputs:
  model: {type: uri_folder}
  card: {type: uri_file}
search_space:
  x: {type: choice, values: [1, 2, 3]}
sampling_algorithm: grid
objective: {goal: maximize, primary_metric: score}
limits: {max_total_trials: 3, max_concurrent_trials: 1}
"""

PROGRAM = """
x, model, card = sys.argv[1:]
print("x is", x)
os.makedirs(model + "/deep")
open(model + "/deep/weights.bin", "wb").write(x.encode() * 2_000_000)
open(card, "w").write("card of " + x)
open("data.txt", "a").write("changed") if x == "2" else None
os.makedirs("outputs")
open("outputs/plot.svg", "w").write("<svg/>")
os.symlink("/etc/passwd", "outputs/secret")
report(1, score=-abs(float(x) - 2))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place_in(tmp_path_factory.mktemp("downloads")) as found:
        found.program(PROGRAM)
        (found.folder / "data.txt").write_text("own\n")
        (found.folder / "sweep.yml").write_text(SWEEP)
        found.dowse("run", "sweep.yml", "--name", "s", "--quiet")
        yield found


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


LOGS = {"hd-artifacts/events.jsonl", "hd-artifacts/job.log"}
ARTIFACTS = {"artifacts/logs/log.txt", "artifacts/data.txt", "artifacts/outputs/plot.svg"}


def test_without_more_the_artifacts_of_the_best_trial_and_the_job_s_log_come(place: Place) -> None:
    told = place.dowse("download", "s", "--download-path", "home", "--quiet")
    home = place.folder / "home"
    assert told.stdout == f"5 files of trial 2 of s in {home}\n"
    assert files(home) == LOGS | ARTIFACTS
    assert (home / "artifacts/logs/log.txt").read_text() == "x is 2\n"
    assert (home / "artifacts/data.txt").read_text() == "own\nchanged"
    assert "trial 2 succeeded with" in (home / "hd-artifacts/job.log").read_text()
    first = (home / "hd-artifacts/events.jsonl").read_text().splitlines()[0]
    assert json.loads(first)["event"]["kind"] == "job_submitted"


def test_one_output_comes_alone(place: Place) -> None:
    place.dowse("download", "s", "--output-name", "model", "-p", "model", "-q")
    assert files(place.folder / "model") == {"named-outputs/model/deep/weights.bin"}
    weights = place.folder / "model/named-outputs/model/deep/weights.bin"
    assert weights.read_bytes() == b"2" * 2_000_000
    place.dowse("download", "s", "--output-name", "card", "-p", "card", "-q")
    assert (place.folder / "card/named-outputs/card/card").read_text() == "card of 2"


def test_everything_comes_of_any_trial(place: Place) -> None:
    document = place.document("download", "s", "--all", "--trial", "1", "-p", "all", "-q")
    named = {"named-outputs/model/deep/weights.bin", "named-outputs/card/card"}
    expected = LOGS | (ARTIFACTS - {"artifacts/data.txt"}) | named
    assert files(place.folder / "all") == expected
    assert {str(Path(path).relative_to("all")) for path in document["files"]} == expected
    assert (document["trial"], document["elsewhere"]) == (1, None)


def test_what_is_not_there_is_told_with_what_is(place: Place) -> None:
    refused = place.dowse("download", "s", "--output-name", "modle", code=2)
    assert refused.stderr == "s has no output 'modle'; there are model, card\n"
    refused = place.dowse("download", "s", "--trial", "9", code=2)
    assert "has no trial 9; the last one is 3" in refused.stderr
    refused = place.dowse("download", "s", "--all", "--output-name", "model", code=2)
    assert refused.stderr == "name one output or ask for everything, not both\n"
    (place.folder / "file").write_text("mine")
    refused = place.dowse("download", "s", "-p", "file", "-q", code=2)
    assert refused.stderr.endswith(": cannot be written: Not a directory\n")


ELSEWHERE: tuple[tuple[str, str | None], ...] = (
    ("../launch.json", None),
    ("../../../../../etc/passwd", None),
    ("/etc/passwd", None),
    ("outputs/secret", None),
    ("outputs/../../log.txt", None),
    ("outputs\\plot.svg", None),
    ("outputs/%2e%2e/%2e%2e/launch.json", None),
    ("a\0b", None),
    ("", None),
    ("outputs", None),
    ("../card", "model"),
    ("model/deep/weights.bin", "card"),
    ("deep/weights.bin", "../outputs/model"),
)


def test_only_what_the_trial_left_can_be_asked_for(place: Place) -> None:
    settings = Settings(data_dir=place.data)
    with wiring.door(settings, environ=os.environ, working=False) as client:
        assert b"<svg/>" in b"".join(client.output_file("s", 1, "outputs/plot.svg"))
        for path, output in ELSEWHERE:
            with pytest.raises((NotFound, InvalidInput)):
                b"".join(client.output_file("s", 1, path, output=output))


def test_a_file_is_served_as_data_and_never_as_a_page(place: Place) -> None:
    settings = Settings(data_dir=place.data)
    with wiring.door(settings, environ=os.environ, working=False):
        card = read_card(DataDirectory(place.data))
        assert card is not None
        with httpx.Client(transport=httpx.HTTPTransport(uds=card.socket)) as raw:
            answer = raw.get(
                "http://dowse/api/v1/jobs/s/trials/1/outputs/file",
                params={"path": "outputs/plot.svg"},
            )
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''plot.svg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox")


def test_everything_comes_as_one_archive_and_a_file_in_part(place: Place) -> None:
    settings = Settings(data_dir=place.data)
    with wiring.door(settings, environ=os.environ, working=False):
        card = read_card(DataDirectory(place.data))
        assert card is not None
        with httpx.Client(transport=httpx.HTTPTransport(uds=card.socket)) as raw:
            base = "http://dowse/api/v1/jobs/s/trials/2/outputs"
            whole = raw.get(f"{base}/archive")
            part = raw.get(f"{base}/file", params={"path": "logs/log.txt", "limit": 4})
    assert part.content == b"x is"
    assert whole.headers["content-disposition"] == "attachment; filename*=UTF-8''s-2.zip"
    with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
        assert set(archive.namelist()) == {
            "logs/log.txt",
            "data.txt",
            "outputs/plot.svg",
            "named-outputs/model/deep/weights.bin",
            "named-outputs/card/card",
        }
        assert archive.read("named-outputs/model/deep/weights.bin") == b"2" * 2_000_000
