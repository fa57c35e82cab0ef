"""Jobs with limits on metrics and with several objectives, against a real server."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import dowse
from dowse import wiring
from dowse.config import Settings
from dowse.errors import InvalidInput, NotFound, Refused
from dowse.sdk.handles import Server

pytestmark = pytest.mark.acceptance

EXAMPLE = Path(__file__).parents[2] / "examples" / "native" / "tradeoff"
FEWER = ("limits: {trials: 24, parallel: 2}", "limits: {trials: 8, parallel: 2}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("data")
    settings = Settings(data_dir=data, python=sys.executable, grace_s=1.0)
    owner = wiring.Owner(settings, environ=os.environ)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOWSE_DATA_DIR", str(data))
        with dowse.connect() as found:
            yield found
    owner.close()


def begun(server: Server, file: str, *changes: tuple[str, str]) -> dowse.sdk.handles.Job:
    text = (EXAMPLE / file).read_text(encoding="utf-8")
    for old, new in (FEWER, *changes):
        assert old in text
        text = text.replace(old, new)
    return server.submit(text, folder=EXAMPLE)


def test_a_job_with_several_objectives_has_a_front_and_no_best(server: Server) -> None:
    job = begun(server, "tune.yaml").wait(60)
    document, front = job.document(), job.front()
    assert (document["state"], document["best"], job.best()) == ("succeeded", None, None)
    assert document["front"] == [one.number for one in front]
    assert document["ranking"][: len(front)] == document["front"]
    assert len(front) > 1
    values = [(one.objective, one.further["distances"]) for one in front]
    assert values == sorted(values, reverse=True)  # The less it costs, the worse it is.
    assert all(one.further["accuracy"] == one.objective for one in front)
    whole = job.hypervolume(accuracy=0.0, distances=400.0)
    part = job.hypervolume(accuracy=0.5, distances=400.0)
    assert whole is not None
    assert part is not None
    assert 0.0 < part < whole <= 400.0
    asked = server.client.importance(job.name, metric="distances")
    assert asked["metric"] == "distances"
    assert asked["parameters"][0]["name"] == "examples"
    with pytest.raises(
        InvalidInput, match=r"a metric that the job asks for \(accuracy, distances\)"
    ):
        server.client.dependence(job.name, "examples", metric="loss")
    with pytest.raises(InvalidInput, match=r"reference\.distances: is missing"):
        job.hypervolume(accuracy=0.5)
    with pytest.raises(NotFound, match="optimises accuracy and distances: it has a front"):
        job.best_flags()
    with pytest.raises(Refused, match="has 2 objectives"):
        job.confirm()


def test_the_best_trial_is_that_within_the_limits_and_goes_on_so(server: Server) -> None:
    job = begun(server, "limit.yaml").wait(60)
    best = job.best()
    assert best is not None
    assert best.further["distances"] <= 60
    kept = [one for one in job.trials() if one.further["distances"] <= 60]
    assert len(kept) < 8
    assert best.objective == max(one.objective or 0.0 for one in kept)
    assert {one["number"] for one in job.document()["trials"]} > set(job.document()["ranking"])
    further = job.extend(2, name="further").wait(60)
    assert further.document()["state"] == "succeeded"
    assert further.lineage()["inherited_best"]["trial"] == best.number
    hopeless = begun(server, "limit.yaml", ("<= 60", "<= 3"), ("within", "hopeless")).wait(60)
    assert hopeless.best() is None
    with pytest.raises(NotFound, match="no trial of hopeless-a-limit keeps distances <= 3 yet"):
        hopeless.best_flags()


def test_a_job_that_never_reports_what_it_is_limited_by_fails_with_its_name(server: Server) -> None:
    job = begun(server, "limit.yaml", ("distances <= 60", "seconds <= 60"), ("within", "lost"))
    assert job.wait(60).reason == "no_metric"
    assert job.message.startswith("no trial reported 'seconds': the program exited with 0")
