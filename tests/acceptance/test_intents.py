"""Submit, stop, pause and logs, as a person types them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.commands import Place, by_number, place_in

pytestmark = pytest.mark.acceptance

NAP = """
print("begins", flush=True)
report(1, score=float(P["X"]))
wait_for(os.environ["FLAGS"] + "/flag-go")
print("ends", flush=True)
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with place_in(tmp_path) as found:
        yield found


def test_a_submitted_job_is_followed_stopped_in_part_and_as_a_whole(place: Place) -> None:
    place.program(NAP, trials=3)
    begun = place.document("submit", "job.yaml", "--name", "s")
    assert (begun["name"], begun["state"] in ("queued", "running")) == ("s", True)
    log = place.start("logs", "-f", "s", "1")
    assert log.stdout is not None
    assert log.stdout.readline() == "begins\n"
    assert place.dowse("stop", "s", "1").stdout == "trial 1 of s is stopped\n"
    assert log.communicate()[0] == ""
    trial = by_number(place.document("jobs", "show", "s"))[1]
    assert (trial["state"], trial["reason"]) == ("stopped", "user")
    assert trial["objective"] == trial["parameters"]["x"]
    again = place.dowse("stop", "s", "1", code=2)
    assert again.stderr == "trial 1 of s is stopped: it is over\n"

    tagged = place.dowse("trials", "tag", "s", "1", "star", "too slow")
    assert tagged.stdout == "trial 1 of s: tags star, too slow\n"
    document = place.document("trials", "tag", "s", "1", "--remove", "too slow")
    assert document["tags"] == ["star"]
    assert "Tags: star" in place.dowse("trials", "show", "s", "1").stdout
    starred = place.document("trials", "list", "s", "--filter", "tag = star")["trials"]
    assert [one["number"] for one in starred] == [1]
    odd = place.dowse("trials", "tag", "s", "1", "a,b", code=2).stderr
    assert "add[0]: must be 1 to 64 letters without commas" in odd

    following = place.start("logs", "s", "--follow")
    paused = place.document("pause", "s", "--now")
    assert paused["intent"] == "pause_now"
    assert place.document("stop", "s")["intent"] == "cancel"
    lines = following.communicate()[0].splitlines()
    assert any("trial 1 stopped" in line and "on request" in line for line in lines)
    told = [event["event"]["kind"] for event in place.document("logs", "s")["events"]]
    assert told[0] == "job_submitted"
    assert place.dowse("stop", "s", code=2).stderr == "job s is cancelled: it is over\n"
    assert "has no trial 9" in place.dowse("logs", "s", "9", code=2).stderr
    assert place.document("logs", "s", "1")["text"] == "begins\n"
