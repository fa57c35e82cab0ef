"""How the console's pages are served: what a browser may keep, and what it may run."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterator

import httpx
import pytest

from dowse import wiring
from dowse.config import Settings


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[wiring.Owner]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("owner") / "data")
    owner = wiring.Owner(settings, environ=os.environ, working=False)
    yield owner
    owner.close()


@pytest.fixture
def web(owner: wiring.Owner) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=owner.url) as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/", "/jobs", "/jobs/new", "/jobs/x/trials/3", "/workers", "/login"]
)
def test_every_address_of_the_console_is_the_one_page(web: httpx.Client, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 200
    assert '<div id="app">' in answer.text
    assert answer.headers["cache-control"] == "no-cache"


def test_an_address_that_is_nobodys_is_no_page_of_the_console(owner: wiring.Owner) -> None:
    bearer = {"Authorization": f"Bearer {owner.secrets.token}"}
    for path in ("/api/v1/nothing", "/api/v2/jobs", "/nothing", "/assets/nothing.js"):
        answer = httpx.get(owner.url + path, headers=bearer)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_page_runs_only_what_comes_in_files_of_ours(web: httpx.Client) -> None:
    answer = web.get("/jobs")
    policy = dict(
        rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)
    assert answer.headers["x-content-type-options"] == "nosniff"
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", answer.text, re.DOTALL)
    assert scripts
    assert all("src=" in attributes and not text for attributes, text in scripts)
    assert "<style" not in answer.text


def test_files_with_a_hash_in_their_names_are_kept_for_good_and_packed(web: httpx.Client) -> None:
    found = re.findall(r'(?:src|href)="(/assets/[^"]+)"', web.get("/jobs").text)
    assert any(path.endswith(".js") for path in found)
    for path in found:
        plain = web.get(path, headers={"Accept-Encoding": "identity"})
        assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
        with web.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as packed:
            raw = b"".join(packed.iter_raw())
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(raw) == plain.content
        assert len(raw) < 0.7 * len(plain.content)


def test_a_page_that_has_not_changed_is_not_sent_again(web: httpx.Client) -> None:
    tag = web.get("/jobs").headers["etag"]
    again = web.get("/jobs", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert web.get("/theme.js").headers["content-type"] == "text/javascript; charset=utf-8"


def test_the_licences_of_what_the_pages_are_made_of_come_with_them(web: httpx.Client) -> None:
    text = web.get("/THIRD_PARTY_LICENSES.txt").text
    for name in ("preact ", "@preact/signals ", "d3-format ", "@fontsource-variable/inter "):
        assert f"\n{name}" in text
    assert "SIL OPEN FONT LICENSE" in text.upper()
