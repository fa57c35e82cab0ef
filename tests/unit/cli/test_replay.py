from typing import Any

from dowse.cli.replay import replay_lines


def a_check(agreement: str, **fields: Any) -> dict[str, Any]:
    check = {"event": 3, "trial": 1, "decision": "suggestion", "message": "", "drift": None}
    return {**check, "agreement": agreement, **fields}


def test_each_decision_has_a_line_and_what_cannot_be_checked_is_not_counted_as_equal() -> None:
    lines = list(
        replay_lines(
            [
                a_check("equal"),
                a_check("drift", trial=2, drift=0.0123, message="x is 1 and 2"),
                a_check("uncheckable", trial=3, decision="stop", message="no reports are kept"),
                a_check("differs", trial=4, decision="control", drift=0.5, message="y"),
            ]
        )
    )
    assert [line.split()[:3] for line in lines[1:5]] == [
        ["1", "suggestion", "equal"],
        ["2", "suggestion", "drift"],
        ["3", "stop", "not"],
        ["4", "control", "differs"],
    ]
    assert "drift of 0.012" in lines[2]
    assert lines[3].endswith("not checkable   no reports are kept")
    assert lines[-1] == "4 decisions: 1 equal, 1 with drift, 1 different, 1 not checkable"


def test_a_job_without_decisions_says_so() -> None:
    assert list(replay_lines([])) == ["nothing was decided by a suggester or a rule"]
