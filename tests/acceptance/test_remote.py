"""Another machine speaks to a server: by URL and token, and with nothing of its own disk shared."""

from __future__ import annotations

import io
import os
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import dowse
from dowse import wiring
from dowse.config import Settings
from dowse.errors import InvalidInput, NotFound, Refused, Unavailable
from dowse.sdk.client import Client
from dowse.wire.requests import SubmitRequest
from tests.acceptance.commands import Place, place_in

DOCUMENT = """
command: python train.py
metric: loss
goal: minimize
parameters:
  x: {type: double, min: 0, max: 1}
algorithm: random
limits: {trials: 1}
"""
PROGRAM = """
import json, os
assert "SECRET_OF_THE_CLIENT" not in os.environ
with open(os.environ["DOWSE_REPORT_FILE"], "a") as file:
    file.write(json.dumps({"step": 1, "loss": float(open("data/value").read())}) + "\\n")
"""


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[wiring.Owner]:
    settings = Settings(data_dir=tmp_path / "data", python=sys.executable, max_code_mb=1)
    owner = wiring.Owner(settings, environ=os.environ)
    yield owner
    owner.close()


@pytest.fixture
def client(owner: wiring.Owner) -> Iterator[Client]:
    with dowse.connect(owner.url, token=owner.secrets.token) as server:
        yield server.client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    (folder / "data").mkdir(parents=True)
    (folder / "train.py").write_text(PROGRAM)
    (folder / "data" / "value").write_text("0.25")
    return folder


def wait_for(client: Client, name: str, state: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        progress = client.progress(name, wait_s=0.2)
        if progress["job"]["state"] == state:
            return progress
    raise AssertionError(f"{name} is {progress['job']}")


def test_a_job_of_another_machine_runs_on_the_server_with_its_code_and_not_its_environment(
    owner: wiring.Owner, client: Client, folder: Path
) -> None:
    environment = {**os.environ, "SECRET_OF_THE_CLIENT": "1"}
    request = SubmitRequest(
        document=DOCUMENT, folder=str(folder), name="far", environment=environment
    )
    client.submit(request)
    wait_for(client, "far", "succeeded")
    assert client.job("far")["best"]["objective"] == 0.25
    assert any(owner.folders.uploads.iterdir())
    client.delete("far")
    assert not any(owner.folders.uploads.iterdir())


def test_a_client_without_the_token_is_told_how_to_get_it(owner: wiring.Owner) -> None:
    with pytest.raises(Refused, match=r"nothing says who is asking: send the owner's token"):
        dowse.connect(owner.url)
    with pytest.raises(Refused, match="this token opens nothing here"):
        dowse.connect(owner.url, token="not-this-one")


def test_a_server_that_is_not_there_and_an_address_that_is_none_are_named() -> None:
    with pytest.raises(Unavailable, match=r"no Dowse answers: http://127.0.0.1:9: "):
        dowse.connect("http://127.0.0.1:9")
    with pytest.raises(InvalidInput, match="url: must be the address of a server"):
        dowse.connect("tuning.example")


def upload(owner: wiring.Owner, content: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {owner.secrets.token}"}
    return httpx.post(f"{owner.url}/api/v1/uploads", content=content, headers=headers)


def test_an_upload_past_the_limit_leaves_nothing_behind(owner: wiring.Owner) -> None:
    pieces = (bytes(100_000) for _ in range(30))
    for content in (bytes(3_000_000), pieces):
        answer = upload(owner, content)
        assert answer.status_code == 413
        assert "larger than 1 MB (max_code_mb)" in answer.json()["detail"]
    assert not any(owner.folders.uploads.iterdir())


def test_an_archive_that_reaches_out_is_refused_with_its_name(owner: wiring.Owner) -> None:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../escaped"))
    answer = upload(owner, content.getvalue())
    assert answer.status_code == 422
    assert "'../../escaped'" in answer.json()["detail"]
    assert not any(owner.folders.uploads.iterdir())


@pytest.mark.parametrize("upload_id", ["0" * 32, "..", "../jobs", "x"])
def test_an_upload_that_is_not_there_is_not_found(client: Client, upload_id: str) -> None:
    with pytest.raises(NotFound, match="there is no upload"):
        client.submit(SubmitRequest(document=DOCUMENT, upload=upload_id))


def test_the_command_line_speaks_to_the_server_that_a_variable_names(tmp_path: Path) -> None:
    with place_in(tmp_path) as place:
        place.program('report(1, score=float(P["X"]))', trials=2)
        server = Settings(data_dir=tmp_path / "server", python=sys.executable)
        owner = wiring.Owner(server, environ=os.environ)
        try:
            far = {"DOWSE_URL": owner.url, "DOWSE_TOKEN": owner.secrets.token}
            with pytest.MonkeyPatch.context() as patch:
                for name, value in far.items():
                    patch.setenv(name, value)
                _use(place)
        finally:
            owner.close()
        assert not place.data.exists()


def _use(place: Place) -> None:
    document = place.document("run", "job.yaml", "--name", "over-there", "--quiet")
    assert document["state"] == "succeeded"
    listed = place.dowse("jobs", "list").stdout
    assert "over-there" in listed
    shown = place.document("jobs", "show", "over-there")
    assert len(shown["trials"]) == 2
