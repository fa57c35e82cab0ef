"""Events as lines: what is shown, what is not, and each warning once."""

from typing import Any

from dowse.cli.lines import EventLines


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"number": 1, "time": 0.0, "event": {"kind": kind, **fields}}


def changed(after: str, **fields: Any) -> dict[str, Any]:
    known = {"trial": 3, "attempt": 1, "reason": None, "message": "", "objective": None}
    return event("trial_changed", after=after, before="running", **(known | fields))


def lines() -> EventLines:
    found = EventLines(["known"])
    found.metric = "accuracy"
    return found


def test_a_start_shows_the_parameters_that_were_suggested() -> None:
    shown = lines()
    assert shown.of(event("trial_suggested", trial=3, parameters={"lr": 0.5, "kind": "a"})) == []
    assert shown.of(changed("running")) == ["trial 3 started: lr=0.5  kind=a"]
    assert shown.of(changed("running", attempt=2)) == ["trial 3 started again (2): lr=0.5  kind=a"]


def test_an_end_shows_the_result_or_the_failure() -> None:
    assert lines().of(changed("succeeded", objective=0.25)) == ["trial 3 succeeded: accuracy 0.25"]
    assert lines().of(changed("failed", message="exit code 1")) == ["trial 3 failed: exit code 1"]


def test_a_trial_that_is_asked_to_end_makes_a_line_when_it_has() -> None:
    assert lines().of(changed("stopping", message="below the median")) == []
    assert lines().of(changed("stopped", message="below the median", objective=0.5)) == [
        "trial 3 stopped: accuracy 0.5: below the median"
    ]


def test_where_a_live_area_shows_the_rest_only_trouble_makes_lines() -> None:
    shown = lines()
    assert shown.of(changed("succeeded", objective=0.25), only_trouble=True) == []
    assert (
        shown.of(event("job_changed", after="running", message="", reason=None), only_trouble=True)
        == []
    )
    assert shown.of(changed("failed", message="x"), only_trouble=True) == ["trial 3 failed: x"]
    lost = changed("queued", reason="lost", message="attempt 1 was lost")
    assert shown.of(lost, only_trouble=True) == ["trial 3 will run again: attempt 1 was lost"]


def test_a_warning_that_was_shown_is_not_shown_again() -> None:
    submitted = event("job_submitted", dialect="native", warnings=["known", "new"])
    assert lines().of(submitted) == ["warning: new"]


def test_what_a_program_says_cannot_steer_the_terminal() -> None:
    (line,) = lines().of(changed("failed", message="\x1b[2Jgone\nnext"))
    assert line == "trial 3 failed:  [2Jgone next"


def test_a_job_that_rests_says_why() -> None:
    assert lines().of(event("job_changed", after="paused", message="", reason="interrupted")) == [
        "job paused (interrupted)"
    ]
    assert lines().of(
        event("job_changed", after="succeeded", message="all done", reason="trials_done")
    ) == ["job succeeded: all done"]
