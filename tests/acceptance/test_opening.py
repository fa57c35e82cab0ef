"""A browser that is opened by the command is logged in, and at the job."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.acceptance.commands import finish, place_in, wait_until

pytestmark = pytest.mark.acceptance

# Stands in for a browser: it writes down where it was sent.
BROWSER = """
import pathlib, sys
pathlib.Path(sys.argv[1]).write_text(sys.argv[2])
"""


def test_a_job_that_runs_is_opened_where_it_is_and_only_for_one_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place_in(tmp_path) as place:
        opened, seen = place.folder / "opened", place.folder / "seen"
        (place.folder / "browser.py").write_text(BROWSER)
        program = f"{sys.executable} {place.folder / 'browser.py'} {opened} %s"
        place.program(f"wait_for({str(seen)!r})\nreport(1, score=1.0)\n", trials=1)
        monkeypatch.setenv("BROWSER", program)
        run = place.start("run", "job.yaml", "--name", "looked-at", "--open")
        wait_until(lambda: opened.exists() and opened.read_text() != "", "the browser is opened")
        address = urlsplit(opened.read_text())
        assert parse_qs(address.query) == {"next": ["/jobs/looked-at"]}
        code = address.fragment.removeprefix("once=")
        with httpx.Client(base_url=f"http://{address.netloc}") as browser:
            assert browser.post("/login", json={"code": code}).status_code == 200
            assert browser.get("/api/v1/jobs/looked-at").json()["state"] == "running"
            assert '<div id="app">' in browser.get("/jobs/looked-at").text
            assert browser.post("/login", json={"code": code}).status_code == 401
            refused = browser.post(
                "/api/v1/invitations",
                params={"path": "//elsewhere.example"},
                headers={"Origin": f"http://{address.netloc}"},
            )
            assert refused.status_code == 422
        seen.touch()
        finish(run, code=0)


def test_without_a_server_there_is_nothing_to_open_and_it_says_what_to_start(
    tmp_path: Path,
) -> None:
    with place_in(tmp_path) as place:
        refused = place.dowse("open", code=5)
        assert "start `dowse serve`, which also prints the address of the console" in refused.stderr
        server = place.start("serve")
        wait_until((place.data / "owner.json").exists, "the server is there")
        assert "/login?next=%2Fjobs#once=" in place.dowse("open", "--print").stdout
        assert "/login?next=%2Fjobs#once=" in place.document("open")["url"]
        missing = place.dowse("open", "no-such-job", "--print", code=2)
        assert "no-such-job" in missing.stderr
        server.terminate()
        finish(server, code=0)
