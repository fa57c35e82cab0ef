"""The TCP door of a real owner: who may come in, and what everybody else is told."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.routing import Route

from dowse import wiring
from dowse.api import connections, console
from dowse.config import Settings
from dowse.domain.trial import Trial

PUBLIC = {"/healthz", "/login", "/logout", "/$discovery/rest"}
CONSOLE = tuple(f"{place}/" for place in (console.ASSETS, *console.PAGES, *console.FILES))
FOR_TRIALS = ("/api/v1/report", "/mlflow", "/openbayes")


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[wiring.Owner]:
    folder = tmp_path_factory.mktemp("owner")
    settings = Settings(data_dir=folder / "data", max_body_mb=1, body_timeout_s=1.0)
    owner = wiring.Owner(settings, environ=os.environ, working=False)
    yield owner
    owner.close()


@pytest.fixture
def web(owner: wiring.Owner) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=owner.url) as client:
        yield client


def is_public(path: str) -> bool:
    """Whether everybody may come; the console's pages hold nothing of anybody."""
    return path in PUBLIC or path == "/" or f"{path}/".startswith(CONSOLE)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def trial_token(owner: wiring.Owner) -> str:
    trial = Trial(job_id=1, job="tune", number=1, parameters={}, created_at=0.0)
    return owner.trial_door.tokens.token(trial)


def routes(owner: wiring.Owner) -> list[tuple[str, str]]:
    """(method, path) of everything that is served, with something in every place of a path."""
    found = []
    for route in owner.app.routes:
        assert isinstance(route, Route), f"{route} is no plain route: cover it here"
        path = re.sub(r"{\w+(:path)?}", "1", route.path)
        found += [(method, path) for method in sorted(route.methods or ())]
    return found


def test_every_route_but_health_and_login_denies_whoever_shows_no_token(
    owner: wiring.Owner, web: httpx.Client
) -> None:
    walked = routes(owner)
    assert len(walked) > 15
    for method, path in walked:
        answer = web.request(method, path)
        denied = answer.status_code == 401 and "www-authenticate" in answer.headers
        assert denied is not is_public(path), f"{method} {path}: {answer.status_code}"
    assert web.get("/no/such/path").status_code == 401


def test_the_token_of_a_trial_opens_nothing_of_the_owners(
    owner: wiring.Owner, web: httpx.Client
) -> None:
    for method, path in routes(owner):
        if is_public(path) or path.startswith(FOR_TRIALS):
            continue
        answer = web.request(method, path, headers=bearer(trial_token(owner)))
        assert answer.status_code == 403, f"{method} {path}"
        if method != "HEAD":
            assert "is not open to it" in answer.text


def basic(password: str) -> dict[str, str]:
    pair = base64.b64encode(f"anyone:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def test_the_owners_token_opens_the_door_in_every_clothing(
    owner: wiring.Owner, web: httpx.Client
) -> None:
    token = owner.secrets.token
    for headers in (bearer(token), basic(token), {"Authorization": f"bearer  {token}"}):
        assert web.get("/api/v1/jobs", headers=headers).json() == {"jobs": [], "next": None}


def test_wrong_tokens_are_told_so_and_soon_have_to_wait(
    owner: wiring.Owner,
) -> None:
    # From an address of its own: the other tests must not have to wait.
    transport = httpx.HTTPTransport(local_address="127.0.0.2")
    web = httpx.Client(base_url=owner.url, transport=transport)
    wrong: list[dict[str, str]] = [
        bearer("wrong"),
        bearer("x" * 5000),
        basic("wrong"),
        {"Authorization": "Basic ???"},
        {"Authorization": "Digest x"},
    ]
    answers = [web.get("/api/v1/jobs", headers=wrong[i % 5]) for i in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert answers[0].headers["www-authenticate"].startswith("Bearer")
    assert "this token opens nothing here" in answers[0].json()["detail"]
    assert int(answers[-1].headers["retry-after"]) <= 60
    # Who knows the token is not kept out by those who do not.
    right = bearer(owner.secrets.token)
    assert web.get("/api/v1/jobs", headers=right).status_code == 200
    web.close()


HOSTS = [
    "evil.example",
    "127.0.0.1.evil.example:{port}",
    "localhost",
    "localhost:1",
    "localhost?:{port}",
    "127.0.0.1:{port}/",
    "127.0.0.1:{port}?x",
    "foo/@127.0.0.1:{port}",
    "user@127.0.0.1:{port}",
    "127.0.0.1.:{port}",
    "2130706433:{port}",
    "0x7f.1:{port}",
    "[::ffff:127.0.0.1]:{port}",
    "127.0.0.1:{port}, evil.example",
    "",
]


@pytest.mark.parametrize("host", HOSTS)
def test_a_name_that_is_not_ours_is_misdirected_even_with_the_token(
    owner: wiring.Owner, host: str
) -> None:
    port = urlsplit(owner.url).port
    status = raw(owner, f"Host: {host.format(port=port)}\r\n")
    assert status in (400, 421)


def test_two_host_headers_or_none_are_refused(owner: wiring.Owner) -> None:
    port = urlsplit(owner.url).port
    ours = f"Host: 127.0.0.1:{port}\r\n"
    assert raw(owner, ours) == 200
    assert raw(owner, ours + ours) in (400, 421)
    assert raw(owner, "") in (400, 421)


def raw(owner: wiring.Owner, headers: str) -> int:
    """The status for a request that no client library would send."""
    place = urlsplit(owner.url)
    with socket.create_connection((place.hostname, place.port), timeout=5) as connection:
        token = f"Authorization: Bearer {owner.secrets.token}\r\n"
        text = f"GET /api/v1/jobs HTTP/1.1\r\n{headers}{token}Connection: close\r\n\r\n"
        connection.sendall(text.encode())
        return int(connection.recv(4096).split()[1])


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"]
)
def test_a_page_of_another_site_changes_nothing(
    owner: wiring.Owner, web: httpx.Client, method: str, origin: str
) -> None:
    headers = {**bearer(owner.secrets.token), "Origin": origin}
    answer = web.request(method, "/api/v1/jobs/x", headers=headers)
    assert answer.status_code == 403
    assert f"its origin '{origin}' is not this server" in answer.json()["detail"]
    # Nor may it log somebody in.
    assert web.post("/login", json={}, headers={"Origin": origin}).status_code == 403


def log_in(owner: wiring.Owner, web: httpx.Client) -> None:
    answer = web.post("/login", json={"token": owner.secrets.token})
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert owner.secrets.token not in cookie


def test_a_browser_that_logged_in_may_look_and_with_our_origin_act(
    owner: wiring.Owner, web: httpx.Client
) -> None:
    log_in(owner, web)
    assert web.get("/api/v1/jobs").status_code == 200
    assert web.post("/api/v1/jobs/x/cancel").status_code == 403
    own = {"Origin": owner.url}
    assert web.post("/api/v1/jobs/x/cancel", headers=own).status_code == 404
    crossing = {**own, "Sec-Fetch-Site": "cross-site"}
    assert web.post("/api/v1/jobs/x/cancel", headers=crossing).status_code == 403


def test_a_session_ends_with_logging_out_wherever_its_cookie_is(
    owner: wiring.Owner, web: httpx.Client
) -> None:
    log_in(owner, web)
    cookies = dict(web.cookies)
    assert web.post("/logout").headers["location"] == "/login"
    with httpx.Client(base_url=owner.url, cookies=cookies) as other:
        assert other.get("/api/v1/jobs").status_code == 401


def test_a_login_form_leads_on_to_our_own_pages_only(
    owner: wiring.Owner, web: httpx.Client
) -> None:
    for wanted, given in [("/jobs/x?y=1", "/jobs/x?y=1"), ("//evil.example", "/"), ("x", "/")]:
        answer = web.post("/login", params={"next": wanted}, data={"token": owner.secrets.token})
        assert (answer.status_code, answer.headers["location"]) == (303, given)


def test_a_one_time_code_logs_one_browser_in_once(owner: wiring.Owner, web: httpx.Client) -> None:
    code = owner.invitation().partition("#once=")[2]
    assert web.post("/login", json={"code": code}).status_code == 200
    assert web.get("/api/v1/jobs").status_code == 200
    again = web.post("/login", json={"code": code})
    assert again.status_code == 401
    assert "nor an open code" in again.json()["detail"]
    url = web.post(
        "/api/v1/invitations", headers={**bearer(owner.secrets.token), "Origin": owner.url}
    ).json()["url"]
    assert url.startswith(f"{owner.url}/login?next=%2F#once=")
    assert web.post("/login", json={"code": url.partition("#once=")[2]}).status_code == 200


def post(owner: wiring.Owner, web: httpx.Client, **body: Any) -> httpx.Response:
    headers = {**bearer(owner.secrets.token), "Content-Type": "application/json"}
    return web.post("/api/v1/jobs", headers={**headers, **body.pop("headers", {})}, **body)


def test_bodies_are_limited_in_size_whether_it_is_announced_or_not(
    owner: wiring.Owner, web: httpx.Client
) -> None:
    large = b" " * 10_000_000
    pieces = (large[:100_000] for _ in range(100))
    for body in (large, pieces):
        answer = post(owner, web, content=body)
        assert answer.status_code == 413
        assert answer.json()["detail"] == "the body is larger than 1 MB (max_body_mb)"


def test_who_is_refused_while_sending_is_told_at_once_and_not_cut_off(owner: wiring.Owner) -> None:
    place = urlsplit(owner.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        head = (
            f"POST /api/v1/jobs HTTP/1.1\r\nHost: {place.netloc}\r\n"
            f"Content-Length: 10000000\r\nAuthorization: Bearer {owner.secrets.token}\r\n\r\n"
        )
        connection.sendall(head.encode() + b" " * 1000)
        answer = b""
        while b"(max_body_mb)" not in answer:
            piece = connection.recv(4096)
            assert piece, answer
            answer += piece
        assert b"413" in answer.splitlines()[0]
        connection.sendall(b" " * 9_999_000)
        assert b"".join(iter(lambda: connection.recv(4096), b"")).strip(b'",:[]}{problems') == b""


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '"' + '\\"' * 400_000])
def test_json_that_nests_deep_or_never_ends_is_refused_at_once(
    owner: wiring.Owner, web: httpx.Client, text: str
) -> None:
    answer = post(owner, web, content=text)
    assert answer.status_code == 422
    assert answer.elapsed.total_seconds() < 2


def test_brackets_inside_texts_do_not_count_as_depth(
    owner: wiring.Owner, web: httpx.Client
) -> None:
    answer = post(owner, web, json={"document": "[" * 1000 + '\\"', "folder": "/x"})
    assert "nests deeper" not in answer.text


def test_a_compressed_body_is_not_unfolded(owner: wiring.Owner, web: httpx.Client) -> None:
    answer = post(owner, web, content=b"x", headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415


def test_a_body_that_does_not_arrive_is_not_waited_for(owner: wiring.Owner) -> None:
    place = urlsplit(owner.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        head = (
            f"POST /api/v1/jobs HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 100\r\n"
            f"Authorization: Bearer {owner.secrets.token}\r\n\r\n{{"
        )
        connection.sendall(head.encode())
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert b"408" in answer.splitlines()[0]
    assert b"body_timeout_s" in answer


def test_the_next_owner_has_the_same_port_and_the_same_token(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    found = []
    for _ in range(2):
        owner = wiring.Owner(settings, environ=os.environ, working=False)
        found.append((owner.trial_door.url, owner.secrets.token))
        owner.close()
    assert found[0] == found[1]


def test_a_port_that_was_taken_meanwhile_is_replaced(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    first = wiring.Owner(settings, environ=os.environ, working=False)
    first.close()
    with socket.create_server(("127.0.0.1", urlsplit(first.url).port)):
        owner = wiring.Owner(settings, environ=os.environ, working=False)
    assert owner.url != first.url
    assert httpx.get(f"{owner.url}/healthz").json()["status"] == "ok"
    owner.close()


def test_a_head_without_end_is_cut_off(owner: wiring.Owner) -> None:
    place = urlsplit(owner.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        answer = b""
        with contextlib.suppress(ConnectionError):
            for _ in range(100):
                connection.sendall(b"X-Filler: " + b"x" * 1000 + b"\r\n")
            answer = connection.recv(4096)
    assert answer == b"" or b"431" in answer.splitlines()[0]


def test_a_head_that_is_too_large_is_refused_also_when_it_arrives_whole(
    owner: wiring.Owner,
) -> None:
    place = urlsplit(owner.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        lines = f"GET /healthz HTTP/1.1\r\nHost: {place.netloc}\r\nX: {'a' * 66_000}\r\n\r\n"
        connection.sendall(lines.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 431 ")


def test_a_head_that_comes_byte_by_byte_is_not_waited_for(
    owner: wiring.Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_TIMEOUT_S", 0.5)
    place = urlsplit(owner.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - began < 8:
                connection.sendall(b"G")
                time.sleep(0.1)
    assert time.monotonic() - began < 5


def test_a_small_answer_is_not_held_back_until_its_head_is_acknowledged(
    owner: wiring.Owner, web: httpx.Client
) -> None:
    took = [web.get("/healthz").elapsed.total_seconds() for _ in range(40)]
    # Held back, each would take 40 ms; a loaded machine delays some, but never all of them.
    assert sorted(took)[10] < 0.03
